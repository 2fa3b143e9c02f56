"""The statements of a turn, each written once and used for every message: this is the path that must be quick.

Everything else about these tables goes through the models.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, column, text
from sqlalchemy.orm import Session

from bot.conversation.transcript import Line, shown_buttons
from bot.db.base import Json, UtcDateTime

_LOCK = text("SELECT id FROM conversations WHERE id = :conversation_id FOR UPDATE SKIP LOCKED")
_TAKE = text(
    """
    SELECT c.id AS conversation_id, c.channel, c.sender, c.mode, c.last_seq, c.last_message_at,
           i.id AS inbox_id, i.text, i.guard,
           EXISTS (
               SELECT 1 FROM outbox o WHERE o.conversation_id = c.id AND o.inbox_id IS NULL AND o.state = 'pending'
           ) AS news,
           t.version, t.events, t.paused, t.session_started_at
    FROM conversations c
    JOIN inbox i ON i.conversation_id = c.id AND i.state = 'waiting'
    LEFT JOIN trackers t ON t.conversation_id = c.id
    WHERE c.id = :conversation_id
    ORDER BY i.id LIMIT 1
    """
).columns(
    *(column(name) for name in ("conversation_id", "channel", "sender", "mode", "last_seq")),
    column("last_message_at", UtcDateTime()),
    *(column(name) for name in ("inbox_id", "text", "guard", "news", "version", "events")),
    column("paused", Json),
    column("session_started_at", UtcDateTime()),
)
_ADD_REPLY = text(
    """
    INSERT INTO outbox (conversation_id, inbox_id, seq, text, custom, buttons, state, attempts, created_at)
    VALUES (:conversation_id, :inbox_id, :seq, :text, :custom, :buttons, :state, 0, :now)
    """
).bindparams(bindparam("custom", type_=Json), bindparam("buttons", type_=Json), bindparam("now", type_=UtcDateTime()))
_ADD_PROACTIVE = text(
    """
    INSERT INTO outbox (conversation_id, inbox_id, seq, text, custom, buttons, state, attempts, created_at)
    SELECT id, NULL, last_seq, :text, :custom, :buttons, :state, 0, :now FROM conversations WHERE id = :conversation_id
    """
).bindparams(bindparam("custom", type_=Json), bindparam("buttons", type_=Json), bindparam("now", type_=UtcDateTime()))
_NEXT_SEQ = text("UPDATE conversations SET last_seq = last_seq + 1 WHERE id = :conversation_id")
_HAND_OVER = text(
    """
    UPDATE outbox SET inbox_id = :inbox_id, state = 'fetched'
    WHERE conversation_id = :conversation_id AND inbox_id IS NULL AND state = 'pending'
    RETURNING seq, text, custom, buttons, created_at
    """
).columns(
    *(column(name) for name in ("seq", "text")),
    column("custom", Json),
    column("buttons", Json),
    column("created_at", UtcDateTime()),
)
_END_MESSAGE = text(
    "UPDATE inbox SET state = :state, seq = :seq, text = :text, done_at = :now WHERE id = :inbox_id"
).bindparams(bindparam("now", type_=UtcDateTime()))
_END_TURN = text(
    "UPDATE conversations SET last_seq = :last_seq, last_message_at = :now WHERE id = :conversation_id"
).bindparams(bindparam("now", type_=UtcDateTime()))
_SAVE_TRACKER = text(
    """
    INSERT INTO trackers (conversation_id, events, version, session_started_at, paused)
    VALUES (:conversation_id, :events, :version, :session_started_at, :paused)
    ON CONFLICT (conversation_id) DO UPDATE SET events = excluded.events, version = excluded.version,
        session_started_at = excluded.session_started_at, paused = excluded.paused
    """
).bindparams(bindparam("paused", type_=Json), bindparam("session_started_at", type_=UtcDateTime()))


@dataclass
class Taken:
    """A waiting message with its conversation and the state of its dialogue (None in a first message)."""

    conversation_id: int
    channel: str
    sender: str
    mode: str
    last_seq: int
    last_message_at: datetime | None
    inbox_id: int
    text: str
    guard: str | None
    news: bool  # messages that answer nothing wait to be delivered
    version: int | None
    events: str | None
    paused: dict[str, Any] | None
    session_started_at: datetime | None

    @property
    def asker(self) -> str:
        """Return what proofs and locks are bound to."""
        return f"{self.channel}:{self.sender}"


def take(session: Session, conversation_id: int, *, locking: bool) -> Taken | None:
    """Return the oldest waiting message of a conversation; None without one, or when another turn holds it.

    `locking` is for PostgreSQL; SQLite has one writer, and we are it. The lock is a statement of its own: only
    what is read after it is known to be the state that the last turn left behind.
    """
    wanted = {"conversation_id": conversation_id}
    if locking and session.execute(_LOCK, wanted).first() is None:
        return None
    row = session.execute(_TAKE, wanted).first()
    return None if row is None else Taken(*row)


def finish(
    session: Session, taken: Taken, replies: Iterable[dict[str, Any]], *, fetched: bool, state: str, now: datetime
) -> list[Line]:
    """Store the replies and end the message as `state`; number both sides; returns the replies as channels show them.

    `fetched`: the channel asks for its replies, no sender delivers them.
    """
    seq = taken.last_seq + 1
    rows: list[dict[str, Any]] = [
        {
            "conversation_id": taken.conversation_id,
            "inbox_id": taken.inbox_id,
            "seq": seq + number,
            "text": reply.get("text") or "",
            "custom": reply.get("custom") or {},
            "buttons": [{"title": b["title"], "meaning": b["payload"]} for b in reply.get("buttons") or []],
            "state": "fetched" if fetched else "pending",
            "now": now,
        }
        for number, reply in enumerate(replies, 1)
    ]
    ended = {"inbox_id": taken.inbox_id, "state": state, "seq": seq, "text": taken.text, "now": now}
    session.execute(_END_MESSAGE, ended)
    if rows:
        session.execute(_ADD_REPLY, rows)
    session.execute(_END_TURN, {"conversation_id": taken.conversation_id, "last_seq": seq + len(rows), "now": now})
    return [
        Line(row["seq"], "bot", now, row["text"], shown_buttons(row["seq"], row["buttons"]), row["custom"])
        for row in rows
    ]


def save_tracker(
    session: Session, taken: Taken, events: str, *, started_at: datetime, paused: dict[str, Any] | None
) -> None:
    """Store the dialogue as it stands after the turn, one version on."""
    session.execute(
        _SAVE_TRACKER,
        {
            "conversation_id": taken.conversation_id,
            "events": events,
            "version": (taken.version or 0) + 1,
            "session_started_at": started_at,
            "paused": paused,
        },
    )


def add_proactive(
    session: Session, conversation_id: int, message: dict[str, Any], *, fetched: bool, now: datetime
) -> None:
    """Store a message that answers nothing; the caller holds the conversation. `fetched`: its page looks for news."""
    wanted = {"conversation_id": conversation_id}
    session.execute(_NEXT_SEQ, wanted)
    session.execute(_ADD_PROACTIVE, {**wanted, **message, "state": "fetched" if fetched else "pending", "now": now})


def hand_over(session: Session, taken: Taken) -> list[Line]:
    """Give the messages that wait for the next contact to this one, ahead of its own replies; returns them in order.

    For channels that can neither be rung nor look for news.
    """
    rows = session.execute(_HAND_OVER, {"conversation_id": taken.conversation_id, "inbox_id": taken.inbox_id}).all()
    lines = [
        Line(row.seq, "bot", row.created_at, row.text, shown_buttons(row.seq, row.buttons or []), row.custom)
        for row in rows
    ]
    return sorted(lines, key=lambda line: line.seq)
