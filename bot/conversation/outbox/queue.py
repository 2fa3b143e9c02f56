"""The outbox as a queue: what a sender takes, and what becomes of each message.

One message a person at a time, oldest first, so that nobody reads an answer before its beginning. A message that a dead
process had taken is taken again after a minute; only its parts that were not noted as sent go out twice.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from prometheus_client import Counter
from sqlalchemy import bindparam, column, text
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation.transcript import Line, shown_buttons
from bot.conversation.ways import Way
from bot.db.base import Json, UtcDateTime

TRIED_FOR = timedelta(hours=4)  # an answer that comes later helps nobody; then it is a dead letter
STUCK_AFTER = timedelta(seconds=60)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=15)

ENDED = Counter("motcua_outbox", "Messages out by channel and what became of them", ["channel", "state"])

# The row lock of PostgreSQL; SQLite has one writer, and we are it.
_DUE = """
    SELECT o.id, o.conversation_id, o.address_id, o.inbox_id, o.seq, o.text, o.custom, o.buttons, o.parts_done,
           o.attempts, o.created_at, o.tried, a.sender
    FROM outbox o
    JOIN addresses a ON a.id = o.address_id
    WHERE o.state = 'pending' AND o.channel = :channel AND (o.due_at IS NULL OR o.due_at <= :now)
      AND NOT EXISTS (
          SELECT 1 FROM outbox e
          WHERE e.address_id = o.address_id AND e.id < o.id AND e.state IN ('pending', 'sending')
      )
    ORDER BY o.id LIMIT :most
    """
_COLUMNS = (
    *(column(name) for name in ("id", "conversation_id", "address_id", "inbox_id", "seq", "text")),
    column("custom", Json),
    column("buttons", Json),
    *(column(name) for name in ("parts_done", "attempts")),
    column("created_at", UtcDateTime()),
    column("tried", Json),
    column("sender"),
)


def _at(sql: str) -> Any:
    return text(sql).bindparams(
        *(bindparam(name, type_=UtcDateTime()) for name in ("now", "due_at", "before") if f":{name}" in sql)
    )


_TAKE = {True: _at(_DUE).columns(*_COLUMNS), False: _at(f"{_DUE} FOR UPDATE OF o SKIP LOCKED").columns(*_COLUMNS)}
_ANY = _at(
    "SELECT 1 FROM outbox WHERE state = 'pending' AND channel = :channel AND (due_at IS NULL OR due_at <= :now) LIMIT 1"
)
_CLAIM = _at("UPDATE outbox SET state = 'sending', claimed_at = :now WHERE id = :id")
_PART = _at("UPDATE outbox SET parts_done = :done, claimed_at = :now WHERE id = :id AND state = 'sending'")
_END = _at(
    "UPDATE outbox SET state = :state, reason = :reason, platform_id = :platform_id, sent_at = :now "
    "WHERE id = :id AND state = 'sending'"
)
_AGAIN = _at(
    "UPDATE outbox SET state = 'pending', attempts = :attempts, reason = :reason, due_at = :due_at "
    "WHERE id = :id AND state = 'sending'"
)
_OTHER_WAY = text(
    "UPDATE outbox SET state = :state, channel = :channel, address_id = :address_id, reason = :reason, tried = :tried, "
    "parts_done = 0, due_at = NULL WHERE id = :id AND state = 'sending'"
).bindparams(bindparam("tried", type_=Json))
_STALE = _at(
    "UPDATE outbox SET state = 'expired', reason = 'stale' WHERE state = 'pending' AND channel = :channel "
    "AND attempts = 0 AND reason IS NULL "
    "AND inbox_id IN (SELECT id FROM inbox WHERE done_at <= :before)"
)
_STUCK = _at(
    "UPDATE outbox SET state = 'pending', reason = 'stuck' "
    "WHERE state = 'sending' AND channel = :channel AND claimed_at <= :before"
)
_BLOCKED = _at("UPDATE addresses SET blocked_at = :now WHERE id = :id AND blocked_at IS NULL")


@dataclass(frozen=True)
class Taken:
    """A message that this process delivers now."""

    id: int
    conversation_id: int
    address_id: int
    to: str
    line: Line
    parts_done: int
    attempts: int
    created_at: datetime
    tried: list[list[Any]]  # the ways it could not go
    asked_for: bool  # the answer to a message; else a notice, which may take another way


def is_due(session: Session, channel: str) -> bool:
    """Return whether anything waits to go out by `channel` now; cheap, and holds up nobody."""
    return session.execute(_ANY, {"channel": channel, "now": clock.now()}).first() is not None


def take(session: Session, channel: str, most: int) -> list[Taken]:
    """Claim up to `most` messages, one a person."""
    now = clock.now()
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    rows = session.execute(_TAKE[is_sqlite], {"channel": channel, "now": now, "most": most}).all()
    if rows:
        session.execute(_CLAIM, [{"id": row.id, "now": now} for row in rows])
    return [
        Taken(
            row.id,
            row.conversation_id,
            row.address_id,
            row.sender,
            Line(
                row.seq,
                "bot",
                row.created_at,
                row.text,
                shown_buttons(row.conversation_id, row.seq, row.buttons or []),
                row.custom or {},
            ),
            row.parts_done,
            row.attempts,
            row.created_at,
            row.tried or [],
            row.inbox_id is not None,
        )
        for row in rows
    ]


def part_sent(session: Session, taken: Taken, done: int) -> None:
    """Note that the first `done` parts have arrived."""
    session.execute(_PART, {"id": taken.id, "done": done, "now": clock.now()})


def end(
    session: Session,
    channel: str,
    taken: Taken,
    state: str,
    reason: str | None = None,
    platform_id: str | None = None,
) -> None:
    """Give a message its final state."""
    ended = {"id": taken.id, "state": state, "reason": reason, "platform_id": platform_id, "now": clock.now()}
    if session.execute(_END, ended).rowcount:
        ENDED.labels(channel, state).inc()


def again(session: Session, channel: str, taken: Taken, reason: str, *, counted: bool = True) -> bool:
    """Put a message back to be tried later; after four hours it is a dead letter. Returns whether it is tried again.

    `counted`: the pause grows with every try; else it is due as soon as the channel may speak again.
    """
    now = clock.now()
    if now - taken.created_at >= TRIED_FOR:
        end(session, channel, taken, "expired", reason)
        return False
    attempts = taken.attempts + counted
    due_at = now + pause(attempts) if counted else now
    session.execute(_AGAIN, {"id": taken.id, "attempts": attempts, "reason": reason, "due_at": due_at})
    return True


def other_way(session: Session, taken: Taken, way: Way, tried: list[list[Any]], reason: str) -> None:
    """Let a notice go another way, or be held for the person's next contact."""
    given = {"channel": way.channel, "address_id": way.address_id, "state": way.state, "tried": tried}
    session.execute(_OTHER_WAY, {"id": taken.id, "reason": reason, **given})


def blocked(session: Session, address_id: int) -> None:
    """Note that a person cannot be reached at an address until they write again."""
    session.execute(_BLOCKED, {"id": address_id, "now": clock.now()})


def give_up_stale(session: Session, channel: str) -> int:
    """End answers that nobody has tried for four hours (all processes stood, or a copy was restored): too late to help.

    Notices are for a later hour anyway, and stay. Returns how many.
    """
    given = {"channel": channel, "before": clock.now() - TRIED_FOR}
    ended = int(session.execute(_STALE, given).rowcount)
    if ended:
        ENDED.labels(channel, "expired").inc(ended)
    return ended


def free_stuck(session: Session, channel: str) -> int:
    """Put back what a process took and never ended; returns how many."""
    return int(session.execute(_STUCK, {"channel": channel, "before": clock.now() - STUCK_AFTER}).rowcount)


def pause(attempts: int) -> timedelta:
    """Return how long to wait after so many tries: doubling, with a jitter, so that not all come back at once."""
    doubled = min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)
    return doubled * random.uniform(0.5, 1.5)  # noqa: S311 (no secret hangs on it)
