"""The list of conversations: those that wait, mine, all; and one row of it as the desk shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.conversation.linking import NAMES
from bot.conversation.models import Address, Conversation, Draft, InboxMessage
from bot.staff.accounts import Member
from bot.staff.models import Staff
from bot.tickets.models import Chat, Ticket

TABS = {"waiting": "Đang chờ", "mine": "Của tôi", "drafts": "Chờ duyệt", "all": "Tất cả"}
PAGE = 50  # rows at a time
_SNIPPET = 90


@dataclass(frozen=True)
class Row:
    """A conversation in the list."""

    id: int
    name: str
    channel: str
    state: str  # waiting, taken, bot
    staff: str | None
    team: str | None
    topic: str | None
    since: datetime | None
    last: str
    last_at: datetime | None


def rows(session: Session, tab: str, member: Member, *, before: int | None = None) -> list[Row]:
    """Return the conversations of a tab; `before` (an id) goes on where the page before ended."""
    wanted = (
        select(Conversation, Chat, Staff.display_name, Ticket.topic)
        .select_from(Conversation)
        .outerjoin(Chat, (Chat.conversation_id == Conversation.id) & Chat.state.in_(("waiting", "taken")))
        .outerjoin(Staff, Staff.id == Chat.staff_id)
        .outerjoin(Ticket, Ticket.id == Chat.ticket_id)
    )
    if tab == "waiting":
        wanted = wanted.where(Chat.state == "waiting").order_by(Chat.id)
        wanted = wanted.where(Chat.id > before) if before else wanted
    elif tab == "mine":
        wanted = wanted.where(Chat.state == "taken", Chat.staff_id == member.id).order_by(Chat.id.desc())
        wanted = wanted.where(Chat.id < before) if before else wanted
    elif tab == "drafts":
        drafted = select(Draft.conversation_id).where(Draft.state == "waiting")
        wanted = wanted.where(Conversation.id.in_(drafted)).order_by(Conversation.id.desc())
        wanted = wanted.where(Conversation.id < before) if before else wanted
    else:
        wanted = wanted.where(Conversation.mode != "closed").order_by(Conversation.id.desc())
        wanted = wanted.where(Conversation.id < before) if before else wanted
    found = session.execute(wanted.limit(PAGE)).all()
    last = _last_said(session, [row.Conversation.id for row in found])
    names = _names(session, [row.Conversation.id for row in found])
    return [_row(row, last.get(row.Conversation.id), names.get(row.Conversation.id)) for row in found]


def _row(found: Any, last: tuple[str, datetime] | None, name: str | None) -> Row:
    conversation, chat = found.Conversation, found.Chat
    text = " ".join((last[0] if last else "").split())
    return Row(
        conversation.id,
        name or f"Người dân {conversation.id}",
        NAMES.get(conversation.channel, "Điện thoại" if conversation.channel == "phone" else conversation.channel),
        chat.state if chat else "bot",
        found.display_name,
        chat.team if chat else None,
        found.topic,
        chat.waiting_since if chat and chat.state == "waiting" else None,
        text[:_SNIPPET] + ("…" if len(text) > _SNIPPET else ""),
        last[1] if last else None,
    )


def _last_said(session: Session, ids: list[int]) -> dict[int, tuple[str, datetime]]:
    """Return what each citizen said last, without reading all they ever said."""
    latest = (
        select(InboxMessage.conversation_id, func.max(InboxMessage.id).label("id"))
        .where(InboxMessage.conversation_id.in_(ids))
        .group_by(InboxMessage.conversation_id)
        .subquery()
    )
    found = session.execute(
        select(InboxMessage.conversation_id, InboxMessage.text, InboxMessage.received_at).join(
            latest, latest.c.id == InboxMessage.id
        )
    )
    return {row.conversation_id: (row.text, row.received_at) for row in found}


def _names(session: Session, ids: list[int]) -> dict[int, str]:
    found = session.execute(
        select(Address.conversation_id, Address.name).where(Address.conversation_id.in_(ids), Address.name.is_not(None))
    )
    return {row.conversation_id: row.name for row in found}
