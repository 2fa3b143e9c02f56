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
_SAVE_DIALOGUE = """
    INSERT INTO trackers (conversation_id, events, version, session_started_at, paused)
    VALUES (:conversation_id, :events, :version, :session_started_at, :paused)
    ON CONFLICT (conversation_id) DO UPDATE SET events = excluded.events, version = excluded.version,
        session_started_at = excluded.session_started_at, paused = excluded.paused
    """
_END_MESSAGE = """
    UPDATE inbox SET state = :message_state, seq = :message_seq, text = :message_text, done_at = :now
    WHERE id = :inbox_id
    """
_ADD_REPLY = """
    INSERT INTO outbox (conversation_id, inbox_id, seq, text, custom, buttons, state, attempts, created_at)
    VALUES (:conversation_id, :inbox_id, :seq, :text, :custom, :buttons, :state, 0, :now)
    """
_END_TURN = "UPDATE conversations SET last_seq = :last_seq, last_message_at = :now WHERE id = :conversation_id"
_TYPES = {"custom": Json, "buttons": Json, "paused": Json, "now": UtcDateTime(), "session_started_at": UtcDateTime()}


def _statement(*parts: str) -> Any:
    """Return the parts as one statement for the driver; only PostgreSQL takes more than one."""
    joined = "; ".join(parts)
    return text(joined).bindparams(
        *(bindparam(name, type_=kind) for name, kind in _TYPES.items() if f":{name}" in joined)
    )


_WRITE_DIALOGUE, _WRITE_MESSAGE, _WRITE_REPLY, _WRITE_TURN = map(
    _statement, (_SAVE_DIALOGUE, _END_MESSAGE, _ADD_REPLY, _END_TURN)
)
# The usual end of a turn, one reply, in one round trip instead of four.
_WRITE_ALL = _statement(_SAVE_DIALOGUE, _END_MESSAGE, _ADD_REPLY, _END_TURN)


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


@dataclass(frozen=True)
class Dialogue:
    """The dialogue as it stands after the turn."""

    events: str
    started_at: datetime
    paused: dict[str, Any] | None


def finish(
    session: Session,
    taken: Taken,
    replies: Iterable[dict[str, Any]],
    *,
    fetched: bool,
    state: str,
    now: datetime,
    dialogue: Dialogue | None = None,
) -> list[Line]:
    """Store the replies and the dialogue, and end the message as `state`; returns the replies as channels show them.

    Both sides are numbered. `fetched`: the channel asks for its replies, no sender delivers them.
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
    ended = {
        "conversation_id": taken.conversation_id,
        "inbox_id": taken.inbox_id,
        "message_state": state,
        "message_seq": seq,
        "message_text": taken.text,
        "last_seq": seq + len(rows),
        "now": now,
    }
    if dialogue:
        ended.update(
            events=dialogue.events,
            version=(taken.version or 0) + 1,
            session_started_at=dialogue.started_at,
            paused=dialogue.paused,
        )
    if dialogue and len(rows) == 1 and session.get_bind().dialect.name == "postgresql":
        session.execute(_WRITE_ALL, {**ended, **rows[0]})
    else:
        if dialogue:
            session.execute(_WRITE_DIALOGUE, ended)
        session.execute(_WRITE_MESSAGE, ended)
        if rows:
            session.execute(_WRITE_REPLY, rows)
        session.execute(_WRITE_TURN, ended)
    return [
        Line(row["seq"], "bot", now, row["text"], shown_buttons(row["seq"], row["buttons"]), row["custom"])
        for row in rows
    ]


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
