"""What comes before any intent where accounts are concerned: the answer to what was just asked, and moves in a guide.

"Mất rồi", "tui 68 tuổi" and "bước 5" are off topic for the model; right after a question they are not.
"""

from __future__ import annotations

import re

from actions import account_hearing, account_problems, guiding, readiness
from actions.general_questions import general_answer
from actions.turn import LISTEN, Reply, Turn
from bot.accounts import moves, problem_matching, problems, runs_codes
from bot.accounts.guides import guides
from bot.dossiers import codes
from bot.key_phrases import plain

# What is surely told of an account is answered, whatever the model takes it for; these need words that say so.
_BY_WORDS = {
    "talk_to_human": re.compile(
        r"\b(?:gap|nhan vien|nguoi that|can bo|tong dai|noi (?:chuyen|voi)|cho (?:\w+ )?noi|tu van vien)\b"
    ),
    "emergency": re.compile(
        r"\b(?:cap cuu|dang chay|chay nha|tai nan|giet|tu tu|dot quy|ngat xiu|bat coc|danh nhau|cuu nguoi|11[345])\b"
    ),
    "suspect_scam": re.compile(
        r"\b(?:goi|lua|gia danh|mao danh|xung|link|duong dan|(?:doc|dua) ma|doc otp|chuyen (?:tien|khoan)|nguoi la"
        r"|so la|du|bon no|tui no|thang|nghe loi|theo loi|hoang mang|quet mat|cai app|lay can cuoc|lo cho"
        r"|xin mat khau)\b"
    ),
}
# Who is about one of these, and names no account, is not on about one: "không có smartphone thì trả phí sao".
_OTHER_BUSINESS = (
    "pay_", "book_", "change_", "cancel_", "track_", "check_", "withdraw_", "subscribe_", "unsubscribe_", "ask_postal",
    "report_delivery", "thank", "goodbye", "greet", "next_step", "previous_step",
)  # fmt: skip
_LOST = frozenset({"nlu_fallback", "out_of_scope"})  # the model places them nowhere
_ELSEWHERE = re.compile(
    r"\b(?:facebook|fb|zalo|tiktok|gmail|email|atm|momo|ngan hang|wifi|icloud|vssid|vss|e ?tax|thue dien tu)\b"
)
_PAYMENT, _NO_PHONE = "payment_not_shown", "no_phone"  # to the first one banks and wallets belong
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
    if codes.find(turn.text):
        return None  # a dossier is asked about
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
    problem = account_hearing.likely(turn) if turn.intent in _LOST else account_hearing.told(turn)
    if problem is None or _belongs_elsewhere(turn, problem.id) or _means_what_it_says(turn):
        return None
    return account_problems.opened(turn, problem)


def _belongs_elsewhere(turn: Turn, problem: str) -> bool:
    """Return whether another answer fits better, or another account is spoken of."""
    if problem == _PAYMENT:
        return turn.intent == "report_payment_problem"  # its own action knows the portal's words, too
    if turn.intent.startswith(_OTHER_BUSINESS) and not problem_matching.read(turn.text).about_account:
        return True
    said = plain(turn.text)
    if _OURS_BY_NAME.search(said):
        return False
    if turn.intent == "send_feedback" or _ELSEWHERE.search(said):
        return True  # "app lag quá" is said of us, too
    return problem == _NO_PHONE and general_answer(turn) is not None  # how to hand in papers without one


def _means_what_it_says(turn: Turn) -> bool:
    """Return whether the words, too, speak for an intent that comes first."""
    firm = _BY_WORDS.get(turn.intent)
    return firm is not None and bool(firm.search(plain(turn.text)))
