"""The places a postman has per half-day: which are open, and taking one so that it is never given twice.

Whether post offices work on Saturdays is not known, so only working days are offered.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.pickups.models import WINDOWS, PickupSlot
from bot.working_days import add_working_days, is_working_day

LEAD_WORKING_DAYS = 1
DEMO_WORKING_DAYS = 15


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
    query = (
        select(PickupSlot.date, PickupSlot.window, PickupSlot.capacity - PickupSlot.taken)
        .where(PickupSlot.office_code == office, PickupSlot.taken < PickupSlot.capacity)
        .where(PickupSlot.date == day if day else PickupSlot.date >= first_day())
    )
    found = [OpenSlot(*row) for row in session.execute(query) if is_bookable_day(row[0])]
    return sorted(found, key=lambda slot: (slot.date, WINDOWS.index(slot.window)))


def next_open(session: Session, office: str, n: int = 3) -> list[OpenSlot]:
    """Return the next `n` open half-days of `office`."""
    return open_slots(session, office)[:n]


def next_days(session: Session, office: str, n: int = 3) -> list[date]:
    """Return the next `n` days on which `office` has an open half-day."""
    return list(dict.fromkeys(slot.date for slot in open_slots(session, office)))[:n]


def take(session: Session, office: str, day: date, window: str) -> int | None:
    """Take one place; returns the slot's id, or None when none is left.

    One statement checks and counts, so two people who want the last place cannot both get it.
    """
    which = (PickupSlot.office_code == office, PickupSlot.date == day, PickupSlot.window == window)
    result = session.execute(
        update(PickupSlot)
        .where(*which, PickupSlot.taken < PickupSlot.capacity)
        .values(taken=PickupSlot.taken + 1)
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:
        return None
    slot_id: int = session.execute(select(PickupSlot.id).where(*which)).scalar_one()
    return slot_id


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
