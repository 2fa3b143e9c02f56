"""Actions about one dossier: the form that finds and proves it, and what is shown or done once it is proved."""

from __future__ import annotations

from actions import dossier_reading as reading
from actions.base import TurnAction
from actions.dossier_finding import (
    SENT,
    SENT_TOO_OFTEN,
    STOPPED,
    WRONG,
    begin,
    find_and_prove,
    shown,
    sms_is_there,
)
from actions.stopping import wants_to_stop
from actions.turn import Reply, Turn
from bot.dossiers import proof
from bot.dossiers.answers import asking
from bot.dossiers.answers.status import QUESTIONS

_TRIED = (WRONG, SENT, SENT_TOO_OFTEN)  # as the action before the form found out


class AskDossier(TurnAction):
    """Opens a question about a dossier: answers at once what can be, else the form finds and proves it."""

    action_name = "action_ask_dossier"

    def answer(self, turn: Turn) -> Reply:
        """Remember the question; a factor of an earlier one no longer counts."""
        return begin(turn, reading.asked(turn) or QUESTIONS[0])


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
        return Reply(slots=find_and_prove(turn))


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
        return shown(turn)
