"""What is said about accounts: steps of a guide, fixes, fixed answers. Never is a secret asked for."""

from __future__ import annotations

from bot.accounts.guides import DEFAULT, Guide, Step, drawing, guides, links, related
from bot.accounts.topics import choose
from bot.accounts.wording import MAY_DIFFER, SCAM, told_by
from bot.messages import MOST_BUTTONS, Button, Message, button, lines, say
from bot.text import capital

__all__ = [
    "MAY_DIFFER", "SCAM", "foreigner", "guide_done", "guide_offer", "guide_step", "topic_answer",
]  # fmt: skip
_TALK = button("Gặp nhân viên", "talk_to_human")
_BEGIN = button("Hướng dẫn làm mức 2", "create_account")
_FILE = button("Cách nộp hồ sơ", "file_online")


def guide_step(goal: str, number: int, before: str = "", code: str | None = None) -> Message:
    """Return a step of a guide (from 1); `before` is said first. Raises KeyError for an unknown goal.

    A number outside the guide is taken as its first or last step. `code` is the resume code of the run: the page of
    the guide shows it.
    """
    guide = guides()[goal]
    of = len(guide.steps)
    number = max(1, min(number, of))
    step = guide.steps[number - 1]
    head = f"{progress(number, of)}\n{step.title}:"
    if number == 1 and not before:
        before = f"Dạ, mình {guide.title} nhé. {guide.intro}"
    first = f"{before}\n{head}" if before else head
    tail = [f"Xong bước này khi: {step.see}", f"Nếu vướng: {step.if_not}"]
    if step.warn:
        tail.append(SCAM)
    tail.append(_source(step))
    buttons = [button("Xong" if number == of else "Tiếp", "next_step")]
    if number > 1:
        buttons.append(button("Quay lại", "previous_step"))
    if step.problem:
        buttons.append(_choice("Bị vướng", step.problem))
    width, height = drawing.size(step.screen)
    image = {
        "url": links.picture(guide, step),
        "alt": step.screen.alt,
        "media_type": drawing.MEDIA_TYPES["png"],
        "width": width,
        "height": height,
    }
    return say(
        "account_guide",
        lines(first, list(step.do), "\n".join(tail)),
        *buttons,
        _TALK,
        goal=goal,
        step=number,
        of=of,
        title=step.title,
        image=image,
        page=links.page(goal, number, code),
    )


def progress(number: int, of: int) -> str:
    """Return how far somebody is, for channels that draw nothing: "Bước 3/7 ●●●○○○○"."""
    return f"Bước {number}/{of} {'●' * number}{'○' * (of - number)}"


def guide_done(goal: str) -> Message:
    """Return the end of a guide: done, and what now: the guides that people often need next, and how to file."""
    guide = _guide(goal)
    offered = [button(capital(other.title), "create_account") for other in related(guide)]
    buttons = [*offered[: MOST_BUTTONS - 2], _FILE, _TALK]
    return say("info", guide.done, *buttons, topic="account_guide_done")


def guide_offer() -> Message:
    """Return the offer to start, for a "tiếp" or "quay lại" without a guide."""
    text = "Dạ, mình chưa mở hướng dẫn nào. Anh/chị muốn em chỉ từng bước làm tài khoản VNeID mức 2 không ạ?"
    return say("info", text, button("Bắt đầu", "create_account"), _TALK, topic="account_guide_offer")


def foreigner() -> Message:
    """Return what a foreigner should know: a person looks at it."""
    return topic_answer("account_requirements", "người nước ngoài")


def topic_answer(topic: str, text: str) -> Message:
    """Return the fixed answer of a topic that fits `text`; raises KeyError for an unknown topic."""
    answer = choose(topic, text)
    said = f"{answer.text}\n(Thông tin: {told_by(answer.as_of, answer.tag)}.)"
    if topic == "account_requirements":
        said = f"{said}\n{SCAM}"
    beginning = topic in ("account_requirements", "file_online") and not answer.staff
    buttons = [_BEGIN, _TALK] if beginning else [_TALK]
    return say("info", said, *buttons, topic=topic)


def _guide(goal: str) -> Guide:
    return guides().get(goal) or guides()[DEFAULT]


def _choice(title: str, problem: str) -> Button:
    return button(title, "report_account_problem", account_problem=problem)


def _source(step: Step) -> str:
    return f"(Thông tin: {told_by(step.as_of, step.tag)}; {MAY_DIFFER}.)"
