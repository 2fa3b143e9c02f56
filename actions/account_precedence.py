"""What comes before any intent where accounts are concerned: the answer to what was just asked, and moves in a guide.

"Mất rồi", "tui 68 tuổi" and "bước 5" are off topic for the model; right after a question they are not.
"""

from __future__ import annotations

import re

from actions import account_problems, guiding, readiness
from actions.turn import LISTEN, Reply, Turn
from bot.accounts import moves, problem_matching, problems, runs_codes
from bot.accounts.guides import guides
from bot.key_phrases import plain

# What is told of an account surely is answered, whatever the model takes it for; these need words that say so.
_BY_WORDS = {
    "talk_to_human": re.compile(
        r"\b(?:gap|nhan vien|nguoi that|can bo|tong dai|noi (?:chuyen|voi)|cho (?:\w+ )?noi)\b"
    ),
    "emergency": re.compile(
        r"\b(?:cap cuu|dang chay|chay nha|tai nan|giet|tu tu|dot quy|ngat xiu|bat coc|danh nhau|cuu nguoi|11[345])\b"
    ),
    "suspect_scam": re.compile(
        r"\b(?:goi|lua|gia danh|mao danh|xung|link|duong dan|doc ma|dua ma|doc otp|chuyen tien|chuyen khoan"
        r"|nguoi la|so la|du|dua|bon no"
        r"|tui no|thang|nghe loi|hoang mang|quet mat|cai app|lay can cuoc|theo loi|lo cho|xin mat khau)\b"
    ),
}
# Who is about one of these, and names no account, is not on about one: "không có smartphone thì trả phí sao".
_LOST = frozenset({"nlu_fallback", "out_of_scope"})
_OTHER_BUSINESS = (
    "pay_", "book_", "change_", "cancel_", "track_", "check_", "withdraw_", "subscribe_", "unsubscribe_",
    "ask_postal", "report_delivery", "thank", "goodbye", "greet",
)  # fmt: skip
_ELSEWHERE = re.compile(r"\b(?:facebook|fb|zalo|tiktok|gmail|email|atm|momo|ngan hang|wifi|icloud)\b")
_ANYWHERE = frozenset({"payment_not_shown"})  # banks and wallets belong to it
_OURS_BY_NAME = re.compile(r"\b(?:vneid|dinh danh|dich vu cong|muc (?:[12]|mot|hai)|passcode|kich hoat)\b")
# What somebody else asked last is answered by them.
_OURS = (guiding.PAUSED, account_problems.PROBLEM, account_problems.FIX, readiness.PENDING)


def account_first(turn: Turn) -> Reply | None:
    """Return the answer; None when the intent's own action fits. Inside a form only a resume code counts."""
    if not turn.text or turn.text.startswith("/"):
        return None
    if turn.active_loop:
        reply = guiding.coded(turn) if runs_codes.find(turn.text) else None
        if reply is not None:
            reply.leave_form, reply.then = bool(reply.slots), LISTEN
        return reply
    pending = str(turn.slots.get("pending") or "")
    ours = not pending or pending.startswith(_OURS)
    if not ours and not guiding.pressed(turn):
        return guiding.coded(turn)
    reply = (
        guiding.coded(turn)
        or readiness.answered(turn)
        or account_problems.answered(turn)
        or _stuck(turn)
        or guiding.move(turn)
        or _told(turn)
    )
    if reply is not None and reply.messages:
        reply.then = reply.then or LISTEN
    return reply


def _stuck(turn: Turn) -> Reply | None:
    """Open the problem that people at this step of the guide most likely have, for a bare "không được"."""
    found = guiding.under_way(turn)
    wanted = moves.read(turn.text) if found and not guiding.pressed(turn) else None
    if found is None or wanted is None or wanted.kind != "stuck":
        return None
    step = guides()[found[0].goal].steps[found[0].number - 1]
    known = problems.problems().get(step.problem or "")
    return account_problems.opened(turn, known) if known else None


def _told(turn: Turn) -> Reply | None:
    """Answer a message that surely tells of a problem, whatever the model takes it for."""
    if guiding.pressed(turn) or turn.entity("phone"):
        return None
    problem = problems.told(turn.text) or (problems.likely(turn.text) if turn.intent in _LOST else None)
    if problem is None:
        return None
    said = plain(turn.text)
    if (
        turn.intent.startswith(_OTHER_BUSINESS)
        and problem.id not in _ANYWHERE
        and not problem_matching.read(turn.text).about_account
    ):
        return None
    if problem.id == "payment_not_shown" and turn.intent == "report_payment_problem":
        return None  # its own action knows the portal's words, too
    if problem.id == "no_phone" and not _OURS_BY_NAME.search(said):
        return None  # how to hand in papers without one is answered among the general questions
    if turn.intent == "send_feedback" and not _OURS_BY_NAME.search(said):
        return None  # "app lag quá" is said of us, too
    firm = _BY_WORDS.get(turn.intent)
    if firm is not None and firm.search(said):
        return None
    if problem.id not in _ANYWHERE and _ELSEWHERE.search(said) and not _OURS_BY_NAME.search(said):
        return None
    return account_problems.opened(turn, problem)
