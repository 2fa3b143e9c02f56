"""Actions about dossiers: the form that finds and proves one, its status, and questions around it."""

from __future__ import annotations

from typing import Any

from actions.base import TurnAction
from actions.stopping import wants_to_keep, wants_to_stop
from actions.turn import Reply, Turn
from bot.dossiers import answers, codes, lookup, proof
from bot.dossiers.codes import LookAlike
from bot.dossiers.proof import Result, factors
from bot.dossiers.status_answer import QUESTIONS, show
from bot.text import fold

STOPPED = "stopped"  # what the slot dossier_question holds when the citizen stops the form
PROVED, LOCKED, WRONG = "proved", "locked", "wrong"  # what the slot dossier_factor may hold
ASKED_BY_INTENT = {
    "check_dossier": "status",
    "ask_dossier_late": "late",
    "ask_dossier_supplement": "supplement",
}
# Intents under which a text may be the answer to what the form asks; under all others it is a new question.
ANSWERS = frozenset({"inform", "nlu_fallback", "out_of_scope", "correct_previous", "", *ASKED_BY_INTENT})
FREE_WORDS = frozenset({"inform", "nlu_fallback", "out_of_scope", ""})
COMMANDS = frozenset({"cancel", "deny", "affirm", "help", "talk_to_human", "goodbye", "thank", "emergency"})
ANOTHER = ("ho so khac", "hs khac", "hso khac", "ma khac", "bo khac", "bo ho so khac")


class AskDossier(TurnAction):
    """Opens a question about a dossier: remembers what is asked; the form then finds and proves it."""

    action_name = "action_ask_dossier"

    def answer(self, turn: Turn) -> Reply:
        """Remember the question; a factor of an earlier one no longer counts."""
        asked = ASKED_BY_INTENT.get(turn.intent, QUESTIONS[0])
        return Reply(slots={"dossier_question": asked, "dossier_factor": None})


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
        named = _named_code(turn)
        other = named is None and _wants_another(turn)
        code = named or (None if other else _topic(turn))
        factor = _factor(turn, named is not None) if code else None
        asked = ASKED_BY_INTENT.get(turn.intent)
        if not (starting or named or other or factor or asked or _look_alike(turn)):
            return Reply()
        slots: dict[str, Any] = {
            "dossier_question": asked or turn.slots.get("dossier_question") or QUESTIONS[0],
            "dossier_code": code,
            "dossier_factor": self._try(turn, code, factor) if code else None,
        }
        slots["requested_slot"] = _next(slots)
        return Reply(slots=slots)

    def _try(self, turn: Turn, code: str, factor: str | None) -> str | None:
        if proof.proved(turn.session, turn.asker, code):
            return PROVED
        if factor is None:
            return LOCKED if proof.locked(turn.session, turn.asker, code) else None
        results = {Result.PROVED: PROVED, Result.LOCKED: LOCKED, Result.WRONG: WRONG}
        return results[proof.prove(turn.session, turn.asker, code, factor).result]


class AskDossierCode(TurnAction):
    """Asks for the code, or explains what was given in its place."""

    action_name = "action_ask_dossier_form_dossier_code"

    def answer(self, turn: Turn) -> Reply:
        """Ask for the dossier's code."""
        return Reply([answers.ask_code(_look_alike(turn))])


class AskDossierFactor(TurnAction):
    """Asks for the second factor; after a wrong one it says so instead."""

    action_name = "action_ask_dossier_form_dossier_factor"

    def answer(self, turn: Turn) -> Reply:
        """Ask for the second factor."""
        if turn.slots.get("dossier_factor") == WRONG:
            return Reply([answers.not_found()], {"dossier_factor": None})
        return Reply([answers.ask_proof(_topic(turn) or "")])


