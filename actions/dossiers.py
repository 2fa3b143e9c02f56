"""Actions about one dossier: the form that finds and proves it, and what is shown or done once it is proved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions import dossier_reading as reading
from actions.base import TurnAction
from actions.dossier_reading import REQUESTS
from actions.stopping import wants_to_stop
from actions.turn import LISTEN, Reply, Turn
from bot.dossiers import lookup, proof
from bot.dossiers.answers import asking, following, requests
from bot.dossiers.answers.status import QUESTIONS, show
from bot.dossiers.notices import subscriptions
from bot.dossiers.proof import Result, one_time_codes
from bot.dossiers.proof.one_time_codes import Asked
from bot.messages import Message
from bot.settings import settings

# What the slot dossier_question may hold beside QUESTIONS: what is to be done once the dossier is proved.
STOPPED = "stopped"  # the citizen has stopped the form
SUBSCRIBE = "subscribe"
# What the slot dossier_factor may hold; never the factor itself.
PROVED, LOCKED, WRONG, SENT, SENT_TOO_OFTEN = "proved", "locked", "wrong", "sent", "sent_too_often"
_TRIED = (WRONG, SENT, SENT_TOO_OFTEN)  # as the action before the form found out


class AskDossier(TurnAction):
    """Opens a question about a dossier: answers at once what can be, else the form finds and proves it."""

    action_name = "action_ask_dossier"

    def answer(self, turn: Turn) -> Reply:
        """Remember the question; a factor of an earlier one no longer counts."""
        return begin(turn, reading.asked(turn) or QUESTIONS[0])


def begin(turn: Turn, question: str) -> Reply:
    """Return the answer if code and proof are there; else what the form needs to go on (nothing is tried twice)."""
    fresh = replace(
        turn, slots={**turn.slots, "dossier_question": question, "dossier_factor": None}, requested_slot=None
    )
    slots = _find_and_prove(fresh)
    if slots.pop("requested_slot") is not None:
        return Reply(slots=slots)
    if slots["dossier_factor"] == PROVED:  # found out by us just now, not read from a slot
        shown = _for_the_owner(turn, slots["dossier_code"], slots["dossier_question"])
        return Reply([shown], _done(slots["dossier_code"]), then=LISTEN)
    reply = ShowDossier().answer(replace(fresh, slots={**fresh.slots, **slots}))
    reply.then = LISTEN
    return reply


class ValidateDossierForm(TurnAction):
    """Fills both slots of the form in one go, for one message may hold code and factor.

    It says nothing itself: the asking actions and `action_show_dossier` speak, out of the slots set here.
    A message that is no answer sets nothing: then Rasa rejects the form and the rule for its intent answers.
    """

    action_name = "validate_dossier_form"

    def answer(self, turn: Turn) -> Reply:
        """Read code and factor, try them, and say which slot is asked next."""
        starting = turn.requested_slot is None
        if not starting and turn.intent != "cancel" and wants_to_stop(turn.text):
            return Reply(slots={"dossier_question": STOPPED, "requested_slot": None})
        if starting and turn.slots.get("dossier_factor") in _TRIED:
            return Reply(slots={"requested_slot": "dossier_factor"})
        return Reply(slots=_find_and_prove(turn))


def _find_and_prove(turn: Turn) -> dict[str, Any]:
    """Return the slots of the form as this message fills them; none for a message that is no answer."""
    starting = turn.requested_slot is None
    named = reading.named_code(turn)
    other = named is None and reading.wants_another(turn)
    code = named or (None if other else reading.topic(turn) or reading.only_one(turn))
    by_sms = turn.entity("factor") == asking.BY_SMS and sms_is_there()
    factor = reading.factor(turn, named is not None) if code and not by_sms else None
    asked = reading.asked(turn)
    if not (starting or named or other or factor or asked or reading.look_alike(turn)):
        return {}
    slots: dict[str, Any] = {
        "dossier_question": asked or turn.slots.get("dossier_question") or QUESTIONS[0],
        "dossier_code": code,
        "dossier_factor": None,
    }
    if code:
        slots["dossier_factor"] = _send(turn, code) if by_sms else _try(turn, code, factor)
    slots["requested_slot"] = _next(slots)
    return slots


def _try(turn: Turn, code: str, factor: str | None) -> str | None:
    if proof.proved(turn.session, turn.asker, code):
        return PROVED
    if factor is None:
        return LOCKED if proof.locked(turn.session, turn.asker, code) else None
    results = {Result.PROVED: PROVED, Result.LOCKED: LOCKED, Result.WRONG: WRONG}
    return results[proof.prove(turn.session, turn.asker, code, factor).result]


def _send(turn: Turn, code: str) -> str:
    asked = one_time_codes.ask(turn.session, turn.asker, code)
    return SENT if asked is Asked.ON_ITS_WAY else SENT_TOO_OFTEN


class AskDossierCode(TurnAction):
    """Asks for the code, explains what was given in its place, or offers the dossiers the asker has proved."""

    action_name = "action_ask_dossier_form_dossier_code"

    def answer(self, turn: Turn) -> Reply:
        """Ask for the dossier's code."""
        seen = reading.look_alike(turn)
        own = [] if seen or reading.wants_another(turn) else proof.mine(turn.session, turn.asker)
        return Reply([asking.which(own) if own else asking.ask_code(seen)])


