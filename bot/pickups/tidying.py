"""Tidying up bookings: a number that nobody will ask for again becomes free. There are only a million of them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.pickups.models import ENDED, Pickup

# Complaints are possible for six months (QĐ 45/2016/QĐ-TTg); as long again, for what comes late.
NUMBER_KEPT = timedelta(days=365)
AT_ONCE = 5_000


def free_numbers(session: Session) -> int:
    """Take the number from bookings that ended a year ago, some at a time; returns how many became free."""
    old = (
        select(Pickup.id)
        .where(Pickup.state.in_(ENDED), Pickup.updated_at < clock.now() - NUMBER_KEPT, Pickup.booking.is_not(None))
        .limit(AT_ONCE)
    )
    freed = session.execute(
        update(Pickup)
        .where(Pickup.id.in_(old.scalar_subquery()))
        .values(booking=None)
        .execution_options(synchronize_session=False)
    )
    return int(freed.rowcount)
