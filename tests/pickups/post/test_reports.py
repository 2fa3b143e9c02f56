"""Events of the post in any order, any number of times: the end is the same, and nobody is told twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from bot import clock
from bot.db.engine import Database
from bot.pickups.models import STATES
from bot.pickups.post import reports
from bot.pickups.post.reports import Report, ReportRefused, Taken
from bot.pickups.states import MOVES

from .conftest import SUNDAY, change, history, row, told

Book = Callable[..., str]
HOURS = {"confirmed": 8, "assigned": 9, "out_for_delivery": 10, "delivered": 11}


@pytest.fixture(autouse=True)
def _evening(_sunday: None, book: Book) -> Any:
    """The evening of the Monday on which all this happens; what is booked is booked the day before."""
    with clock.frozen("2026-11-23T20:00:00+07:00"):
        yield


@pytest.fixture
def report(town: Database) -> Callable[..., Taken | str]:
    """Report; returns what became of it, or why it was refused."""

    def make(number: str, state: str, at: str | int, event_id: str | None = None, **fields: Any) -> Taken | str:
        moment = clock.parse(f"2026-11-23T{at:02d}:00" if isinstance(at, int) else at)
        try:
            with town.unit_of_work() as session:
                return reports.take(session, number, Report(event_id or f"{state}-{at}", state, moment, **fields))
        except ReportRefused as error:
            return error.reason

    return make


def booked(book: Book, **fields: Any) -> str:
    with clock.frozen(SUNDAY):
        return book(**fields)


@pytest.mark.parametrize("order", list(permutations(HOURS)), ids="-".join)
def test_in_whatever_order_a_life_comes_its_end_is_the_same(
    town: Database, book: Book, report: Callable[..., Taken | str], order: tuple[str, ...]
) -> None:
    number = booked(book, talking=True)
    for _ in HOURS:  # a sender repeats what was refused, and sometimes what was not
        for state in order:
            report(number, state, HOURS[state])
    assert row(town, number).state == "delivered"
    assert history(town, number) == ["requested", *HOURS]
    assert told(town, number) == list(HOURS)


def test_an_older_event_is_history(town: Database, book: Book, report: Callable[..., Taken | str]) -> None:
    number = booked(book, talking=True)
    report(number, "confirmed", 10)
    assert report(number, "rejected", 9) == Taken(True, False, "confirmed")
    assert report(number, "rejected", 9) == Taken(False, False, "confirmed")
    assert history(town, number) == ["requested", "confirmed", "rejected"] and told(town, number) == ["confirmed"]


def test_a_state_that_was_passed_or_is_there_is_history(
    town: Database, book: Book, report: Callable[..., Taken | str]
) -> None:
    number = booked(book, talking=True)
    for state, hour in (("confirmed", 8), ("assigned", 9)):
        report(number, state, hour)
    for state in ("confirmed", "assigned"):
        assert report(number, state, 12) == Taken(True, False, "assigned")
    assert told(town, number) == ["confirmed", "assigned"]
    assert report(number, "out_for_delivery", 13) == Taken(True, True, "out_for_delivery")


def test_what_came_late_is_no_state_that_was_passed(
    town: Database, book: Book, report: Callable[..., Taken | str]
) -> None:
    number = booked(book)
    report(number, "confirmed", 9)
    report(number, "assigned", 10)
    assert report(number, "delivered", 8) == Taken(True, False, "assigned")
    assert report(number, "delivered", 12) == "move_refused", "it would be lost as history"


def test_a_second_trip_is_a_move_though_there_was_a_first(
    town: Database, book: Book, report: Callable[..., Taken | str]
) -> None:
    number = booked(book, talking=True)
    life = ("confirmed", "assigned", "out_for_delivery", "failed_1", "out_for_delivery", "delivered")
    for hour, state in enumerate(life, 8):
        assert report(number, state, hour) == Taken(True, True, state)
    assert told(town, number) == list(life)


def test_the_second_trip_in_vain_is_not_the_first(
    town: Database, book: Book, report: Callable[..., Taken | str]
) -> None:
    number = booked(book)
    for hour, state in enumerate(("confirmed", "assigned", "out_for_delivery", "failed_1", "out_for_delivery"), 8):
        report(number, state, hour)
    with pytest.raises(ReportRefused) as found, town.unit_of_work() as session:
        reports.take(session, number, Report("again", "failed_1", clock.parse("2026-11-23T15:00")))
    assert found.value.reason == "move_refused" and str(found.value).endswith("chỉ có thể là: delivered, failed_2")
    assert report(number, "failed_2", 15) == "too_soon"
    with clock.frozen("2026-11-26T20:00:00+07:00"):
        assert report(number, "failed_2", "2026-11-26T10:00") == Taken(True, True, "failed_2")
    assert row(town, number).next_visit_on is not None


def test_a_confirmation_of_the_old_facts_does_not_confirm_the_new(
    town: Database, book: Book, report: Callable[..., Taken | str]
) -> None:
    number = booked(book)
    report(number, "confirmed", 8)
    with clock.frozen("2026-11-23T10:00:00+07:00"):
        change(town, number, address="7 Trần Phú", date=clock.parse("2026-11-25").astimezone(clock.VIETNAM).date())
    assert report(number, "confirmed", "2026-11-23T09:59:59", "again") == Taken(True, False, "requested")
    assert report(number, "assigned", 11) == "move_refused", "it was confirmed, but before the change"
    assert report(number, "confirmed", 8) == Taken(False, False, "requested"), "a repetition is still the same"
    assert report(number, "confirmed", 12) == Taken(True, True, "confirmed")


def test_a_slow_clock_cannot_keep_a_booking_from_being_confirmed(
    town: Database, book: Book, report: Callable[..., Taken | str]
) -> None:
    number = booked(book)  # made on Sunday at nine
    assert report(number, "confirmed", "2026-11-22T08:30:00") == Taken(True, True, "confirmed")


def test_what_the_citizen_cancelled_stays_cancelled(
    town: Database, book: Book, report: Callable[..., Taken | str]
) -> None:
    from .conftest import cancel

    number = booked(book)
    with clock.frozen("2026-11-23T10:00:00+07:00"):
        cancel(town, number)
    assert report(number, "confirmed", 9) == Taken(True, False, "cancelled"), "the post learns that it is cancelled"
    assert report(number, "confirmed", 11) == "move_refused"
    assert report(number, "cancelled", 12) == Taken(True, False, "cancelled")


def test_no_move_beside_the_table_is_made(town: Database, book: Book, report: Callable[..., Taken | str]) -> None:
    number = booked(book)
    for state in reports.REPORTABLE:
        if state not in MOVES["requested"]:
            assert report(number, state, 9) == "move_refused"
    assert set(reports.REPORTABLE) == set(STATES) - {"requested"}
    assert history(town, number) == ["requested"]


def test_a_collection_is_not_out_for_delivery(town: Database, book: Book, report: Callable[..., Taken | str]) -> None:
    number = booked(book, service="collect", procedure_code="1.001193")
    for hour, state in enumerate(("confirmed", "assigned"), 8):
        report(number, state, hour)
    assert report(number, "out_for_delivery", 12) == "move_refused"
    assert report(number, "picked_up", 13) == Taken(True, True, "picked_up")


def test_the_future_begins_five_minutes_from_now(book: Book, report: Callable[..., Taken | str]) -> None:
    number = booked(book)
    ahead = clock.now() + reports.AHEAD
    assert report(number, "confirmed", (ahead + timedelta(seconds=1)).isoformat()) == "future_event"
    assert report(number, "confirmed", ahead.isoformat()) == Taken(True, True, "confirmed")


def test_the_parcels_number_is_that_of_the_latest_event(
    town: Database, book: Book, report: Callable[..., Taken | str]
) -> None:
    number = booked(book)
    first, second, third = "EB125966888VN", "EB473124829VN", "EB000000005VN"
    report(number, "confirmed", 8, tracking=first)
    report(number, "assigned", 9)
    assert row(town, number).tracking == first
    report(number, "out_for_delivery", 10, tracking=second)
    report(number, "assigned", "2026-11-23T09:30", tracking=third)  # late
    assert row(town, number).tracking == second
    assert report(number, "confirmed", 8, tracking=first) == Taken(False, False, "out_for_delivery")


def test_another_parcel_under_the_id_of_the_latest_event_differs(
    town: Database, book: Book, report: Callable[..., Taken | str]
) -> None:
    number = booked(book)
    report(number, "confirmed", 8, tracking="EB125966888VN")
    assert report(number, "confirmed", 8, tracking="EB473124829VN") == "event_differs"
    assert row(town, number).tracking == "EB125966888VN"
