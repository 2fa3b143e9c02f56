"""On the evening before the postman comes: once, in the evening only, and only while he still comes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from bot import clock
from bot.conversation import notices
from bot.conversation.models import Conversation, OutboxMessage
from bot.conversation.ways import Ways
from bot.db.engine import Database
from bot.dossiers.intake import storing as dossiers
from bot.pickups import booking, moves, reminders
from bot.pickups.models import Pickup, PickupNotice

from .conftest import BIRTH, CODE, MONDAY, PHONE, WEDNESDAY, add_world, delivery

WEB = Ways(looking=["web"])
EVENING = "2026-11-22T19:00:00+07:00"  # Sunday


@pytest.fixture
def book(database: Database) -> Callable[..., int]:
    """Book in a conversation of its own; returns the booking's row."""
    with database.unit_of_work() as session:
        add_world(session, capacity=20)
        dossiers.put(session, CODE, {"code": CODE, "procedure_code": BIRTH, "owner_phone": PHONE, "status": 9})

    def _book(*states: str, talks: bool = True, **fields: Any) -> int:
        with database.unit_of_work() as session:
            conversation = Conversation(channel="web", sender=clock.now().isoformat(), created_at=clock.now())
            conversation.sender += str(len(session.execute(select(Conversation.id)).all()))
            session.add(conversation)
            session.flush()
            wanted = {"service": "collect", "dossier_code": None, "procedure_code": BIRTH, "date": MONDAY, **fields}
            made = booking.book(session, delivery(conversation_id=conversation.id if talks else None, **wanted))
            assert isinstance(made, Pickup)
            for state in states:
                moves.move(session, made, state)  # his own doing: told of nothing but the visit
            return int(made.id)

    return _book


Book = Callable[..., int]


def change(database: Database, pickup_id: int, does: Callable[..., Any], *more: Any) -> None:
    with database.unit_of_work() as session:
        does(session, session.get(Pickup, pickup_id), *more)


def rows(database: Database) -> list[tuple[int, str, str]]:
    with database.reading() as session:
        query = select(PickupNotice.pickup_id, PickupNotice.about, PickupNotice.state).order_by(PickupNotice.id)
        return [tuple(row) for row in session.execute(query)]


def texts(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.execute(select(OutboxMessage.text).order_by(OutboxMessage.id)).scalars())


@pytest.mark.parametrize(
    ("time", "written"), [("17:59:59", 0), ("18:00:00", 1), ("20:59:59", 1), ("21:00:00", 0), ("03:00:00", 0)]
)
def test_only_in_the_evening(database: Database, book: Book, time: str, written: int) -> None:
    book()
    with clock.frozen(f"2026-11-22T{time}+07:00"):
        assert notices.write_reminders(database) == written
        assert notices.write_reminders(database) == 0, "once"
        assert notices.tell_waiting(database, WEB) == written
    assert [row[1:] for row in rows(database)] == [("2026-11-23", "told")] * written


@pytest.mark.parametrize("states", [(), ("confirmed",), ("confirmed", "assigned")])
def test_whatever_is_to_come_is_reminded_of(database: Database, book: Book, states: tuple[str, ...]) -> None:
    book(*states)
    with clock.frozen(EVENING):
        notices.write_reminders(database)
        assert notices.tell_waiting(database, WEB) == 1
    (text,) = texts(database)
    assert "sáng mai, thứ hai 23/11/2026" in text
    assert ("chưa xác nhận" in text) is (states == ()), "what is not confirmed is not promised"


@pytest.mark.parametrize(
    "states",
    [("cancelled",), ("rejected",), ("confirmed", "assigned", "picked_up"), ("confirmed", "assigned", "failed_1")],
)
def test_nothing_else_is(database: Database, book: Book, states: tuple[str, ...]) -> None:
    book(*states)
    with clock.frozen(EVENING):
        assert notices.write_reminders(database) == 0


def test_another_day_and_nobody_to_tell(database: Database, book: Book) -> None:
    book(date=WEDNESDAY)
    book(talks=False)
    with clock.frozen(EVENING):
        assert notices.write_reminders(database) == 0


