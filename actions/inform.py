"""A bare piece of information outside of any form: a code, a number, a name, "cái thứ 2"."""

from __future__ import annotations

from actions.account_problems import PROBLEM, answer_problem
from actions.base import TurnAction
from actions.dossier_finding import begin
from actions.dossier_reading import gives_factor, is_no_code
from actions.general_questions import general_answer
from actions.linking import chosen_again, link, needed
from actions.picking import picked, pressed
from actions.pickup_service import mends_booking
from actions.procedures import explain, offer
from actions.service import UNDERSTOOD, misunderstood
from actions.turn import Reply, Turn
from bot.dossiers.answers.status import QUESTIONS
from bot.pickups import numbers


class Inform(TurnAction):
    """Does the obvious with what was given; asks when nothing is."""

    action_name = "action_inform"

    def answer(self, turn: Turn) -> Reply:
        """Choose an option, look a dossier or a booking up, or explain the procedure that is named."""
        aspect = turn.slots.get("aspect") or "overview"
        if str(turn.slots.get("pending") or "").startswith(PROBLEM) and (turn.entity("ordinal") or "").isdecimal():
            return answer_problem(turn, int(turn.entity("ordinal") or 0)).and_slots(UNDERSTOOD)
        if turn.entity("dossier_code"):
            return _look_up(turn)
        choice = pressed(turn) or picked(turn)
        if choice:
            return explain(turn, choice, aspect).and_slots(UNDERSTOOD)
        if gives_factor(turn):
            return _look_up(turn)
        if is_no_code(turn):
            return Reply(slots={"dossier_question": "status", "dossier_code": None, **UNDERSTOOD}, then="dossier_form")
        if turn.entity("booking_code") or numbers.looks_mistyped(turn.text) or mends_booking(turn):
            return Reply(slots=dict(UNDERSTOOD), then="action_pickup_service")
        if _names_a_place(turn):
            return Reply(then="action_place")
        # What was asked and not found before ("lệ phí?" – "thủ tục gì ạ?" – "kết hôn") is answered now.
        if general := general_answer(turn):
            return general
        linked = needed(turn) or link(turn)
        chosen = linked.best or chosen_again(turn, linked)
        if chosen:
            return explain(turn, chosen.code, aspect).and_slots(UNDERSTOOD)
        if linked.choices and not turn.entity("person"):
            return offer(turn, linked.choices, aspect).and_slots(UNDERSTOOD)
        if turn.entity("commune"):
            return Reply(then="action_place")
        return misunderstood(turn, "inform_unclear")


def _names_a_place(turn: Turn) -> bool:
    """Return whether a message picks one of the places just offered, or is the name of a commune and nothing else."""
    if len(turn.slots.get("unit_options") or []) > 1 and (turn.entity("ordinal") or turn.entity("commune")):
        return True
    spans = [(e.get("start", 0), e.get("end", 0)) for e in turn.entities if e["entity"] == "commune"]
    return any(turn.text[:start].strip() == turn.text[end:].strip(" .,!") == "" and end > start for start, end in spans)


def _look_up(turn: Turn) -> Reply:
    """Return the answer about a dossier, or hand over to the form that asks for what is missing."""
    reply = begin(turn, QUESTIONS[0]).and_slots(UNDERSTOOD)
    reply.then = reply.then or "dossier_form"
    return reply
