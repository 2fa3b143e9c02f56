"""What comes before any intent: an answer to the question just asked, the wish for the postman, or for a list to keep.

"Tưới rẫy cà phê" is off topic for the model; after "what do you use the well for?" it is the answer.
"""

from __future__ import annotations

from actions.linking import CASE
from actions.picking import case_of_topic, named_case, unsure
from actions.pickup_wish import START, wishes_booking
from actions.turn import Reply, Turn
from bot.procedures import sheet

EXPLAIN = "action_explain_procedure"
LONGEST_ANSWER = 14  # words; a longer message is a new question
# These mean what they say, whatever was asked before.
_POLITE = frozenset({"greet", "thank"})
_NEVER = frozenset({"talk_to_human", "cancel", "abuse", "suspect_scam", "thank", "goodbye", "greet", "deny", "affirm"})


def preempt(turn: Turn) -> Reply | None:
    """Return the reply that hands the turn to another action; None when the intent's own action fits."""
    if turn.active_loop or not turn.text or turn.text.startswith("/"):
        return None
    if wishes_booking(turn):
        return Reply(then=START)
    if turn.intent in _POLITE and turn.entity("procedure"):
        return Reply(then=EXPLAIN)  # "chào cô, tôi muốn tách thửa": the greeting is no question
    if turn.intent in _NEVER:
        return None
    options = turn.slots.get("procedure_options") or []
    if options and len(turn.text.split()) <= LONGEST_ANSWER:
        asked_case = any(CASE in option for option in options)
        if unsure(turn) or (asked_case and named_case(turn, options)):
            return Reply(then=EXPLAIN)
    topic = turn.slots.get("procedure")
    if topic and sheet.wanted(turn.text):
        return Reply(then=EXPLAIN)
    return Reply(then=EXPLAIN) if case_of_topic(turn) else None
