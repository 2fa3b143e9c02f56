"""What a turn writes, in statements written once and used for every message: this is the path that must be quick.

Everything else about these tables goes through the models.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, column, text
from sqlalchemy.orm import Session

from bot.conversation.taking import Taken
from bot.conversation.transcript import Line, shown_buttons
from bot.conversation.understanding import Record
from bot.db.base import Json, UtcDateTime

_ADD_PROACTIVE = text(
    """
    INSERT INTO outbox (conversation_id, address_id, channel, inbox_id, seq, text, custom, buttons, state, attempts,
                        parts_done, created_at)
    SELECT id, :address_id, :channel, NULL, last_seq, :text, :custom, :buttons, :state, 0, 0, :now
    FROM conversations WHERE id = :conversation_id
    """
).bindparams(bindparam("custom", type_=Json), bindparam("buttons", type_=Json), bindparam("now", type_=UtcDateTime()))
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
