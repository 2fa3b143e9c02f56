"""Dead letters and what waits: for the people who run this. No text and no name of anybody is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.conversation.models import DEAD, OutboxMessage


@dataclass(frozen=True)
class Queue:
    """How many messages of a channel are in a state, and since when the oldest."""

    channel: str
    state: str
    number: int
    oldest: datetime


@dataclass(frozen=True)
class Letter:
    """A message that nobody could be given."""

    id: int
    conversation_id: int
    channel: str
    kind: str
    state: str
    reason: str | None
    attempts: int
    created_at: datetime


def queues(session: Session) -> list[Queue]:
    """Return what waits, goes, is held back and is dead, by channel."""
    rows = session.execute(
        select(OutboxMessage.channel, OutboxMessage.state, func.count(), func.min(OutboxMessage.created_at))
        .where(OutboxMessage.state.in_(("pending", "sending", "held", *DEAD)))
        .group_by(OutboxMessage.channel, OutboxMessage.state)
        .order_by(OutboxMessage.channel, OutboxMessage.state)
    )
    return [Queue(*row) for row in rows]


def dead(session: Session, limit: int = 50) -> list[Letter]:
    """Return the newest dead letters."""
    rows = session.execute(
        select(OutboxMessage).where(OutboxMessage.state.in_(DEAD)).order_by(OutboxMessage.id.desc()).limit(limit)
    ).scalars()
    return [
        Letter(
            row.id,
            row.conversation_id,
            row.channel,
            str((row.custom or {}).get("kind")),
            row.state,
            row.reason,
            row.attempts,
            row.created_at,
        )
        for row in rows
    ]


def retry(session: Session, letter: int) -> bool:
    """Let a dead letter be tried once more; False when it is none.

    It is given up again at once where four hours have passed, unless it goes through.
    """
    revived = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == letter, OutboxMessage.state.in_(DEAD))
        .values(state="pending", due_at=None, tried=None)
        .execution_options(synchronize_session=False)
    )
    return bool(revived.rowcount)
