from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import clock
from bot.pickups import slots
from bot.pickups.models import PickupSlot

from .conftest import MONDAY, OFFICE, THURSDAY, WEDNESDAY


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-11-22T23:59:00+07:00", MONDAY),  # Sunday
        ("2026-11-23T00:01:00+07:00", WEDNESDAY),  # Monday; Tuesday 24/11 is the new holiday
        ("2026-11-27T10:00:00+07:00", date(2026, 11, 30)),  # Friday
    ],
)
def test_first_day_is_the_next_working_day(now: str, first: date) -> None:
    with clock.frozen(now):
        assert slots.first_day() == first
        assert slots.is_bookable_day(first)
        assert not slots.is_bookable_day(clock.today())


def test_neither_holidays_nor_weekends_are_offered(world: SimpleNamespace) -> None:
    for day in (date(2026, 11, 24), date(2026, 11, 28), date(2026, 11, 29)):
        world.session.add(PickupSlot(office_code=OFFICE, date=day, window="morning", capacity=9, taken=0))
    world.session.flush()
    assert {slot.date for slot in slots.open_slots(world.session, OFFICE)} == {MONDAY, WEDNESDAY, THURSDAY}


def test_next_open_comes_in_order_and_skips_full_ones(world: SimpleNamespace) -> None:
    for _ in range(2):
        assert slots.take(world.session, OFFICE, MONDAY, "morning")
    found = slots.next_open(world.session, OFFICE)
    assert [(slot.date, slot.window, slot.left) for slot in found] == [
        (MONDAY, "afternoon", 2),
        (WEDNESDAY, "morning", 2),
        (WEDNESDAY, "afternoon", 2),
    ]
    assert slots.next_days(world.session, OFFICE) == [MONDAY, WEDNESDAY, THURSDAY]


def test_capacity_zero_is_never_given(world: SimpleNamespace) -> None:
    day = date(2026, 11, 27)
    world.session.add(PickupSlot(office_code=OFFICE, date=day, window="morning", capacity=0, taken=0))
    world.session.flush()
    assert slots.take(world.session, OFFICE, day, "morning") is None
    assert slots.open_slots(world.session, OFFICE, day) == []


def test_a_place_given_back_can_be_taken_again(world: SimpleNamespace) -> None:
    first = slots.take(world.session, OFFICE, MONDAY, "morning")
    assert first == slots.take(world.session, OFFICE, MONDAY, "morning")
    assert slots.take(world.session, OFFICE, MONDAY, "morning") is None
    assert first is not None
    slots.release(world.session, first)
    assert slots.take(world.session, OFFICE, MONDAY, "morning") == first


def test_nothing_is_given_back_twice(world: SimpleNamespace) -> None:
    slot = slots.take(world.session, OFFICE, MONDAY, "morning")
    assert slot is not None
    slots.release(world.session, slot)
    slots.release(world.session, slot)
    taken = select(PickupSlot.taken).where(PickupSlot.id == slot)
    assert world.session.execute(taken).scalar_one() == 0


def test_an_unknown_half_day_has_no_place(world: SimpleNamespace) -> None:
    assert slots.take(world.session, OFFICE, date(2027, 1, 4), "morning") is None


def test_the_schema_itself_refuses_a_place_too_many(world: SimpleNamespace) -> None:
    with pytest.raises(IntegrityError), world.session.begin_nested():
        world.session.execute(PickupSlot.__table__.update().values(taken=PickupSlot.capacity + 1))


def test_demo_slots_cover_the_next_fifteen_working_days_once(world: SimpleNamespace, session: Session) -> None:
    made = slots.make_demo_slots(session, [OFFICE])
    assert made == 15 * 2 - 6  # six half-days were there already
    assert slots.make_demo_slots(session, [OFFICE]) == 0
    last = session.execute(select(func.max(PickupSlot.date))).scalar_one()
    assert last == date(2026, 12, 14)
    assert all(3 <= slot.left <= 6 for slot in slots.open_slots(session, OFFICE, last))