class ShowDossier(TurnAction):
    """Says where the dossier stands, to those alone who have proved it: the slot is never trusted."""

    action_name = "action_show_dossier"

    def answer(self, turn: Turn) -> Reply:
        """Show the dossier, the lock, or that nothing fits; the code stays the topic."""
        code = _topic(turn)
        done = {"dossier_code": code, "dossier_factor": None, "dossier_question": None}
        if turn.slots.get("dossier_question") == STOPPED:
            return Reply([answers.stopped()], done)
        if code is None:
            return Reply([answers.ask_code()], done)
        if proof.proved(turn.session, turn.asker, code):
            view = lookup.view(turn.session, code)
            question = turn.slots.get("dossier_question")
            asked = question if question in QUESTIONS else QUESTIONS[0]
            return Reply([show(view, asked) if view else answers.not_found()], done)
        lock = proof.locked(turn.session, turn.asker, code)
        return Reply([answers.locked(lock.retry_after_s) if lock else answers.not_found()], done)


class DossierService(TurnAction):
    """Answers what is asked around dossiers: where the code stands, withdrawing, notices."""

    action_name = "action_dossier_service"

    def answer(self, turn: Turn) -> Reply:
        """Answer by intent."""
        code = _named_code(turn) or _topic(turn)
        if turn.slots.get("pending") == "withdraw_dossier" and wants_to_keep(turn.text):
            return Reply([answers.kept()], {"pending": None})
        if turn.intent == "withdraw_dossier":
            return Reply([answers.withdraw(code)], {"pending": "withdraw_dossier", "dossier_code": code})
        if turn.intent in ("subscribe_dossier", "unsubscribe_dossier"):
            stop = turn.intent == "unsubscribe_dossier"
            return Reply([answers.notices(code, stop=stop)], {"dossier_code": code})
        return Reply([answers.code_help(codes.look_alike(turn.text))])


def gives_factor(turn: Turn) -> bool:
    """Return whether a bare message looks like the second factor of the dossier we talk about.

    `action_inform` sends such a message on to the form, so that a late "1234" is not lost.
    """
    return _topic(turn) is not None and factors.bare(turn.text) is not None


def _next(slots: dict[str, Any]) -> str | None:
    if slots["dossier_code"] is None:
        return "dossier_code"
    return None if slots["dossier_factor"] in (PROVED, LOCKED) else "dossier_factor"


def _topic(turn: Turn) -> str | None:
    return codes.normalise(str(turn.slots.get("dossier_code") or ""))


def _named_code(turn: Turn) -> str | None:
    entity = turn.entity("dossier_code")
    if entity and (code := codes.normalise(entity)):
        return code
    found = codes.find(turn.text)
    return found[0].code if found else None


def _wants_another(turn: Turn) -> bool:
    if turn.entity("dossier_code") == answers.OTHER:
        return True
    text = fold(turn.text)
    return turn.intent in ANSWERS and any(phrase in text for phrase in ANOTHER)


def _look_alike(turn: Turn) -> LookAlike | None:
    """Return what was given instead of a code, if the message is meant as an answer."""
    asked = turn.requested_slot in (None, "dossier_code")
    return codes.look_alike(turn.text) if asked and turn.intent in ANSWERS else None


def _shouts(turn: Turn) -> bool:
    """Return whether a lone word is in capitals, as slips print their secret, and is no command."""
    return turn.text.isupper() and turn.intent not in COMMANDS


def _factor(turn: Turn, with_code: bool) -> str | None:
    """Return the second factor in the message, or None: strict, or a question would count as a wrong try."""
    if found := factors.named(turn.text):
        return found
    asked = turn.requested_slot == "dossier_factor" or (turn.requested_slot is None and turn.intent == "inform")
    found = factors.bare(turn.text) if asked or with_code else None
    if found and (not factors.is_word(found) or turn.intent in FREE_WORDS or _shouts(turn)):
        return found
    return factors.among_words(turn.text) if with_code or (asked and turn.intent in ANSWERS) else None
