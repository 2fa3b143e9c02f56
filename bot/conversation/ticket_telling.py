"""Tickets and the conversation they came from: who takes one takes its chat too, who closes one tells the citizen.

The conversation is held first, as in a turn, so that nothing is written into it meanwhile.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.conversation import staffing
from bot.conversation.ways import Ways
from bot.messages import Message, say
from bot.staff.accounts import Member
from bot.tickets import chats, work
from bot.tickets.models import Chat, Ticket

_HOLD = text("SELECT id FROM conversations WHERE id = :id FOR NO KEY UPDATE")


def take(session: Session, ticket_id: int, member: Member) -> Ticket:
    """Take a ticket, and the chat in which its citizen waits. Raises WorkError or StaffingError."""
    chat = _chat(session, _held(session, ticket_id))
    ticket = work.take(session, ticket_id, member)
    if chat is not None:
        staffing.take(session, chat.conversation_id, member)
    return ticket


def pass_on(
    session: Session, ticket_id: int, member: Member, *, to: str | None = None, team: str | None = None
) -> None:
    """Pass a ticket on, and its chat with it. Raises WorkError or StaffingError."""
    chat = _chat(session, _held(session, ticket_id))
    work.pass_on(session, ticket_id, member, to=to, team=team)
    if chat is not None and chat.state == "taken":
        staffing.pass_on(session, chat.conversation_id, member, to=to, team=team)


def close(session: Session, ticket_id: int, member: Member, resolution: str, ways: Ways, *, tell: bool) -> bool:
    """Close a ticket and, if wished, tell its citizen; returns whether they are told. Raises WorkError, StaffingError.

    A chat that the ticket began with ends, and the assistant answers there again.
    """
    ticket = _held(session, ticket_id)
    chat = _chat(session, ticket)
    ticket = work.close(session, ticket_id, member, resolution)
    if ticket.conversation_id is None:
        return False
    if tell:
        ways.tell(session, ticket.conversation_id, closed(ticket))
    if chat is not None:
        staffing.give_back(session, chat.conversation_id, member, ways)
    return tell


def closed(ticket: Ticket) -> Message:
    """Return what the citizen is told of a ticket that is done."""
    done = f"Dạ, phiếu {ticket.number} của anh/chị đã xong: {ticket.resolution}"
    return say("info", f"{done}\nCần hỏi thêm, anh/chị cứ nhắn ở đây nha.", topic="ticket_closed", ticket=ticket.number)


def _held(session: Session, ticket_id: int) -> Ticket:
    ticket = work.find(session, ticket_id)
    if ticket.conversation_id is not None and session.get_bind().dialect.name == "postgresql":
        session.execute(_HOLD, {"id": ticket.conversation_id})
    return ticket


def _chat(session: Session, ticket: Ticket) -> Chat | None:
    """Return the chat that goes on for this ticket."""
    chat = chats.going_on(session, ticket.conversation_id) if ticket.conversation_id is not None else None
    return chat if chat is not None and chat.ticket_id == ticket.id else None
