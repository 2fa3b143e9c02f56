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

from bot import clock
from bot.conversation.transcript import Line, shown_buttons
from bot.conversation.understanding import Record
from bot.db.base import Json, UtcDateTime

FAST = 30  # messages; when so many ago was said tells how fast somebody writes
MOST_REPLIES = 4  # messages of the last turn whose buttons still stand in sight

_LOCK = text("SELECT id FROM conversations WHERE id = :conversation_id FOR NO KEY UPDATE SKIP LOCKED")
# What was sent first is answered first, by the platform's clock. What heads the queue may not be ready yet: then
# nothing behind it is either.
_TAKE = """
    SELECT c.id AS conversation_id, c.channel AS home, c.sender AS home_sender, c.mode, c.last_seq, c.last_message_at,
           a.id AS address_id, a.channel, a.sender, a.blocked_at,
           i.id AS inbox_id, i.kind, i.text, i.guard, i.state, i.ready_at,
           EXISTS (SELECT 1 FROM outbox o WHERE o.conversation_id = c.id AND o.state = 'held') AS news,
           EXISTS (SELECT 1 FROM drafts d WHERE d.conversation_id = c.id AND d.state = 'waiting') AS drafted,
           EXISTS (SELECT 1 FROM approved_topics) AS approving,
           t.version, t.events, t.paused, t.session_started_at,
           (SELECT {offered} FROM outbox o
            WHERE o.conversation_id = c.id AND o.seq > c.last_seq - :most) AS offered,
           EXISTS (SELECT 1 FROM paused_channels x WHERE x.channel = a.channel) AS channel_off,
           (SELECT b.outcome FROM inbox b WHERE b.conversation_id = c.id AND b.seq IS NOT NULL
            ORDER BY b.seq DESC LIMIT 1) AS outcome_before,
           (SELECT b.received_at FROM inbox b WHERE b.conversation_id = c.id AND b.seq IS NOT NULL
            ORDER BY b.seq DESC LIMIT 1 OFFSET {fast}) AS fast_since
    FROM conversations c
    JOIN inbox i ON i.conversation_id = c.id AND i.state IN ('waiting', 'fetching')
    JOIN addresses a ON a.id = i.address_id
    LEFT JOIN trackers t ON t.conversation_id = c.id
    WHERE c.id = :conversation_id
    ORDER BY i.sent_at, i.platform_order, i.id LIMIT 1
    """
