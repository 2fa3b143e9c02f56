"""What was accepted and is put to use: everyday names into the catalogue, items marked as learnt, answers to write."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from bot.learning.models import ReviewItem
from bot.procedures import more_aliases


def waiting(session: Session) -> dict[str, int]:
    """Return how many different messages were accepted and are not in use yet, by label."""
    rows = session.execute(
        select(ReviewItem.label, func.count(ReviewItem.shape.distinct()))
        .where(ReviewItem.state == "accepted")
        .group_by(ReviewItem.label)
    )
    return {label: int(count) for label, count in rows}


def names(session: Session, until: datetime | None = None) -> list[tuple[str, str]]:
    """Return the everyday names that were learnt, each with the procedure's code.

    `until`: those too that were accepted until then and are not in use yet.
    """
    in_use = ReviewItem.state == "trained"
    wanted = or_(in_use, _accepted_until(until)) if until is not None else in_use
    values = session.execute(
        select(ReviewItem.value).where(ReviewItem.label == "alias", wanted).distinct().order_by(ReviewItem.value)
    ).scalars()
    return [(code, name) for code, _, name in (value.partition(" ") for value in values)]


def add_names(session: Session, until: datetime | None = None) -> int:
    """Give procedures these names; returns how many are new.

    Content that changed has taken its procedures' names away: those in use come back at each load.
    """
    return sum(more_aliases.add(session, code, name) for code, name in names(session, until))


def mark(session: Session, until: datetime) -> int:
    """Mark intents and names that were accepted until then as in use; returns how many messages that are.

    What was accepted while the model was trained is in none, and waits for the next one.
    """
    done = session.execute(
        update(ReviewItem)
        .where(_accepted_until(until), ReviewItem.label.in_(("intent", "alias")))
        .values(state="trained")
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)


def _accepted_until(until: datetime) -> Any:
    return and_(ReviewItem.state == "accepted", ReviewItem.decided_at <= until)


def proposals(session: Session) -> str:
    """Return the answers that were proposed, as a file for those who write the content; "" when there is none."""
    rows = session.execute(
        select(ReviewItem.shape, ReviewItem.value, func.count(ReviewItem.id), func.min(ReviewItem.text))
        .where(ReviewItem.label == "answer", ReviewItem.state == "accepted")
        .group_by(ReviewItem.shape, ReviewItem.value)
        .order_by(func.count(ReviewItem.id).desc(), ReviewItem.shape)
    ).all()
    if not rows:
        return ""
    lines = [
        "# Câu trả lời nhân viên đề nghị. Kiểm tra với nguồn rồi mới đưa vào general_questions.yml.",
    ]
    for _, answer, count, text in rows:
        lines += ["", f"- asked: {_quoted(text)}", f"  times: {count}", "  proposed: |-"]
        lines += [f"    {line}" for line in answer.split("\n")]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return "'" + " ".join(text.split()).replace("'", "''") + "'"
