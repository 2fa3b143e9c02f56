"""What is decided about messages that say the same: an intent, a procedure's everyday name, an answer, or nothing.

What is accepted changes nothing yet: `motcua train --review` makes a model of it, compares, and asks.
"""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.learning.groups import Group
from bot.learning.intents import INTENTS
from bot.learning.masked import mask
from bot.learning.models import ReviewItem
from bot.procedures import more_aliases
from bot.staff.accounts import Member
from bot.text import clean

LONGEST_ANSWER = 2_000  # characters


class LearningError(ValueError):
    """A label that cannot be given; the text is one sentence for the editor."""


def accept_intent(session: Session, group: Group, intent: str, member: Member) -> int:
    """Say what the messages of a group mean; returns how many there are. Raises LearningError."""
    if intent not in INTENTS:
        raise LearningError("Anh/chị chọn một ý trong danh sách.")
    return _decide(session, group, member, "accepted", "intent", intent)


def accept_alias(session: Session, group: Group, code: str, alias: str, member: Member) -> int:
    """Say which procedure people mean by some words of theirs. Raises LearningError."""
    alias = " ".join(clean(alias).split())
    if problem := more_aliases.may_be_added(session, code, alias):
        raise LearningError(problem)
    if mask(alias) != alias:
        raise LearningError("Tên gọi không được có tên người, số điện thoại hay mã số.")
    return _decide(session, group, member, "accepted", "alias", f"{code} {alias}")


def accept_answer(session: Session, group: Group, answer: str, member: Member) -> int:
    """Propose an answer; editors write it into the content. Raises LearningError."""
    answer = clean(answer)
    if not answer:
        raise LearningError("Câu trả lời đang trống.")
    if len(answer) > LONGEST_ANSWER:
        raise LearningError(f"Câu trả lời dài quá {LONGEST_ANSWER} ký tự.")
    return _decide(session, group, member, "accepted", "answer", answer)


def reject(session: Session, group: Group, member: Member) -> int:
    """Say that nothing is to be learnt from the messages of a group."""
    return _decide(session, group, member, "rejected", None, None)


def reopen(session: Session, group: Group, member: Member) -> int:
    """Take a decision back that is not in a model yet. Raises LearningError."""
    states = set(session.execute(select(ReviewItem.state).where(ReviewItem.id == group.id)).scalars())
    if not states <= {"accepted", "rejected"}:
        raise LearningError("Câu này đã vào mô hình rồi, không mở lại được.")
    return _decide(session, group, member, "open", None, None, before=states.pop() if states else "accepted")


def _decide(
    session: Session,
    group: Group,
    member: Member,
    state: str,
    label: str | None,
    value: str | None,
    *,
    before: str = "open",
) -> int:
    done = session.execute(
        update(ReviewItem)
        .where(ReviewItem.shape == group.shape, ReviewItem.state == before)
        .values(
            state=state,
            label=label,
            value=value,
            decided_by=None if state == "open" else member.id,
            decided_at=None if state == "open" else clock.now(),
        )
        .execution_options(synchronize_session=False)
    ).rowcount
    if not done:
        raise LearningError("Nhóm này vừa có người khác xử lý, anh/chị tải lại trang.")
    return int(done)
