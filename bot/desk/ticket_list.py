"""The list of tickets: late ones first, by state, topic, owner and words; what is near its deadline."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from bot import clock
from bot.privacy.masking import mask_phone
from bot.staff.accounts import Member
from bot.staff.models import Staff
from bot.tickets import timers
from bot.tickets.models import Ticket
from bot.tickets.names import STATE_NAMES, TOPIC_NAMES

TABS = {"open": "Đang mở", "mine": "Của tôi", "soon": "Sắp quá hạn", "late": "Quá hạn", "closed": "Đã xong"}
PAGE = 50  # rows at a time
_SNIPPET = 90
_LONG_NUMBER = re.compile(r"(?<![\w.-])\+?\d(?:[ .]?\d){8,12}(?![\w-])")


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; `owner` is a number, "none" or ""."""

    tab: str = "open"
    topic: str = ""
    owner: str = ""
    words: str = ""
    page: int = 1


@dataclass(frozen=True)
class Row:
    """A ticket in the list; its summary is cut and masked."""

    id: int
    number: str
    topic: str
    state: str
    subject: str | None
    owner: str | None
    team: str | None
    snippet: str
    standing: str  # closed, late, soon, running, none
    left: str
    due_at: datetime | None
    created_at: datetime


def rows(session: Session, wanted: Wanted, member: Member) -> list[Row]:
    """Return one page of the list, and one row more where another page follows."""
    order: tuple[Any, ...] = (case((Ticket.due_at.is_(None), 1), else_=0), Ticket.due_at, Ticket.id)
    if wanted.tab == "closed":
        order = (Ticket.closed_at.desc(), Ticket.id.desc())
    found = session.execute(
        select(Ticket, Staff.display_name)
        .outerjoin(Staff, Staff.id == Ticket.taken_by)
        .where(*_narrowed(wanted, member))
        .order_by(*order)
        .limit(PAGE + 1)
        .offset((wanted.page - 1) * PAGE)
    )
    return [_row(ticket, owner) for ticket, owner in found]


def counts(session: Session, member: Member) -> dict[str, int]:
    """Return how many tickets each tab but the closed ones holds."""
    return {
        tab: session.execute(select(func.count()).where(*_narrowed(Wanted(tab), member))).scalar_one()
        for tab in TABS
        if tab != "closed"
    }


def alerts(session: Session, member: Member) -> list[Row]:
    """Return the tickets near their deadline that this member may do something about, at most ten."""
    wanted = select(Ticket, Staff.display_name).outerjoin(Staff, Staff.id == Ticket.taken_by)
    wanted = wanted.where(*_narrowed(Wanted("soon"), member))
    if member.role == "agent":
        wanted = wanted.where(or_(Ticket.taken_by == member.id, Ticket.taken_by.is_(None)))
    return [_row(*found) for found in session.execute(wanted.order_by(Ticket.due_at).limit(10))]


def _narrowed(wanted: Wanted, member: Member) -> list[Any]:
    now = clock.now()
    still = Ticket.state != "closed"
    narrowed: dict[str, list[Any]] = {
        "open": [still],
        "mine": [still, Ticket.taken_by == member.id],
        "soon": [still, Ticket.warned_at.is_not(None), Ticket.due_at >= now],
        "late": [still, Ticket.due_at < now],
        "closed": [Ticket.state == "closed"],
    }
    found = narrowed[wanted.tab]
    if wanted.topic:
        found.append(Ticket.topic == wanted.topic)
    if wanted.owner:
        found.append(Ticket.taken_by.is_(None) if wanted.owner == "none" else Ticket.taken_by == int(wanted.owner))
    if wanted.words:
        found.append(or_(Ticket.number == wanted.words.upper(), Ticket.subject == wanted.words.upper()))
    return found


def _row(ticket: Ticket, owner: str | None) -> Row:
    text = " ".join((ticket.summary or "").split())
    masked = _LONG_NUMBER.sub(lambda found: mask_phone(found[0]), text)
    return Row(
        ticket.id,
        ticket.number,
        TOPIC_NAMES[ticket.topic],
        STATE_NAMES[ticket.state],
        ticket.subject,
        owner,
        ticket.team,
        masked[:_SNIPPET] + ("…" if len(masked) > _SNIPPET else ""),
        timers.standing(ticket),
        timers.say_left(ticket),
        ticket.due_at,
        ticket.created_at,
    )
