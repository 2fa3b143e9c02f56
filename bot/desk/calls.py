"""Phone calls, and talks at the counter: what a citizen says aloud, typed by a member of the staff.

A call is a conversation on the channel "phone" with an address of its own. A linking code that the caller reads out
moves the address into the caller's own conversation, and ending the call moves it back: what was booked or opened
meanwhile stays with the citizen, the telephone does not.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation import staffing
from bot.conversation.linking import NAMES
from bot.conversation.models import Address, Conversation, InboxMessage
from bot.desk.models import Call
from bot.staff.accounts import Member
from bot.staff.models import Staff
from bot.text import clean
from bot.tickets import chats, tickets
from bot.tickets.models import Chat, Ticket

CHANNEL = "phone"
MOST_LISTED = 100
# What a note can become a ticket for, as the staff call it.
NOTE_TOPICS = {
    "dossier_late": "Hồ sơ trễ hẹn",
    "dossier_missing": "Hồ sơ không rõ thiếu gì",
    "dossier": "Hồ sơ, việc khác",
    "pickup": "Đặt bưu tá",
    "delivery_problem": "Sự cố giao nhận",
    "account": "Tài khoản điện tử",
    "payment": "Thanh toán",
    "feedback": "Góp ý, phản ánh",
    "data_request": "Yêu cầu về dữ liệu cá nhân",
    "scam": "Nghi bị lừa đảo",
}
_WAITED_FOR = ("talk_to_human", "not_understood", "system")  # tickets that end where a person talks already


class CallError(ValueError):
    """Something that cannot be done with a call; the text is one sentence for the member of the staff."""


@dataclass(frozen=True)
class Going:
    """A call as the desk works with it."""

    id: int
    staff_id: int
    staff: str
    sender: str
    address_id: int
    own: int  # the conversation that it began as
    conversation_id: int  # where it takes place now: the caller's own one after a linking code
    channels: tuple[str, ...]  # the caller's own channels that it is linked with, as people call them
    began_at: datetime
    ended_at: datetime | None
    note: str | None
    ticket_id: int | None

    @property
    def linked(self) -> bool:
        """Return whether something can be sent to the caller."""
        return self.conversation_id != self.own


@dataclass(frozen=True)
class Row:
    """A call in the list of the day."""

    id: int
    began_at: datetime
    ended_at: datetime | None
    first: str
    ticket: str | None  # its number


def begin(session: Session, member: Member) -> int:
    """Begin a call and return its number; one that was begun and in which nothing was said yet is used first."""
    unused: int | None = session.execute(
        select(Call.id)
        .join(Conversation, Conversation.id == Call.conversation_id)
        .where(Call.staff_id == member.id, Call.ended_at.is_(None), Conversation.last_seq == 0)
        .where(Conversation.mode == "bot", Call.note.is_(None))
        .order_by(Call.id.desc())
    ).scalar()
    if unused is not None:
        return unused
    now, sender = clock.now(), f"call-{secrets.token_hex(8)}"
    conversation = Conversation(channel=CHANNEL, sender=sender, mode="bot", last_seq=0, created_at=now)
    session.add(conversation)
    session.flush()
    call = Call(conversation_id=conversation.id, staff_id=member.id, began_at=now)
    session.add_all([call, Address(channel=CHANNEL, sender=sender, conversation_id=conversation.id, created_at=now)])
    session.flush()
    return int(call.id)


def place(session: Session, call_id: int, staff_id: int) -> int | None:
    """Return the conversation in which a call of this member of the staff goes on; None where `find` must tell why."""
    wanted = (
        select(Address.conversation_id)
        .join(Conversation, (Address.channel == CHANNEL) & (Address.sender == Conversation.sender))
        .join(Call, Call.conversation_id == Conversation.id)
        .where(Call.id == call_id, Call.staff_id == staff_id, Call.ended_at.is_(None))
    )
    return session.execute(wanted).scalar()


def find(session: Session, call_id: int) -> Going | None:
    """Return a call; None for a number that is none."""
    row = session.execute(
        select(Call, Staff.display_name, Address)
        .join(Staff, Staff.id == Call.staff_id)
        .join(Conversation, Conversation.id == Call.conversation_id)
        .join(Address, (Address.channel == CHANNEL) & (Address.sender == Conversation.sender))
        .where(Call.id == call_id)
    ).first()
    if row is None:
        return None
    call, address = row.Call, row.Address
    channels: tuple[str, ...] = ()
    if address.conversation_id != call.conversation_id:
        channels = _channels(session, address.conversation_id)
    return Going(
        call.id,
        call.staff_id,
        row.display_name,
        address.sender,
        address.id,
        call.conversation_id,
        address.conversation_id,
        channels,
        call.began_at,
        call.ended_at,
        call.note,
        call.ticket_id,
    )


def today(session: Session, member: Member) -> list[Row]:
    """Return the calls that somebody had today, newest first."""
    since = datetime.combine(clock.today(), time(), clock.VIETNAM).astimezone(clock.UTC)
    rows = session.execute(
        select(Call, Address.id.label("address_id"), Ticket.number)
        .join(Conversation, Conversation.id == Call.conversation_id)
        .join(Address, (Address.channel == CHANNEL) & (Address.sender == Conversation.sender))
        .outerjoin(Ticket, Ticket.id == Call.ticket_id)
        .where(Call.staff_id == member.id, Call.began_at >= since)
        .order_by(Call.id.desc())
        .limit(MOST_LISTED)
    ).all()
    said = _first_said(session, [row.address_id for row in rows])
    return [Row(r.Call.id, r.Call.began_at, r.Call.ended_at, said.get(r.address_id, ""), r.number) for r in rows]


def keep_note(
    session: Session, going: Going, member: Member, written: str, *, topic: str = "", subject: str = ""
) -> Ticket | None:
    """Keep what a call was about for colleagues; with a topic it becomes a ticket, which is returned.

    Raises CallError.
    """
    written, subject = clean(written), clean(subject)[:40]
    if topic and topic not in NOTE_TOPICS:
        raise CallError("Loại phiếu này không có, anh/chị chọn lại giúp.")
    if not written:
        raise CallError("Anh/chị ghi vài chữ người gọi cần gì, rồi mở phiếu.")
    if len(written) > staffing.LONGEST_NOTE:
        raise CallError(f"Ghi chú dài quá {staffing.LONGEST_NOTE} ký tự.")
    ticket = None
    hold(session, going.conversation_id)
    if topic:
        ticket = tickets.open_ticket(session, going.conversation_id, topic, written, subject=subject or None)
        _let_nobody_wait(session, going.conversation_id, ticket)
    staffing.note(
        session, member, written, conversation_id=going.conversation_id, ticket_id=ticket.id if ticket else None
    )
    call = session.get(Call, going.id)
    call.note = f"{call.note}\n{written}"[: staffing.LONGEST_NOTE] if call.note else written
    call.ticket_id = ticket.id if ticket else call.ticket_id
    session.flush()
    return ticket


def settle_handoff(session: Session, going: Going) -> None:
    """End the wait that the assistant began for a caller, who talks to a person already; other work stays open."""
    if going.linked:
        return  # whoever waits there wrote in a chat of their own
    hold(session, going.own)
    chat = chats.going_on(session, going.own)
    if chat is None or chat.state != "waiting":
        return
    ticket = session.get(Ticket, chat.ticket_id) if chat.ticket_id else None
    if ticket is None or ticket.topic in _WAITED_FOR:
        chats.end(session, chat, clock.now())
    else:
        _end_only(session, chat)


def end(session: Session, going: Going) -> None:
    """End a call: its telephone leaves the caller's conversation, what it brought about stays there."""
    settle_handoff(session, going)
    call, address = session.get(Call, going.id), session.get(Address, going.address_id)
    call.ended_at = call.ended_at or clock.now()
    address.conversation_id = going.own
    session.flush()


