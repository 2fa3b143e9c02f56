"""What is said about a run: paused, where it stands, take your time, a code that leads nowhere."""

from __future__ import annotations

from bot import clock
from bot.accounts.answers import SCAM
from bot.accounts.guides import guides
from bot.accounts.models import GuideRun
from bot.accounts.runs import Place
from bot.accounts.runs_codes import DAYS
from bot.messages import Message, button, say

_TALK = button("Gặp nhân viên", "talk_to_human")
_AGAIN = button("Xem lại bước này", "repeat")
_GO_ON = button("Làm tiếp", "resume_task")


def paused(place: Place, run: GuideRun) -> Message:
    """Return that the place is kept, and how to go on, here or elsewhere."""
    where, of = _where(place)
    text = (
        f"Dạ, em giữ chỗ ở {where}.\n"
        "- Làm tiếp ở đây: nhắn “tiếp tục hướng dẫn”\n"
        f"- Làm tiếp ở máy khác, kênh khác: gửi mã {run.code}\n"
        f"Mã giữ được đến {clock.to_vietnam(run.code_expires_at):%d/%m/%Y}, chỉ mở lại hướng dẫn này."
    )
    return say(
        "info", text, _GO_ON, _TALK,
        topic="account_guide_paused", code=run.code, goal=place.goal, step=place.number, of=of,
    )  # fmt: skip


def where(place: Place) -> Message:
    """Return at which step somebody is, and how many follow."""
    said, of = _where(place)
    left = of - place.number
    rest = f"còn {left} bước nữa là xong" if left else "đây là bước cuối"
    return say(
        "info", f"Dạ, mình đang ở {said}; {rest} ạ.", button("Tiếp", "next_step"), _AGAIN, _TALK,
        topic="account_guide_where", goal=place.goal, step=place.number, of=of,
    )  # fmt: skip


def wait(place: Place) -> Message:
    """Return that there is no hurry, and what helps when the step does not work."""
    step = guides()[place.goal].steps[place.number - 1]
    stuck = [button("Bị vướng", "report_account_problem", account_problem=step.problem)] if step.problem else []
    text = f"Dạ, anh/chị cứ từ từ, em chờ. Xong bước này khi: {step.see}\nNếu vướng: {step.if_not}"
    if step.warn:
        text = f"{text}\n{SCAM}"
    return say(
        "info", text, button("Xong rồi", "next_step"), *stuck, _AGAIN, _TALK,
        topic="account_guide_wait", goal=place.goal, step=place.number,
    )  # fmt: skip


def stuck(place: Place) -> Message:
    """Return what helps at a step that has no known problem of its own, and the question what the screen says."""
    step = guides()[place.goal].steps[place.number - 1]
    text = f"Dạ, ở bước này nếu vướng: {step.if_not}\nChưa được thì anh/chị chép giúp em dòng chữ máy đang báo.\n{SCAM}"
    return say("account_problem", text, _AGAIN, _TALK, problem="unknown", step=1)


def changed(place: Place) -> str:
    """Return the sentence for somebody whose guide was changed in the middle; empty when it was not."""
    if place.moved:
        gone = "Dạ, hướng dẫn này vừa được sửa, bước anh/chị đang làm không còn nữa"
        return f"{gone} nên mình làm tiếp từ bước {place.number}."
    return "Dạ, hướng dẫn này vừa được sửa lại một chút, mình vẫn làm tiếp nhé." if place.changed else ""


def unknown_code(code: str) -> Message:
    """Return that a code leads nowhere, and that nothing is lost."""
    text = (
        f"Dạ, em không tìm thấy mã {code}: mã gõ chưa đúng, hoặc đã quá {DAYS} ngày. "
        "Anh/chị xem lại mã giúp em; không có thì mình mở lại hướng dẫn, đến bước nào em chỉ bước đó."
    )
    return say("info", text, button("Mở hướng dẫn", "create_account"), _TALK, topic="account_guide_code")


def _where(place: Place) -> tuple[str, int]:
    guide = guides()[place.goal]
    of = len(guide.steps)
    return f"bước {place.number}/{of} ({guide.steps[place.number - 1].title})", of
