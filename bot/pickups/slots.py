"""The places a postman has per half-day: which are open, and taking one so that it is never given twice.

Whether post offices work on Saturdays is not known, so only working days are offered.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlalchemy import Date, bindparam, insert, select, text, update
from sqlalchemy.orm import Session

from bot import clock
from bot.pickups.models import WINDOWS, PickupSlot
from bot.working_days import add_working_days, is_working_day

LEAD_WORKING_DAYS = 1
DEMO_WORKING_DAYS = 15
ALL = 10**6
SPARE = 20  # half-days read beyond those wanted, because some may lie on days off


_slots = PickupSlot.__table__.columns
_TAKE = text(
    """
    UPDATE pickup_slots SET taken = taken + 1
    WHERE office_code = :office AND date = :day AND "window" = :window AND taken < capacity
    RETURNING id
    """
).bindparams(bindparam("day", type_=Date))
# "morning" before "afternoon", as the alphabet has it the other way round.
_OPEN = (
    select(_slots.date, _slots.window, _slots.capacity - _slots.taken)
    .where(_slots.office_code == bindparam("office"), _slots.taken < _slots.capacity)
    .where(_slots.date >= bindparam("first"), _slots.date <= bindparam("last"))
    .order_by(_slots.date, _slots.window.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class OpenSlot:
    """A half-day that still has places."""

    date: date
    window: str
    left: int


def first_day() -> date:
    """Return the first day that can be booked now."""
    return add_working_days(clock.today(), LEAD_WORKING_DAYS)


def is_bookable_day(day: date) -> bool:
    """Tell whether the postman can be booked for `day` at all, places aside."""
    return day >= first_day() and is_working_day(day)


def open_slots(session: Session, office: str, day: date | None = None) -> list[OpenSlot]:
    """Return the open half-days of `office`, earliest first; with `day` only those of that day."""
    return list(_open(session, office, day or first_day(), day or date.max, ALL))


def next_open(session: Session, office: str, n: int = 3) -> list[OpenSlot]:
    """Return the next `n` open half-days of `office`."""
    return list(islice(_open(session, office, first_day(), date.max, n), n))


def next_days(session: Session, office: str, n: int = 3) -> list[date]:
    """Return the next `n` days on which `office` has an open half-day."""
    found = _open(session, office, first_day(), date.max, n * len(WINDOWS))
    return list(islice(dict.fromkeys(slot.date for slot in found), n))


def _open(session: Session, office: str, first: date, last: date, at_least: int) -> Iterator[OpenSlot]:
    """Yield open half-days from `first` to `last`, earliest first; not all are read where `at_least` will do."""
    wanted = {"office": office, "first": first, "last": last}
    for most in (min(at_least + SPARE, ALL), ALL):
        rows = session.execute(_OPEN, {**wanted, "most": most}).all()
        found = [OpenSlot(*row) for row in rows if is_bookable_day(row[0])]
        if len(found) >= at_least or len(rows) < most or most == ALL:
            yield from found
            return


def take(session: Session, office: str, day: date, window: str) -> int | None:
    """Take one place; returns the slot's id, or None when none is left.

    One statement checks and counts, so two people who want the last place cannot both get it.
    """
    taken: int | None = session.execute(_TAKE, {"office": office, "day": day, "window": window}).scalar()
    return taken


def release(session: Session, slot_id: int) -> None:
    """Give one place back."""
    session.execute(
        update(PickupSlot)
        .where(PickupSlot.id == slot_id, PickupSlot.taken > 0)
        .values(taken=PickupSlot.taken - 1)
        .execution_options(synchronize_session=False)
    )


def make_demo_slots(session: Session, offices: Iterable[str], days: int = DEMO_WORKING_DAYS) -> int:
    """Give every office slots for the coming working days where it has none; returns how many were made.

    Capacities differ from slot to slot, but are the same at every start.
    """
    dates = [add_working_days(clock.today(), number) for number in range(1, days + 1)]
    known = {
        tuple(row)
        for row in session.execute(
            select(PickupSlot.office_code, PickupSlot.date, PickupSlot.window).where(PickupSlot.date >= dates[0])
        )
    }
    rows = [
        {
            "office_code": office,
            "date": day,
            "window": window,
            "capacity": _capacity(office, day, window),
            "taken": 0,
        }
        for office in offices
        for day in dates
        for window in WINDOWS
        if (office, day, window) not in known
    ]
    if rows:
        session.execute(insert(PickupSlot), rows)
    return len(rows)


def _capacity(office: str, day: date, window: str) -> int:
    return 3 + zlib.crc32(f"{office}{day}{window}".encode()) % 4
