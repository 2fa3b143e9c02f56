"""Finding and proving a dossier out of a message, and what is said or done then; the form stands on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions import dossier_reading as reading
from actions.dossier_reading import REQUESTS
from actions.turn import LISTEN, Reply, Turn
from bot.dossiers import lookup, proof
from bot.dossiers.answers import asking, following, particular, requests
from bot.dossiers.answers.status import QUESTIONS, show
from bot.dossiers.notices import subscriptions
from bot.dossiers.proof import Result, one_time_codes
from bot.dossiers.proof.one_time_codes import Asked
from bot.messages import Message
from bot.settings import settings

# What the slot dossier_question may hold beside QUESTIONS and the particular ones: what is to be done once the dossier
# is proved.
STOPPED = "stopped"  # the citizen has stopped the form
SUBSCRIBE = "subscribe"
# What the slot dossier_factor may hold; never the factor itself.
PROVED, LOCKED, WRONG, SENT, SENT_TOO_OFTEN = "proved", "locked", "wrong", "sent", "sent_too_often"
STILL_LOCKED = "still_locked"  # nothing was tried just now: the lock is known already
# Once a dossier was shown, a procedure that was talked of before is the topic no more: "bao nhiêu tiền?" asks about it.
ON_THE_TABLE: dict[str, Any] = {"procedure": None, "procedure_options": None}


def begin(turn: Turn, question: str) -> Reply:
    """Return the answer if code and proof are there; else what the form needs to go on (nothing is tried twice)."""
    fresh = replace(
        turn, slots={**turn.slots, "dossier_question": question, "dossier_factor": None}, requested_slot=None
    )
    slots = find_and_prove(fresh)
    if slots.pop("requested_slot") is not None:
        return Reply(slots=slots)
    if slots["dossier_factor"] == PROVED:  # found out by us just now, not read from a slot
        said = for_the_owner(turn, slots["dossier_code"], slots["dossier_question"])
        return Reply([said], {**_done(slots["dossier_code"]), **ON_THE_TABLE}, then=_goes_on(turn))
    reply = shown(replace(fresh, slots={**fresh.slots, **slots}))
    reply.then = _goes_on(turn)
    return reply


def _goes_on(turn: Turn) -> str:
    """Return what follows an answer: inside a booking its form asks on, else we wait for the next message."""
    return turn.active_loop if turn.active_loop == "pickup_form" else LISTEN


def find_and_prove(turn: Turn) -> dict[str, Any]:
    """Return the slots of the form as this message fills them; none for a message that is no answer."""
    starting = turn.requested_slot is None
    named = reading.named_code(turn)
    other = named is None and reading.wants_another(turn)
    code = named or (None if other else reading.topic(turn) or reading.only_one(turn))
    by_sms = turn.entity("factor") == asking.BY_SMS and sms_is_there()
    factor = reading.factor(turn, named is not None) if code and not by_sms else None
    asked = reading.asked(turn)
    if asked is None and (named or turn.intent in reading.ANSWERS) and not turn.entity("procedure"):
        asked = reading.particular(turn)  # "mã đây, bao giờ có?"; what another action answers is left to it
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
        return STILL_LOCKED if proof.locked(turn.session, turn.asker, code) else None
    results = {Result.PROVED: PROVED, Result.LOCKED: LOCKED, Result.WRONG: WRONG}
    return results[proof.prove(turn.session, turn.asker, code, factor).result]


def _send(turn: Turn, code: str) -> str:
    asked = one_time_codes.ask(turn.session, turn.asker, code)
    return SENT if asked is Asked.ON_ITS_WAY else SENT_TOO_OFTEN


def shown(turn: Turn) -> Reply:
    """Show the dossier of the slots, the lock, or that nothing fits; the code stays the topic."""
    code = reading.topic(turn)
    done = _done(code)
    question = str(turn.slots.get("dossier_question") or "")
    if question == STOPPED:
        return Reply([asking.stopped()], done)
    if code is None:
        return Reply([asking.ask_code()], done)
    if proof.proved(turn.session, turn.asker, code):
        return Reply([for_the_owner(turn, code, question)], {**done, **ON_THE_TABLE})
    lock = proof.locked(turn.session, turn.asker, code) or proof.braked(turn.session)
    by_sms = sms_is_there()
    if lock is None:
        return Reply([asking.not_found(code, by_sms=by_sms)], done)
    if turn.slots.get("dossier_factor") == STILL_LOCKED and question != QUESTIONS[0]:
        return Reply([asking.still_locked(lock, code, question, by_sms=by_sms)], done)
    return Reply([asking.locked(lock, code, by_sms=by_sms)], done)


def _done(code: str | None) -> dict[str, Any]:
    """Return the slots after an answer: the dossier stays the topic, proof and question are over."""
    return {"dossier_code": code, "dossier_factor": None, "dossier_question": None}


def for_the_owner(turn: Turn, code: str, question: str) -> Message:
    """Return the answer to a proven asker: notices switched on, a ticket opened, or the status shown."""
    if question == SUBSCRIBE:
        return follow(turn, code)
    if topic := REQUESTS.get(question):
        return requests.opened(turn.session, turn.conversation_id, topic, code, proven=True)
    view = lookup.view(turn.session, code)
    if view is None:
        return asking.not_found(code)
    followed = subscriptions.is_following(turn.session, turn.asker, code)
    if said := particular.answer(view, question, followed=followed):
        return said
    history = lookup.history(turn.session, code) if question == "timeline" else None
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
    return None if slots["dossier_factor"] in (PROVED, LOCKED, STILL_LOCKED) else "dossier_factor"
