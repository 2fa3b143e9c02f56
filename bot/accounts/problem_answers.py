"""What is said about a problem: the checking question, the fix, the second way, and that it is solved."""

from __future__ import annotations

from prometheus_client import Counter

from bot.accounts.problems import Problem, problems
from bot.accounts.wording import MAY_DIFFER, SCAM, told_by
from bot.messages import Button, Message, button, lines, say

COMMON = ("forgot_password", "forgot_passcode", "no_otp", "new_phone")
DONE, NOT_YET = "Được rồi", "Chưa được"
LONGEST_SUMMARY = 600
_TALK = button("Gặp nhân viên", "talk_to_human")
_BEGIN = button("Hướng dẫn làm mức 2", "create_account")
_FILE = button("Cách nộp hồ sơ", "file_online")
_ONCE_MORE = (
    "Khởi động lại máy, cập nhật VNeID bản mới rồi làm lại đúng thứ tự trên",
    "Vẫn kẹt thì nhớ giúp em dòng chữ máy đang báo",
)
_TOLD = Counter("motcua_account_problems", "Problems with accounts, by what became of them", ["problem", "event"])


def count(problem: Problem, event: str) -> None:
    """Count what became of a problem: asked, first, second, solved, person."""
    _TOLD.labels(problem.id, event).inc()


def unknown() -> Message:
    """Return the question where somebody is stuck, with what is asked most."""
    text = f"Dạ, anh/chị bị kẹt ở chỗ nào ạ? Màn hình đang báo gì, anh/chị chép lại dòng chữ đó giúp em.\n{SCAM}"
    offered = [choice(problems()[name].title, name) for name in COMMON]
    return say("account_problem", text, *offered, _TALK, problem="unknown", step=1)


def question(problem: Problem) -> Message:
    """Return the checking question of a problem."""
    offered = [choice(option.title, option.problem) for option in problem.options]
    return say("account_problem", f"Dạ. {problem.ask}", *offered, _TALK, problem=problem.id, step=1)


def fix(problem: Problem, *, via: str = "", step: int = 1) -> Message:
    """Return the first way, and whether it helped; `via` is the problem whose checking question led here."""
    first = f"Dạ, {_lower(problem.title)} thì anh/chị làm thế này:"
    return _way(problem, first, problem.fix, (problem.as_of, problem.tag), 1, via, step)


def second(problem: Problem, *, via: str = "", step: int = 2) -> Message:
    """Return the second way; where the facts give none, the first once more, carefully."""
    first = "Dạ, vậy anh/chị thử cách này giúp em:"
    if problem.second is None:
        return _way(problem, first, _ONCE_MORE, ("11/2026", "X"), 2, via, step)
    return _way(problem, first, problem.second.do, (problem.second.as_of, problem.second.tag), 2, via, step)


def payment(message: Message, problem: Problem) -> Message:
    """Return the fixed answer about a payment with the question whether it is there by now."""
    buttons = (*outcome_buttons(problem, 1), *message.buttons)
    fields = {**message.fields, "problem": problem.id, "step": 1}
    return say("info", f"{message.text}\nĐược chưa ạ?", *buttons, **fields)


def solved(problem: Problem) -> Message:
    """Return that it works now, and what one may want next."""
    text = "Dạ, tốt quá ạ. Anh/chị cần gì thêm cứ nhắn em."
    buttons = [*([_BEGIN] if problem.guide else []), _FILE, _TALK]
    return say("info", text, *buttons, topic="account_problem_solved", problem=problem.id)


def summary(problem: Problem, via: str = "") -> str:
    """Return for the ticket what the problem is and what was tried; nothing about the person."""
    asked = problems().get(via)
    answered = next((o.title for o in asked.options if o.problem == problem.id), "") if asked else ""
    parts = [
        f"Sự cố tài khoản: {problem.title} ({problem.id}).",
        f"Đã hỏi: {asked.ask} Trả lời: {answered}." if asked and answered else "",
        f"Đã thử cách 1: {'; '.join(problem.fix)}.",
        f"Đã thử cách 2: {'; '.join(problem.second.do if problem.second else _ONCE_MORE)}.",
        "Cả hai chưa được.",
    ]
    text = " ".join(part for part in parts if part)
    return text if len(text) <= LONGEST_SUMMARY else f"{text[: LONGEST_SUMMARY - 1]}…"


def choice(title: str, problem: str) -> Button:
    """Return the button that opens a problem."""
    return button(title, "report_account_problem", account_problem=problem)


def outcome_buttons(problem: Problem, way: int, via: str = "") -> tuple[Button, Button]:
    """Return the two answers to "does it work now?"; they say themselves what was tried, so that none grows old."""
    state = f"{problem.id}:{way}:{via}"
    return (
        button(DONE, "report_account_problem", solved=f"{state}:yes"),
        button(NOT_YET, "report_account_problem", solved=f"{state}:no"),
    )


def _way(
    problem: Problem, first: str, do: tuple[str, ...], source: tuple[str, str], way: int, via: str, step: int
) -> Message:
    note = f"(Thông tin: {told_by(*source)}; {MAY_DIFFER}.)"
    text = lines(first, list(do), f"{SCAM}\n{note}\nĐược chưa ạ?")
    begin = [_BEGIN] if problem.guide and way == 1 else []
    buttons = (*outcome_buttons(problem, way, via), *begin, _TALK)
    return say("account_problem", text, *buttons, problem=problem.id, step=step)


def _lower(title: str) -> str:
    """Return a title inside a sentence; abbreviations ("SIM") keep their capitals."""
    return title if title.split(" ")[0].isupper() else title[0].lower() + title[1:]
