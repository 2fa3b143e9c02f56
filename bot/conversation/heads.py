"""How far conversations have got: one small question for many people at once, for pages that look for news."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.models import Address, Conversation


@dataclass(frozen=True)
class Head:
    """The conversation somebody is in, and the number of its last message."""

    conversation_id: int
    last_seq: int
    met_at: datetime  # when this person first wrote on this channel


def heads(session: Session, channel: str, senders: Collection[str]) -> dict[str, Head]:
    """Return where each of these people stands; who never wrote is not in it."""
    rows = session.execute(
        select(Address.sender, Address.conversation_id, Conversation.last_seq, Address.created_at)
        .join(Conversation, Conversation.id == Address.conversation_id)
        .where(Address.channel == channel, Address.sender.in_(senders))
    )
    return {row.sender: Head(row.conversation_id, row.last_seq, row.created_at) for row in rows}
