"""The last place: first the race is shown to exist with the guard off, then to be gone with it on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from bench import pickup_race
from bot.db.engine import Database
from bot.pickups import booking, slots
from bot.pickups.eligibility import Refusal
from bot.pickups.models import Pickup, PickupSlot

from .conftest import BIRTH, MONDAY, OFFICE, add_world, delivery

THREADS = 8
THE_SLOT = (PickupSlot.office_code == OFFICE, PickupSlot.date == MONDAY, PickupSlot.window == "morning")


@pytest.fixture
def crowd(database: Database) -> Database:
    """A database in which every half-day has one place left."""
    with database.unit_of_work() as session:
        add_world(session, capacity=1)
    return database


def all_at_once(attempt: Callable[[Barrier], bool]) -> int:
    """Run the attempt in all threads at the same moment; returns how many succeeded."""
    barrier = Barrier(THREADS)
    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(lambda _: attempt(barrier), range(THREADS)))


def taken(database: Database) -> int:
    with database.reading() as session:
        found: int = session.execute(select(PickupSlot.taken).where(*THE_SLOT)).scalar_one()
        return found


def test_without_the_guard_everybody_gets_the_last_place(crowd: Database) -> None:
    def attempt(barrier: Barrier) -> bool:
        with crowd.reading() as session:
            left = session.execute(select(PickupSlot.capacity - PickupSlot.taken).where(*THE_SLOT)).scalar_one()
            before = session.execute(select(PickupSlot.taken).where(*THE_SLOT)).scalar_one()
        barrier.wait(10)
        with crowd.unit_of_work() as session:
            session.execute(update(PickupSlot).where(*THE_SLOT).values(taken=before + 1))
        return bool(left)

    assert all_at_once(attempt) == THREADS  # eight people were promised one place
    assert taken(crowd) == 1


def test_counting_without_the_condition_is_stopped_by_the_schema(crowd: Database) -> None:
    def attempt(barrier: Barrier) -> bool:
        barrier.wait(10)
        try:
            with crowd.unit_of_work() as session:
                session.execute(update(PickupSlot).where(*THE_SLOT).values(taken=PickupSlot.taken + 1))
        except IntegrityError:
            return False
        return True

    assert all_at_once(attempt) == 1
    assert taken(crowd) == 1


def test_with_the_guard_one_person_gets_the_last_place(crowd: Database) -> None:
    def attempt(barrier: Barrier) -> bool:
        barrier.wait(10)
        with crowd.unit_of_work() as session:
            return slots.take(session, OFFICE, MONDAY, "morning") is not None

    assert all_at_once(attempt) == 1
    assert taken(crowd) == 1


def test_one_booking_is_made_and_the_others_are_offered_other_times(crowd: Database) -> None:
    request = delivery(service="collect", dossier_code=None, procedure_code=BIRTH)
    refused: list[Refusal] = []

    def attempt(barrier: Barrier) -> bool:
        barrier.wait(10)
        with crowd.unit_of_work() as session:
            made = booking.book(session, request)
            if isinstance(made, Pickup):
                return True
            refused.append(made)
            return False

    assert all_at_once(attempt) == 1
    assert taken(crowd) == 1
    assert {refusal.reason for refusal in refused} == {"slot_full"}
    assert all(len(refusal.alternatives) == 3 for refusal in refused)
    with crowd.reading() as session:
        assert len(session.execute(select(Pickup)).scalars().all()) == 1


@pytest.mark.parametrize(("guard", "rounds"), [(False, 5), (True, 100)], ids=["guard off", "guard on"])
def test_fifty_in_four_processes_want_the_last_place(database: Database, guard: bool, rounds: int) -> None:
    url = database.url.render_as_string(hide_password=False)
    tally = pickup_race.run(url, rounds=rounds, takers=50, guard=guard)
    if guard:
        assert (tally.double, tally.none) == (0, 0)
    else:
        assert tally.double == rounds and tally.most > 25  # the control: without the guard the race is there