_COLUMNS = (
    *(column(name) for name in ("conversation_id", "home", "home_sender", "mode", "last_seq")),
    column("last_message_at", UtcDateTime()),
    *(column(name) for name in ("address_id", "channel", "sender")),
    column("blocked_at", UtcDateTime()),
    *(column(name) for name in ("inbox_id", "kind", "text", "guard", "state")),
    column("ready_at", UtcDateTime()),
    *(column(name) for name in ("news", "drafted", "approving", "version", "events")),
    column("paused", Json),
    column("session_started_at", UtcDateTime()),
    column("offered", Json),
    *(column(name) for name in ("channel_off", "outcome_before")),
    column("fast_since", UtcDateTime()),
)
_TAKE_POSTGRESQL, _TAKE_SQLITE = (
    text(_TAKE.format(offered=offered, fast=FAST - 1)).columns(*_COLUMNS)
    for offered in (
        "json_agg(json_build_array(o.seq, o.buttons))",
        "json_group_array(json_array(o.seq, json(o.buttons)))",
    )
)
_ADD_PROACTIVE = text(
    """
    INSERT INTO outbox (conversation_id, address_id, channel, inbox_id, seq, text, custom, buttons, state, attempts,
                        parts_done, created_at)
    SELECT id, :address_id, :channel, NULL, last_seq, :text, :custom, :buttons, :state, 0, 0, :now
    FROM conversations WHERE id = :conversation_id
    """
).bindparams(bindparam("custom", type_=Json), bindparam("buttons", type_=Json), bindparam("now", type_=UtcDateTime()))
_UNBLOCK = text("UPDATE addresses SET blocked_at = NULL WHERE id = :address_id")
_NEXT_SEQ = text("UPDATE conversations SET last_seq = last_seq + 1 WHERE id = :conversation_id")
_HAND_OVER = text(
    """
    UPDATE outbox SET inbox_id = :inbox_id, address_id = :address_id, channel = :channel, state = :state
    WHERE conversation_id = :conversation_id AND state = 'held'
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
    UPDATE inbox SET state = :message_state, seq = :message_seq, text = :message_text, done_at = :now,
        understood = :understood, topic = :topic, outcome = :outcome
    WHERE id = :inbox_id
    """
_ADD_REPLY = """
    INSERT INTO outbox (conversation_id, address_id, channel, inbox_id, seq, text, custom, buttons, state, attempts,
                        parts_done, created_at)
    VALUES (:conversation_id, :address_id, :channel, :inbox_id, :seq, :text, :custom, :buttons, :state, 0, 0, :now)
    """
_END_TURN = "UPDATE conversations SET last_seq = :last_seq, last_message_at = :now WHERE id = :conversation_id"
_TYPES = {
    "custom": Json,
    "buttons": Json,
    "paused": Json,
    "understood": Json,
    "now": UtcDateTime(),
    "session_started_at": UtcDateTime(),
}


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
    """A waiting message with its conversation, where it came from, and its dialogue (None in a first message)."""

    conversation_id: int
    home: str
    home_sender: str
    mode: str
    last_seq: int
    last_message_at: datetime | None
    address_id: int
    channel: str
    sender: str
    blocked_at: datetime | None
    inbox_id: int
    kind: str
    text: str
    guard: str | None
    state: str
    ready_at: datetime
    news: bool  # messages that answer nothing wait for this contact
    drafted: bool  # an answer waits for a person to look at it
    approving: bool  # the answers of some topics are looked at before they are sent
    version: int | None
    events: str | None
    paused: dict[str, Any] | None
    session_started_at: datetime | None
    offered: list[list[Any]] | None  # [seq, buttons] of the last replies, in no order
    channel_off: bool  # the assistant is switched off there
    outcome_before: str | None  # of the message before
    fast_since: datetime | None  # when the message FAST messages ago was said; None: there are not so many

    @property
    def asker(self) -> str:
        """Return what proofs and locks are bound to: the same on every linked channel."""
        return f"{self.home}:{self.home_sender}"


def take(session: Session, conversation_id: int, *, locking: bool) -> Taken | None:
    """Return the message to answer next; None without one, when it is not ready, or when another turn holds it.

    `locking` is for PostgreSQL; SQLite has one writer, and we are it. The lock is a statement of its own: only
    what is read after it is known to be the state that the last turn left behind.
    """
    wanted = {"conversation_id": conversation_id, "most": MOST_REPLIES}
    if locking and session.execute(_LOCK, wanted).first() is None:
        return None
    row = session.execute(_TAKE_POSTGRESQL if locking else _TAKE_SQLITE, wanted).first()
    if row is None or row.state == "fetching" or row.ready_at > clock.now():
        return None
    taken = Taken(*row)
    if taken.blocked_at is not None:  # who writes to us can be reached again
        session.execute(_UNBLOCK, {"address_id": taken.address_id})
    return taken


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
    record: Record | None = None,
) -> list[Line]:
    """Store the replies and the dialogue, and end the message as `state`; returns the replies as channels show them.

    Both sides are numbered. `fetched`: the channel asks for its replies, no sender delivers them.
    """
    seq = taken.last_seq + 1
    rows: list[dict[str, Any]] = [
        {
            "conversation_id": taken.conversation_id,
            "address_id": taken.address_id,
            "channel": taken.channel,
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
        "understood": record.understood if record else None,
        "topic": record.topic if record else None,
        "outcome": record.outcome if record else None,
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
        Line(
            row["seq"],
            "bot",
            now,
            row["text"],
            shown_buttons(taken.conversation_id, row["seq"], row["buttons"]),
            row["custom"],
        )
        for row in rows
    ]


def add_proactive(
    session: Session,
    conversation_id: int,
    message: dict[str, Any],
    *,
    channel: str,
    address_id: int | None,
    state: str,
    now: datetime,
) -> None:
    """Store a message that answers nothing, to go the way of `channel`; the caller holds the conversation."""
    wanted = {"conversation_id": conversation_id}
    session.execute(_NEXT_SEQ, wanted)
    way = {"channel": channel, "address_id": address_id, "state": state}
    session.execute(_ADD_PROACTIVE, {**wanted, **message, **way, "now": now})


def hand_over(session: Session, taken: Taken, *, fetched: bool) -> list[Line]:
    """Give the messages that waited for the next contact to this one, ahead of its own replies; returns them in order.

    `fetched`: its channel asks for its replies; else the sender has them now.
    """
    rows = session.execute(
        _HAND_OVER,
        {
            "conversation_id": taken.conversation_id,
            "inbox_id": taken.inbox_id,
            "address_id": taken.address_id,
            "channel": taken.channel,
            "state": "fetched" if fetched else "pending",
        },
    ).all()
    lines = [
        Line(
            row.seq,
            "bot",
            row.created_at,
            row.text,
            shown_buttons(taken.conversation_id, row.seq, row.buttons or []),
            row.custom,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: line.seq)
