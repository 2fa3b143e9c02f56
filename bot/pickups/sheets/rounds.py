"""Which bookings a postman of an office has before him on a day, in which of his rounds.

A second visit keeps the half-day that the citizen once chose. Its day is the first on which he may come again
(two working days after the first, TT 17/2017/TT-BTTTT): one that was missed stays on the sheet until it is done.
Letters beyond the province have no office and no half-day of ours, so they are a round of their own that is
drawn when asked for: otherwise two offices would find the same letter on their sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from bot import clock
from bot.pickups import neighbours
from bot.pickups.models import WINDOWS, Pickup, PickupSlot
from bot.pickups.states import ENDS, MOVES
from bot.text import fold

OUTSIDE = "outside"
ROUNDS = (*WINDOWS, OUTSIDE)
# No postman has been there yet. A request that nobody has confirmed is on the sheet too, marked as such:
# its half-day is promised, and a post without a system confirms by reading the sheet.
TO_VISIT = ("requested", "confirmed", "assigned")
SECOND_VISIT = "failed_1"


def of_day(session: Session, office: str, day: date, only: str | None = None) -> dict[str, list[Pickup]]:
    """Return the bookings of each round of `office` on `day`, of both half-days or of the round `only`.

    They stand by commune, then by booking number. The round of letters beyond the province holds what was booked
    up to that day and has not left yet.
    """
    wanted = (only,) if only else WINDOWS
    found = _letters(session, day) if only == OUTSIDE else _visits(session, office, day)
    rounds: dict[str, list[Pickup]] = {name: [] for name in wanted}
    for pickup in found:
        name = OUTSIDE if only == OUTSIDE else pickup.slot.window
        if name in rounds:
            rounds[name].append(pickup)
    return {name: sorted(pickups, key=_place) for name, pickups in rounds.items()}


def under_way(session: Session, state: str | None = None, limit: int = 50) -> list[Pickup]:
    """Return the bookings in `state`, or all that have not ended, oldest first."""
    states = [state] if state else [name for name in MOVES if name not in ENDS]
    query = select(Pickup).options(joinedload(Pickup.slot)).where(Pickup.state.in_(states))
    return list(session.execute(query.order_by(Pickup.id).limit(limit)).scalars())


def _visits(session: Session, office: str, day: date) -> Sequence[Pickup]:
    first = and_(Pickup.state.in_(TO_VISIT), PickupSlot.date == day)
    due = Pickup.next_visit_on == day
    if day >= clock.today():
        due = or_(due, Pickup.next_visit_on < clock.today())
    again = and_(Pickup.state == SECOND_VISIT, due)
    query = (
        select(Pickup)
        .join(Pickup.slot)
        .options(contains_eager(Pickup.slot))
        .where(PickupSlot.office_code == office, or_(first, again))
    )
    found: Sequence[Pickup] = session.execute(query).scalars().all()
    return found


def _letters(session: Session, day: date) -> Sequence[Pickup]:
    next_midnight = datetime.combine(day + timedelta(days=1), time(), clock.VIETNAM)
    query = select(Pickup).where(Pickup.zone == OUTSIDE, Pickup.state.in_(TO_VISIT), Pickup.created_at < next_midnight)
    found: Sequence[Pickup] = session.execute(query).scalars().all()
    return found


def _place(pickup: Pickup) -> tuple[str, str]:
    name = pickup.destination or neighbours.unit_name(pickup.unit_code or "") or ""
    return fold(name.removeprefix("xã ").removeprefix("phường ").removeprefix("đặc khu ")), pickup.booking
