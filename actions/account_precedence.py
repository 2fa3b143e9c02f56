"""What comes before any intent where accounts are concerned: the answer to what was just asked, and moves in a guide.

"Mất rồi", "tui 68 tuổi" and "bước 5" are off topic for the model; right after a question they are not.
"""

from __future__ import annotations

import re

from actions import account_problems, guiding, readiness
from actions.general_questions import general_answer
from actions.turn import LISTEN, Reply, Turn
from bot.accounts import moves, problem_matching, problems, runs_codes
from bot.accounts.guides import guides
from bot.key_phrases import plain

# What the model makes of some messages that surely tell of a problem; each only with the words that leave no doubt.
_LOST = frozenset({"nlu_fallback", "out_of_scope", "inform"})
_ABOUT_ACCOUNTS = frozenset(
    {
        "tai_khoan", "ung_dung", "muc_2", "muc_0", "passcode", "otp", "nfc", "kich_hoat", "chua_kich_hoat",
        "da_kich_hoat", "khong_kich_hoat_duoc", "may_cu", "sim", "chinh_chu", "thong_minh", "cuc_gach",
        "khong_dien_thoai",
    }
)  # fmt: skip
_REQUIREMENTS = "ask_account_requirements"
_NEW = "create_account"
# Problem → the words that must be there (all of them) → the intents that then give way.
_TAKEN_FOR: dict[str, dict[str, frozenset[str]]] = {
    "level_2_slow": {
        "muc_2": frozenset({"check_dossier", "ask_dossier_late", _REQUIREMENTS}),
        "lam_mat lau": frozenset({_NEW}),
    },
    "level_0": {"muc_0": frozenset({_NEW, _REQUIREMENTS}), "dich": frozenset({_NEW})},
    "lending": {
        "muon": frozenset({_NEW, _REQUIREMENTS}),
        "ho tai_khoan": frozenset({"ask_procedure_proxy"}),
        "cua_nguoi": frozenset({_NEW}),
        "nho ho": frozenset({_NEW}),
    },
    "wrong_data": {"ung_dung": frozenset({"deny", "correct_previous", _NEW})},
    "already_activated": {"da_kich_hoat bao": frozenset({_NEW}), "da_kich_hoat khong": frozenset({_NEW})},
    "activation_expired": {"qua_han": frozenset({_NEW, _REQUIREMENTS})},
    "new_number": {"so_cu": frozenset({"ask_new_unit", _REQUIREMENTS}), "doi_so": frozenset({_REQUIREMENTS})},
    "new_phone": {"may_moi": frozenset({_NEW})},
    "new_phone_old_gone": {"mat_hu may_cu": frozenset({_NEW}), "mat_hu dien_thoai": frozenset({_NEW})},
    "no_otp": {"otp": frozenset({"repeat", "deny"})},
    "nfc": {"nfc khong": frozenset({_NEW})},
    "sim_not_own": {
        "chinh_chu sim": frozenset({"correct_previous", "deny"}),
        "chinh_chu so": frozenset({"correct_previous", "deny"}),
    },
    "locked": {"ung_dung": frozenset({"ask_procedure_duration"})},
    "no_phone": {"khong_dien_thoai": frozenset({_REQUIREMENTS}), "cuc_gach": frozenset({_REQUIREMENTS})},
}
_ELSEWHERE = re.compile(r"\b(?:facebook|fb|zalo|tiktok|gmail|atm|momo|ngan hang|nguoi khac|chong cu|vo cu)\b")
# Whoever begins has no trouble yet.
_BEGINS = re.compile(r"\b(?:chua (?:tung|co|biet)|bat dau|bat tay|lan dau|tu dau)\b")
# "Được không", "bao lâu": what is needed, and no trouble yet; the fixed answers know.
_ASKS_WHETHER = re.compile(
    r"\b(?:duoc khong|duoc chu|co can|phai khong|bao lau|may (?:ngay|bua)|dung khong|thoi han|co duoc)\b"
)
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
    """Answer a message that surely tells of a problem and that the model takes for something else."""
    sure = problems.surely(turn.text)
    if guiding.pressed(turn) or turn.entity("phone") or sure < account_problems.LIKELY:
        return None
    problem = problems.recognise(turn.text)
    found = problem_matching.read(turn.text).found
    if problem is None or general_answer(turn):
        return None  # "bà không xài điện thoại thông minh thì nộp sao": where to go is a general question
    if turn.intent in _LOST:
        clear = sure >= account_problems.SURE and found & _ABOUT_ACCOUNTS and not _ELSEWHERE.search(plain(turn.text))
        return account_problems.opened(turn, problem) if clear else None
    if turn.intent == _REQUIREMENTS and problem.id != "lending" and _ASKS_WHETHER.search(plain(turn.text)):
        return None
    if turn.intent == _NEW and _BEGINS.search(plain(turn.text)):
        return None
    ways = _TAKEN_FOR.get(problem.id, {})
    gives_way = any(set(words.split()) <= found and turn.intent in intents for words, intents in ways.items())
    return account_problems.opened(turn, problem) if gives_way else None
