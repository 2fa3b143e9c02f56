"""Complaints about a delivery: which booking is meant, until when it can be complained of, when the answer is due.

Within six months; answered within five working days inside the province and seven beyond it (QĐ 45/2016/QĐ-TTg and
TT 17/2017/TT-BTTTT, as of 2026-11-22).
"""

from __future__ import annotations

import calendar
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.pickups import booking
from bot.pickups.access import Visitor, is_own
from bot.pickups.models import Pickup, PickupEvent
from bot.pickups.states import ENDS

WITHIN_MONTHS = 6
ANSWER_DAYS = {"province": 5, "special": 5, "outside": 7}  # working days, by zone
_NEVER_SENT = ("cancelled", "rejected")  # nothing was brought or fetched: meant only when it is named


def about(session: Session, visitor: Visitor, number: str | None) -> list[Pickup]:
    """Return the bookings that a complaint may be about: one when it is clear, none when it is not known here.

    Only this conversation's own: a number alone, in other hands, must not tell whether it exists. Bookings that can be
    complained of no more count only where there is no other.
    """
    if number is not None:
        named = booking.find(session, number)
        return [named] if named is not None and is_own(named, visitor) else []
    if visitor.conversation_id is None:
        return []
    query = select(Pickup).where(
        Pickup.conversation_id == visitor.conversation_id,
        Pickup.state.not_in(_NEVER_SENT),
        Pickup.booking.is_not(None),  # long after its end its number is another booking's
    )
    mine = list(session.execute(query.order_by(Pickup.id.desc())).scalars())
    return [pickup for pickup in mine if not too_late(session, pickup)] or mine[:1]


def too_late(session: Session, pickup: Pickup) -> bool:
    """Return whether the time for complaints about this booking is over."""
    day = last_day(session, pickup)
    return day is not None and clock.today() > day


def last_day(session: Session, pickup: Pickup) -> date | None:
    """Return the last day for complaints, six months after the booking ended; None while it has not."""
    if pickup.state not in ENDS:
        return None
    ended = session.execute(
        select(func.max(PickupEvent.at)).where(PickupEvent.pickup_id == pickup.id, PickupEvent.state == pickup.state)
    ).scalar_one()
    return _months_after(clock.to_vietnam(ended or pickup.updated_at).date(), WITHIN_MONTHS)


def answer_days(pickup: Pickup | None) -> int:
    """Return the working days until the answer; the shorter term where the booking is not known."""
    return ANSWER_DAYS[pickup.zone if pickup is not None else "province"]


def _months_after(day: date, months: int) -> date:
    """Return the same day of a later month, its last one where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