def hold(session: Session, conversation_id: int) -> None:
    """Hold a conversation until the transaction ends, as a turn does."""
    session.execute(select(Conversation.id).where(Conversation.id == conversation_id).with_for_update())


def _let_nobody_wait(session: Session, conversation_id: int, ticket: Ticket) -> None:
    """End the chat that a new ticket began: its caller has hung up, or is on the line."""
    chat = chats.going_on(session, conversation_id)
    if chat is not None and chat.state == "waiting" and chat.ticket_id == ticket.id:
        _end_only(session, chat)


def _end_only(session: Session, chat: Chat) -> None:
    chat.state, chat.ended_at = "ended", clock.now()
    session.flush()


def _channels(session: Session, conversation_id: int) -> tuple[str, ...]:
    found = session.execute(
        select(Address.channel)
        .where(Address.conversation_id == conversation_id, Address.channel != CHANNEL)
        .order_by(Address.id)
    ).scalars()
    return tuple(dict.fromkeys(NAMES.get(channel, channel) for channel in found))


def _first_said(session: Session, addresses: list[Any]) -> dict[int, str]:
    first = (
        select(func.min(InboxMessage.id))
        .where(InboxMessage.address_id.in_(addresses))
        .group_by(InboxMessage.address_id)
    )
    rows = session.execute(select(InboxMessage.address_id, InboxMessage.text).where(InboxMessage.id.in_(first)))
    return {row.address_id: " ".join(row.text.split()) for row in rows}
