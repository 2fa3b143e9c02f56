"""A bare piece of information outside of any form: a code, a number, a name, "cái thứ 2"."""

from __future__ import annotations

from actions.accounts import PROBLEM, answer_problem
from actions.base import Reply, Turn, TurnAction
from actions.dossiers import gives_factor
from actions.pickup_service import mends_booking
from actions.procedures import chosen_again, explain, link, needed, offer, pressed_code
from actions.service import UNDERSTOOD, misunderstood
from bot.pickups import numbers
from bot.text import digits

LONGEST_WEEKDAY = 8


class Inform(TurnAction):
    """Does the obvious with what was given; asks when nothing is."""

    action_name = "action_inform"

    def answer(self, turn: Turn) -> Reply:
        """Choose an option, look a dossier or a booking up, or explain the procedure that is named."""
        aspect = turn.slots.get("aspect") or "overview"
        if str(turn.slots.get("pending") or "").startswith(PROBLEM) and (turn.entity("ordinal") or "").isdecimal():
            return answer_problem(turn, int(turn.entity("ordinal") or 0)).and_slots(UNDERSTOOD)
        if turn.entity("dossier_code"):
            return Reply(slots={"dossier_question": "status", **UNDERSTOOD}, then="dossier_form")
        code = pressed_code(turn) or ordinal(turn, turn.slots.get("procedure_options") or [])
        if code:
            return explain(turn, code, aspect).and_slots(UNDERSTOOD)
        if gives_factor(turn):
            return Reply(slots=dict(UNDERSTOOD), then="dossier_form")
        if turn.entity("booking_code") or numbers.looks_mistyped(turn.text):
            return Reply(then="action_pickup_service")
        if mends_booking(turn):
            return Reply(slots=dict(UNDERSTOOD), then="action_pickup_service")
        if len(turn.slots.get("unit_options") or []) > 1 and (turn.entity("ordinal") or turn.entity("commune")):
            return Reply(then="action_place")
        # What was asked and not found before ("lệ phí?" – "thủ tục gì ạ?" – "kết hôn") is answered now.
        linked = needed(turn) or link(turn)
        chosen = linked.best or chosen_again(turn, linked)
        if chosen:
            return explain(turn, chosen.code, aspect).and_slots(UNDERSTOOD)
        if linked.choices and not turn.entity("person"):
            return offer(linked.choices, aspect).and_slots(UNDERSTOOD)
        if turn.entity("commune"):
            return Reply(then="action_place")
        return misunderstood(turn, "inform_unclear")


def ordinal(turn: Turn, options: list[str]) -> str | None:
    """Return the option that "2", "cái đầu" or "cuối" names; None when there is none."""
    if not options:
        return None
    said = turn.entity("ordinal")
    if said is None and len(turn.text) < LONGEST_WEEKDAY and turn.entity("date"):
        said = digits(turn.text)  # "thứ 2" is a Monday elsewhere; here it can only be the second choice
    if not said:
        return None
    index = len(options) if said == "last" else int(said) if said.isdecimal() else 0
    return options[index - 1] if 0 < index <= len(options) else None