def test_the_evening_before_may_be_a_holiday(database: Database, book: Book) -> None:
    book(date=WEDNESDAY)
    with clock.frozen("2026-11-23T19:00:00+07:00"):
        assert notices.write_reminders(database) == 0
    with clock.frozen("2026-11-24T19:00:00+07:00"):  # Ngày Văn hóa Việt Nam
        assert notices.write_reminders(database) == 1
        assert notices.tell_waiting(database, WEB) == 1
    assert "sáng mai, thứ tư 25/11/2026" in texts(database)[0]


def test_after_a_visit_in_vain_the_next_one_is_two_working_days_later(database: Database, book: Book) -> None:
    pickup = book("confirmed", "assigned")
    with clock.frozen("2026-11-23T10:00:00+07:00"):  # Monday; Tuesday is a holiday
        change(database, pickup, moves.move, "failed_1")
    for day in ("2026-11-23", "2026-11-24"):
        with clock.frozen(f"{day}T19:00:00+07:00"):
            assert notices.write_reminders(database) == 0
    with clock.frozen("2026-11-25T19:00:00+07:00"):
        assert notices.write_reminders(database) == 1
        assert notices.tell_waiting(database, WEB) == 1
    assert "từ ngày mai, thứ năm 26/11/2026" in texts(database)[0]


def test_cancelled_in_between(database: Database, book: Book) -> None:
    pickup = book()
    with clock.frozen(EVENING):
        notices.write_reminders(database)
        change(database, pickup, booking.cancel)
        assert notices.tell_waiting(database, WEB) == 0
    assert [row[2] for row in rows(database)] == ["superseded"]


def test_moved_in_between_and_reminded_before_the_new_day(database: Database, book: Book) -> None:
    pickup = book()
    later = delivery(service="collect", dossier_code=None, procedure_code=BIRTH, date=WEDNESDAY)
    with clock.frozen(EVENING):
        notices.write_reminders(database)
        change(database, pickup, booking.change, later)
        assert notices.tell_waiting(database, WEB) == 0
    with clock.frozen("2026-11-24T18:00:00+07:00"):
        notices.write_reminders(database)
        assert notices.tell_waiting(database, WEB) == 1
    assert [row[1:] for row in rows(database)] == [("2026-11-23", "superseded"), ("2026-11-25", "told")]


def test_the_evening_that_went_by_is_made_up_for_in_the_morning_and_never_later(database: Database, book: Book) -> None:
    book()
    book()
    with clock.frozen("2026-11-22T20:59:59+07:00"):
        notices.write_reminders(database)
    with clock.frozen("2026-11-22T21:00:00+07:00"):
        assert notices.tell_waiting(database, WEB) == 0
    with clock.frozen("2026-11-23T07:00:00+07:00"):
        assert notices.tell_waiting(database, WEB) == 2
    assert "sáng nay, thứ hai 23/11/2026" in texts(database)[0]
    book(date=WEDNESDAY)
    with clock.frozen("2026-11-24T20:00:00+07:00"):
        notices.write_reminders(database)
    with clock.frozen("2026-11-26T09:00:00+07:00"):
        assert notices.tell_waiting(database, WEB) == 0
    assert rows(database)[-1][1:] == ("2026-11-25", "superseded")


def test_confirmed_after_it_was_written(database: Database, book: Book) -> None:
    pickup = book()
    with clock.frozen(EVENING):
        notices.write_reminders(database)
        change(database, pickup, moves.move, "confirmed")
        notices.tell_waiting(database, WEB)
    assert "chưa xác nhận" not in texts(database)[0]


def test_several_processes_write_and_tell_once(database: Database, book: Book) -> None:
    pickups = [book() for _ in range(12)]
    barrier = Barrier(4)

    def work(_: int) -> int:
        barrier.wait(10)
        return notices.write_reminders(database) + 1000 * notices.tell_waiting(database, WEB)

    with clock.frozen(EVENING):
        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(work, range(4)))
        count = sum(number // 1000 for number in done)
        while more := notices.tell_waiting(database, WEB):
            count += more
    assert sum(number % 1000 for number in done) == count == 12
    assert sorted(row[0] for row in rows(database)) == pickups
    assert len(texts(database)) == 12


def test_is_time_is_vietnam_time() -> None:
    assert reminders.is_time(clock.parse("2026-11-22T11:00:00+00:00"))
    assert not reminders.is_time(clock.parse("2026-11-22T14:00:00+00:00"))