class AskDossierFactor(TurnAction):
    """Asks for the second factor; after a wrong one, or once a code is on its way, it says so instead."""

    action_name = "action_ask_dossier_form_dossier_factor"

    def answer(self, turn: Turn) -> Reply:
        """Ask for the second factor."""
        code, became = reading.topic(turn) or "", turn.slots.get("dossier_factor")
        if became == WRONG:
            return Reply([asking.not_found(code, by_sms=sms_is_there())], {"dossier_factor": None})
        if became in (SENT, SENT_TOO_OFTEN):
            return Reply([asking.code_sent(code, too_often=became != SENT)], {"dossier_factor": None})
        braked = proof.braked(turn.session) is not None
        return Reply([asking.ask_proof(code, by_sms=sms_is_there(), braked=braked)])


class ShowDossier(TurnAction):
    """Does what was asked about the dossier, for those alone who have proved it: the slot is never trusted."""

    action_name = "action_show_dossier"

    def answer(self, turn: Turn) -> Reply:
        """Show the dossier, the lock, or that nothing fits; the code stays the topic."""
        code = reading.topic(turn)
        done = _done(code)
        question = str(turn.slots.get("dossier_question") or "")
        if question == STOPPED:
            return Reply([asking.stopped()], done)
        if code is None:
            return Reply([asking.ask_code()], done)
        if proof.proved(turn.session, turn.asker, code):
            return Reply([_for_the_owner(turn, code, question)], done)
        lock = proof.locked(turn.session, turn.asker, code) or proof.braked(turn.session)
        by_sms = sms_is_there()
        said = asking.locked(lock, code, by_sms=by_sms) if lock else asking.not_found(code, by_sms=by_sms)
        return Reply([said], done)


def _done(code: str | None) -> dict[str, Any]:
    """Return the slots after an answer: the dossier stays the topic, proof and question are over."""
    return {"dossier_code": code, "dossier_factor": None, "dossier_question": None}


def _for_the_owner(turn: Turn, code: str, question: str) -> Message:
    """Return the answer to a proven asker: notices switched on, a ticket opened, or the status shown."""
    if question == SUBSCRIBE:
        return follow(turn, code)
    if topic := REQUESTS.get(question):
        return requests.opened(turn.session, turn.conversation_id, topic, code, proven=True)
    view = lookup.view(turn.session, code)
    if view is None:
        return asking.not_found(code)
    history = lookup.history(turn.session, code) if question == "timeline" else None
    followed = subscriptions.is_following(turn.session, turn.asker, code)
    return show(view, question if question in QUESTIONS else QUESTIONS[0], history=history, followed=followed)


def follow(turn: Turn, code: str) -> Message:
    """Switch notices on for an asker who has proved the dossier."""
    subscriptions.subscribe(
        turn.session, asker=turn.asker, code=code, channel=turn.channel, conversation_id=turn.conversation_id
    )
    return following.subscribed(code)


def sms_is_there() -> bool:
    """Return whether one-time codes can be sent: an SMS gateway is set."""
    return settings().sms_url is not None


def _next(slots: dict[str, Any]) -> str | None:
    if slots["dossier_code"] is None:
        return "dossier_code"
    return None if slots["dossier_factor"] in (PROVED, LOCKED) else "dossier_factor"
