"""Work for a person: one open ticket per conversation, topic and subject, its number easy to read on the phone."""

from __future__ import annotations

import secrets
from datetime import datetime, time
from zlib import crc32

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.tickets import chats
from bot.tickets.models import CHAT_TOPICS, Ticket
from bot.working_days import add_working_days, is_working_day

# The hours of a comparable ward centre; Lâm Đồng's own are not known (unverified).
DESK_HOURS = ((time(7, 0), time(11, 30)), (time(13, 30), time(17, 0)))
LONGEST_SUMMARY = 8_000  # characters; two of the longest messages
# Working days within which the desk answers, by topic: our own proposal, to be approved by the centre; for a complaint
# about a delivery the term of QĐ 45/2016/QĐ-TTg and TT 17/2017/TT-BTTTT inside the province (the caller knows where a
# longer one holds). Other topics promise nothing.
ANSWER_WITHIN = {"dossier_withdraw": 1, "dossier_late": 1, "dossier_missing": 1, "delivery_problem": 5}


def open_ticket(
    session: Session,
    conversation_id: int | None,
    topic: str,
    summary: str | None = None,
    *,
    subject: str | None = None,
    working_days: int | None = None,
) -> Ticket:
    """Return the open ticket of this conversation, topic and subject, a new one if there is none.

    The subject is a dossier's code or a booking's number; `working_days` until the answer, where the topic alone does
    not say it.
    """
    if conversation_id is None and session.get_bind().dialect.name == "postgresql":
        # No conversation is held here that would make two processes queue.
        session.execute(select(func.pg_advisory_xact_lock(0x71C4, crc32(topic.encode()) - 2**31)))
    found: Ticket | None = (
        session.execute(
            select(Ticket).where(
                Ticket.conversation_id == conversation_id,
                Ticket.topic == topic,
                Ticket.subject == subject,
                Ticket.state.in_(("open", "taken")),
            )
        )
        .scalars()
        .first()
    )
    if found is not None:
        _note(found, summary)
        return found
    ticket = Ticket(
        # Provisional: the number comes from the row's id, so that no two processes can give the same one.
        number=secrets.token_hex(6),
        conversation_id=conversation_id,
        topic=topic,
        state="open",
        subject=subject,
        summary=summary,
        due_at=answer_due(topic, working_days),
        created_at=clock.now(),
    )
    session.add(ticket)
    session.flush()
    ticket.number = f"T-{ticket.id:06d}"
    session.flush()
    if conversation_id is not None and topic in CHAT_TOPICS:
        chats.begin(session, conversation_id, ticket)
    return ticket


def _note(ticket: Ticket, more: str | None) -> None:
    """Add to a ticket what is said anew about the same, so that nothing of it is lost."""
    before = ticket.summary or ""
    if more and more not in before:
        ticket.summary = f"{before}\n{more}".strip()[:LONGEST_SUMMARY]


def answer_due(topic: str, working_days: int | None = None) -> datetime | None:
    """Return when a ticket opened now is answered at the latest, at closing time; None: no promise."""
    days = ANSWER_WITHIN.get(topic) if working_days is None else working_days
    if days is None:
        return None
    day = add_working_days(clock.today(), days)
    return datetime.combine(day, DESK_HOURS[-1][1], clock.VIETNAM).astimezone(clock.UTC)


def position(session: Session, ticket: Ticket) -> int:
    """Return the ticket's place among those that nobody has taken yet (1 = next)."""
    return int(
        session.execute(
            select(func.count()).select_from(Ticket).where(Ticket.state == "open", Ticket.id <= ticket.id)
        ).scalar_one()
    )


def desk_open(moment: datetime | None = None) -> bool:
    """Return whether staff are at their desks at `moment` (now)."""
    local = clock.to_vietnam(moment or clock.now())
    return is_working_day(local.date()) and any(start <= local.time() < end for start, end in DESK_HOURS)


def next_open(moment: datetime | None = None) -> datetime:
    """Return when staff are at their desks next, after `moment` (now)."""
    local = clock.to_vietnam(moment or clock.now())
    day = local.date() if is_working_day(local.date()) else add_working_days(local.date(), 1)
    for start, _ in DESK_HOURS:
        opens = datetime.combine(day, start, clock.VIETNAM)
        if opens > local:
            return opens.astimezone(clock.UTC)
    return datetime.combine(add_working_days(day, 1), DESK_HOURS[0][0], clock.VIETNAM).astimezone(clock.UTC)


def say_again() -> str:
    """Return when somebody is at the desk again, to go on after "nhân viên đã nghỉ": "8:00 thứ hai 23/11/2026"."""
    opens = clock.to_vietnam(next_open())
    day = "hôm nay" if opens.date() == clock.today() else clock.say_date(opens)
    return f"{opens:%-H:%M} {day}"


def listed(session: Session, limit: int = 50) -> list[Ticket]:
    """Return the tickets that wait, oldest first."""
    return list(
        session.execute(select(Ticket).where(Ticket.state == "open").order_by(Ticket.id).limit(limit)).scalars()
    )


def follow(session: Session, before: int, after: int) -> None:
    """Let the tickets of a conversation, and its chat, go on in another: its channel was linked to that one."""
    chats.follow(session, before, after)
    session.execute(
        update(Ticket)
        .where(Ticket.conversation_id == before)
        .values(conversation_id=after)
        .execution_options(synchronize_session=False)
    )
