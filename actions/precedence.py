"""What comes before any intent: an answer to the question just asked, the wish for the postman, or for a list to keep.

"Tưới rẫy cà phê" is off topic for the model; after "what do you use the well for?" it is the answer.
"""

from __future__ import annotations

import re

from actions.linking import CASE
from actions.picking import case_of_topic, for_age, named_case, said_case, unsure
from actions.pickup_wish import START, wishes_booking
from actions.turn import Reply, Turn
from bot.normalise import normal_text
from bot.procedures import ages, deeds, search, sheet
from bot.procedures.known import find

EXPLAIN = "action_explain_procedure"
GUARD, INFORM = "action_guard", "action_inform"
# Questions about a procedure that the model takes for others, unless these words say that it is right.
_TAKEN_FOR = {
    "ask_dossier_late": re.compile(
        r"\b(?:ho so|hen|phieu|bien nhan|ket qua|ma so|da nop|nop .{0,20}roi|nop roi|cho (?:hoai|mai)|doi hoai|lau qua"
        r"|chua|tra (?:tre|cham)|may ngay roi|moi co)\b"
    ),
    "ask_account_requirements": re.compile(
        r"\b(?:vneid|dinh danh|tai khoan|muc (?:do )?\w+|app|ung dung|otp|passcode|mat khau|kich hoat|cong dich vu"
        r"|dang nhap|dang ky|sim|nguoi nuoc ngoai|tam tru|thuong tru|ho chieu)\b"
    ),
}
LONGEST_ANSWER = 14  # words; a longer message is a new question
# These mean what they say, whatever was asked before.
_POLITE = frozenset({"greet", "thank"})
_NEVER = frozenset({"talk_to_human", "cancel", "abuse", "suspect_scam", "thank", "goodbye", "greet", "deny", "affirm"})


def preempt(turn: Turn, action: str = "") -> Reply | None:
    """Return the reply that hands the turn to another action than this one; None when it fits."""
    if action == START or turn.active_loop or not turn.text or turn.text.startswith("/"):
        return None
    if wishes_booking(turn):
        return Reply(then=START)
    if action == EXPLAIN:
        return None
    if turn.intent in _POLITE and turn.entity("procedure"):
        return Reply(then=EXPLAIN)  # "chào cô, tôi muốn tách thửa": the greeting is no question
    options = turn.slots.get("procedure_options") or []
    if options and ages.only(turn.text) and for_age(turn, options):
        return Reply(then=EXPLAIN)  # "bé nhà em 8t" right after a choice, whatever it reads like
    if action == GUARD and turn.intent == "emergency" and ages.only(turn.text):
        return Reply(then=INFORM)  # no danger is told: only how old somebody is
    if turn.intent in _NEVER:
        return None
    if options and len(turn.text.split()) <= LONGEST_ANSWER:
        asked_case = any(CASE in option for option in options)
        if unsure(turn) or (asked_case and named_case(turn, options)):
            return Reply(then=EXPLAIN)
    if _is_about_procedure(turn):
        return Reply(then=EXPLAIN)
    topic = turn.slots.get("procedure")
    if topic and sheet.wanted(turn.text):
        return Reply(then=EXPLAIN)
    return Reply(then=EXPLAIN) if case_of_topic(turn) else None


def _is_about_procedure(turn: Turn) -> bool:
    """Return whether a message taken for another matter surely asks about a procedure.

    "Khai sinh trễ hạn" is a case of it and no dossier that is late; "căn cước hết hạn có phải đổi không" is no account.
    """
    others = _TAKEN_FOR.get(turn.intent)
    if others is None or turn.slots.get("guide") or turn.slots.get("dossier_code") or turn.entity("dossier_code"):
        return False
    best = None if others.search(normal_text(turn.text)) else search.link(turn.session, turn.text).best
    known = find(turn.session, best.code) if best else None
    if turn.intent == "ask_dossier_late":
        return known is not None and said_case(turn, known) is not None
    return known is not None and bool(deeds.of_question(turn.text) & deeds.specific())
