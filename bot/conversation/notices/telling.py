"""What all notices share: a notice and its message are one transaction, so that a crash neither loses nor doubles one.

The conversation is locked first, as in a turn: two processes never tell the same thing, and numbers stay in order.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from prometheus_client import Counter
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from bot import clock
from bot.db.engine import Database

log = logging.getLogger(__name__)

AT_ONCE = 100  # notices looked at in one go
_LOCK = text("SELECT id FROM conversations WHERE id = :id FOR UPDATE SKIP LOCKED")


class Waiting(Protocol):
    """A notice that waits."""

    @property
    def id(self) -> int:
        """Its number, for the log."""


W = TypeVar("W", bound=Waiting)


def tell_each(database: Database, waiting: Iterable[W], tell: Callable[[Session, W], bool]) -> int:
    """Settle notices one by one, each in its own transaction; returns how many were told."""
    told = 0
    for notice in waiting:
        try:
            with database.unit_of_work() as session:
                told += tell(session, notice)
        except Exception as error:  # one that cannot be told must not hold up the others
            log.error("notice %d was not told, trying again: %s", notice.id, type(error).__name__)
    return told


def hold(session: Session, conversation_id: int, *, locking: bool) -> bool:
    """Lock a conversation; False while a turn or another process has it. SQLite has one writer, and we are it."""
    return not locking or session.execute(_LOCK, {"id": conversation_id}).first() is not None


def settle(session: Session, notice: Any, state: str, settled: Counter) -> bool:
    """Give a waiting notice its final state; False when another process already has. Only "told" counts as told."""
    table = type(notice)
    done = session.execute(
        update(table)
        .where(table.id == notice.id, table.state == "waiting")
        .values(state=state, settled_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if done.rowcount:
        settled.labels(state).inc()
    return bool(done.rowcount) and state == "told"
