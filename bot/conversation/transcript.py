"""What both sides said, read back: for a channel that fetches, and for the same message sent twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.models import Address, Conversation, InboxMessage, OutboxMessage


class Line(msgspec.Struct, frozen=True):
    """One message of a conversation; buttons carry opaque payloads."""

    seq: int
    sender: str  # "citizen", "bot", "staff"
    at: datetime
    text: str
    buttons: list[dict[str, str]]
    custom: dict[str, Any]


def of_reply(row: OutboxMessage) -> Line:
    """Return a message of the assistant as a channel shows it."""
    shown = shown_buttons(row.conversation_id, row.seq, row.buttons or [])
    sender = "staff" if row.custom.get("kind") == "staff" else "bot"
    return Line(row.seq, sender, row.created_at, row.text, shown, row.custom)


def shown_buttons(conversation_id: int, seq: int, buttons: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return buttons as they leave the house: what pressing one means stays in the outbox row `seq`.

    The conversation is part of it: after channels are linked, an old button must not mean another message's.
    """
    return [
        {"title": button["title"], "payload": f"btn:{conversation_id}.{seq}.{index}"}
        for index, button in enumerate(buttons)
    ]


def replies_to(session: Session, inbox_id: int) -> list[Line] | None:
    """Return the replies to one message, in order; None while it waits."""
    state = session.execute(select(InboxMessage.state).where(InboxMessage.id == inbox_id)).scalar_one()
    if state == "waiting":
        return None
    rows = session.execute(
        select(OutboxMessage).where(OutboxMessage.inbox_id == inbox_id).order_by(OutboxMessage.seq)
    ).scalars()
    return [of_reply(row) for row in rows]


def of_address(session: Session, channel: str, sender: str) -> int | None:
    """Return the conversation that somebody on a channel is in; None for somebody who never wrote."""
    found: int | None = session.execute(
        select(Address.conversation_id).where(Address.channel == channel, Address.sender == sender)
    ).scalar_one_or_none()
    return found


def after(session: Session, channel: str, sender: str, seq: int, limit: int = 500) -> list[Line]:
    """Return what was said in a conversation after `seq`, by both sides, in order."""
    conversation_id = of_address(session, channel, sender)
    if conversation_id is None:
        return []
    # Both sides are read one after the other: a turn that ends in between must not be seen by half, or whoever asks
    # for what comes after its answer would never see its question.
    until = session.execute(select(Conversation.last_seq).where(Conversation.id == conversation_id)).scalar_one()
    said, answered = (
        session.execute(
            select(table)
            .where(table.conversation_id == conversation_id, table.seq > seq, table.seq <= until)
            .order_by(table.seq)
            .limit(limit)
        ).scalars()
        for table in (InboxMessage, OutboxMessage)
    )
    lines = [Line(row.seq, "citizen", row.received_at, row.text, [], {}) for row in said]
    return sorted([*lines, *map(of_reply, answered)], key=lambda line: line.seq)[:limit]


def said(session: Session, inbox_id: int) -> Line | None:
    """Return the citizen's own message once it has its number."""
    row = session.get(InboxMessage, inbox_id)
    if row is None or row.seq is None:
        return None
    return Line(row.seq, "citizen", row.received_at, row.text, [], {})


def of_conversation(
    session: Session, conversation_id: int, *, before: int | None = None, after: int = 0, limit: int = 100
) -> list[Line]:
    """Return the last `limit` messages of a conversation before number `before` and after `after`, in order.

    For the staff: with what was sent on whatever channel, and what still waits for an answer at the end.
    """
    lines: list[Line] = []
    for table in (InboxMessage, OutboxMessage):
        wanted = select(table).where(table.conversation_id == conversation_id, table.seq > after)
        if before is not None:
            wanted = wanted.where(table.seq < before)
        for row in session.execute(wanted.order_by(table.seq.desc()).limit(limit)).scalars():
            lines.append(
                Line(row.seq, "citizen", row.received_at, row.text, [], {"inbox_id": row.id, "outcome": row.outcome})
                if table is InboxMessage
                else of_reply(row)
            )
    return sorted(lines, key=lambda line: line.seq)[-limit:]
