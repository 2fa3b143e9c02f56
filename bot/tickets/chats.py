"""Conversations that wait for a person or have one: the queue, its places, and how long it takes.

Whoever changes a chat holds its conversation (`bot.conversation.staffing`), so that no turn runs meanwhile.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.tickets.models import Chat, Ticket

STILL = ("waiting", "taken")
RECENT, RECENT_WAITS = timedelta(hours=2), 20  # waits that tell how long the next one may take
LONGEST_TOLD = 60  # minutes; beyond that no number is given


def begin(session: Session, conversation_id: int, ticket: Ticket | None) -> Chat:
    """Return the chat that goes on in a conversation, a new one that waits if there is none."""
    found = going_on(session, conversation_id)
    if found is not None:
        return found
    chat = Chat(
        conversation_id=conversation_id,
        ticket_id=ticket.id if ticket else None,
        state="waiting",
        team=ticket.team if ticket else None,
        waiting_since=clock.now(),
    )
    session.add(chat)
    session.flush()
    return chat


def going_on(session: Session, conversation_id: int) -> Chat | None:
    """Return the chat that waits or is taken in a conversation; None without one."""
    found: Chat | None = session.execute(
        select(Chat).where(Chat.conversation_id == conversation_id, Chat.state.in_(STILL))
    ).scalar_one_or_none()
    return found


def position(session: Session, chat: Chat) -> int:
    """Return the place of a waiting chat among those that wait (1 = next)."""
    ahead = select(func.count()).select_from(Chat).where(Chat.state == "waiting", Chat.id <= chat.id)
    return int(session.execute(ahead).scalar_one())


def estimated_wait(session: Session, place: int) -> timedelta | None:
    """Return about how long somebody at this place of the queue waits; None when nothing recent tells.

    The middle of the last waits, as many times as there are rounds of people ahead for those who answer now.
    """
    rows = session.execute(
        select(Chat.waiting_since, Chat.taken_at)
        .where(Chat.taken_at >= clock.now() - RECENT)
        .order_by(Chat.taken_at.desc())
        .limit(RECENT_WAITS)
    ).all()
    if not rows:
        return None
    waits = sorted(row.taken_at - row.waiting_since for row in rows)
    at_work = session.execute(
        select(func.count(Chat.staff_id.distinct())).where(Chat.taken_at >= clock.now() - RECENT)
    ).scalar_one()
    return waits[len(waits) // 2] * -(-place // max(1, int(at_work)))


def say_wait(session: Session, chat: Chat) -> str:
    """Return place and wait as the citizen is told: "Anh/chị ở vị trí thứ 3, chờ khoảng 6 phút."; "" for none."""
    place = position(session, chat)
    wait = estimated_wait(session, place)
    minutes = max(1, round(wait.total_seconds() / 60)) if wait is not None else None
    if minutes is not None and minutes <= LONGEST_TOLD:
        return f"Anh/chị ở vị trí thứ {place}, chờ khoảng {minutes} phút."
    return f"Anh/chị ở vị trí thứ {place}." if place > 1 else ""


def end(session: Session, chat: Chat, at: datetime) -> None:
    """End a chat, and with it the ticket that it began with."""
    chat.state, chat.ended_at = "ended", at
    if chat.ticket_id:
        session.execute(
            update(Ticket)
            .where(Ticket.id == chat.ticket_id, Ticket.state != "closed")
            .values(state="closed", closed_at=at)
            .execution_options(synchronize_session=False)
        )
    session.flush()


def follow(session: Session, before: int, after: int) -> None:
    """Let the chat of a conversation go on in another; where that has one of its own, ours ends."""
    ours = going_on(session, before)
    if ours is None:
        return
    if going_on(session, after) is not None:
        end(session, ours, clock.now())
    ours.conversation_id = after
    session.flush()
