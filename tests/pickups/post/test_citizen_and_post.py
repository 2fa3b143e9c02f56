"""The citizen and the post touch one booking at once: one of them is first, and its place is given back once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import select

from bot import clock
from bot.db.engine import Database
from bot.pickups import booking
from bot.pickups.models import Pickup, PickupSlot
from bot.pickups.post import reports
from bot.pickups.post.reports import Report, ReportRefused

from ..conftest import MONDAY, OFFICE, WEDNESDAY, delivery
from .conftest import row


def taken(town: Database, day: date) -> int:
    with town.reading() as session:
        return session.execute(
            select(PickupSlot.taken).where(
                PickupSlot.office_code == OFFICE, PickupSlot.date == day, PickupSlot.window == "morning"
            )
        ).scalar_one()


@pytest.mark.parametrize("deed", ["cancel", "change"])
def test_citizen_and_post_at_once(town: Database, book: Callable[..., str], deed: str) -> None:
    book()  # somebody else's place in the same half-day
    for turn in range(12):
        number = book()
        seen = Barrier(2)

        def citizen(number: str = number, seen: Barrier = seen) -> object:
            with town.unit_of_work() as session:
                pickup = booking.find(session, number)
                assert pickup is not None
                if not town.is_sqlite:
                    seen.wait(10)  # both have seen it as it was
                if deed == "cancel":
                    return booking.cancel(session, pickup)
                return booking.change(session, pickup, delivery(dossier_code=pickup.dossier_code, date=WEDNESDAY))

        def post(number: str = number, seen: Barrier = seen) -> object:
            if not town.is_sqlite:
                seen.wait(10)
            try:
                with town.unit_of_work() as session:
                    return reports.take(session, number, Report("e", "rejected", clock.now()))
            except ReportRefused as error:
                return error.reason

        with ThreadPoolExecutor(2) as pool:
            for result in [pool.submit(citizen), pool.submit(post)]:
                result.result()
        state = row(town, number).state
        assert taken(town, MONDAY) == 1, f"{turn}: somebody else's place was given away, or one is lost ({state})"
        assert taken(town, WEDNESDAY) == len(_standing(town, WEDNESDAY))


def _standing(town: Database, day: date) -> list[int]:
    with town.reading() as session:
        return list(
            session.execute(
                select(Pickup.id)
                .join(PickupSlot, Pickup.slot_id == PickupSlot.id)
                .where(PickupSlot.date == day, Pickup.state.not_in(("cancelled", "rejected")))
            ).scalars()
        )
