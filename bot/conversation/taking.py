"""What a turn begins with, read in one statement: the oldest waiting message, and all that decides about its answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import column, text
from sqlalchemy.orm import Session

from bot import clock
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
_UNBLOCK = text("UPDATE addresses SET blocked_at = NULL WHERE id = :address_id")


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
