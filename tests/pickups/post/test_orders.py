"""Handing bookings over: each once, through lost answers, refusals, changes and cancelling; on both databases."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from fakes.post import FakePost
from sqlalchemy import select, update

from bot import clock
from bot.db.engine import Database
from bot.pickups.models import Pickup, PickupEvent
from bot.pickups.post import orders, steps
from bot.pickups.post.http_system import HttpSystem
from bot.pickups.post.system import Order, Placed

from ..conftest import DI_LINH, OFFICE, WEDNESDAY
from .conftest import PERSONAL, SUNDAY, cancel, change, row, tickets

Book = Callable[..., str]
AT = "2026-11-22T08:00:00+07:00"


@pytest.fixture
def hand_over(town: Database, system: HttpSystem) -> Callable[..., int]:
    """Hand over so many seconds after nine o'clock on that Sunday."""

    def run(seconds: float = 0) -> int:
        with clock.frozen(clock.parse(SUNDAY) + timedelta(seconds=seconds)):
            return orders.hand_over(town, system) + orders.withdraw(town, system)

    return run


def standing(post: FakePost) -> list[str]:
    """Return the bookings of the orders that stand; a changed booking with the count of its orders ("MC-…#2")."""
    found = [
        (order.body["booking"], order.body["key"].rsplit(".", 1)[1]) for order in post.orders if not order.cancelled
    ]
    return [booking if count == "1" else f"{booking}#{count}" for booking, count in found]


def test_each_booking_is_handed_over_once_with_what_the_post_needs(
    town: Database, book: Book, post: FakePost, hand_over: Callable[..., int]
) -> None:
    first, second = book(papers=({"name": "CCCD cũ", "original": 1, "copy": 0},)), book()
    assert [hand_over(), hand_over(), hand_over(3600)] == [2, 0, 0]
    assert standing(post) == [first, second] and len(post.seen) == 2
    body, found = post.orders[0].body, row(town, first)
    assert (found.post_order, found.tracking) == (post.orders[0].number, post.orders[0].tracking)
    assert found.state == "requested", "an order that was taken is not yet confirmed"
    assert body == {
        "key": f"{first}.{found.id}.1", "booking": first, "service": "deliver", "zone": "province",
        "recipient_name": PERSONAL[0],
        "phone": PERSONAL[1], "address": PERSONAL[2], "payment": "on_receipt", "proxy_name": None,
        "unit_code": DI_LINH, "unit_name": "xã Di Linh", "destination": None, "office_code": OFFICE,
        "date": "2026-11-23", "window": "morning", "dossier_code": found.dossier_code, "procedure_code": None,
        "papers": [{"name": "CCCD cũ", "original": 1, "copy": 0}],
    }  # fmt: skip


def test_only_what_stands_is_handed_over(
    town: Database, book: Book, post: FakePost, hand_over: Callable[..., int]
) -> None:
    by_hand, gone = book(), book()
    cancel(town, gone)
    with town.unit_of_work() as session:
        session.execute(update(Pickup).where(Pickup.booking == by_hand).values(state="assigned"))
    assert hand_over() == 0 and post.seen == []
    with town.unit_of_work() as session:
        session.execute(update(Pickup).where(Pickup.booking == by_hand).values(state="confirmed"))
    assert hand_over() == 1 and standing(post) == [by_hand]


@pytest.mark.parametrize("trouble", ["lost", "lost_before", "500", "slow:1.0", "garbage"])
def test_whatever_becomes_of_the_answer_there_is_one_order(
    town: Database, book: Book, post: FakePost, hand_over: Callable[..., int], trouble: str
) -> None:
    number = book()
    post.next(trouble)
    assert [hand_over(), hand_over(29)] == [0, 0]
    assert len(post.seen) == 1, "it was asked again too soon"
    assert [hand_over(30), hand_over(31)] == [1, 0]
    assert standing(post) == [number] and row(town, number).post_order == post.orders[0].number
    assert tickets(town) == []


def test_pauses_grow_and_people_hear_of_it_once(
    town: Database, book: Book, post: FakePost, hand_over: Callable[..., int]
) -> None:
    number = book()
    post.next(*["500"] * 10)
    tried = []
    for second in range(0, 12_000, 10):
        before = len(post.seen)
        hand_over(second)
        tried += [second] * (len(post.seen) - before)
        assert len(tickets(town)) == (len(tried) >= orders.TICKET_AFTER)
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert hand_over(20_000) == 1 and standing(post) == [number]
    ((subject, summary),) = tickets(town)
    assert subject == number and not any(word in summary for word in PERSONAL)


def test_one_that_fails_does_not_hold_up_the_others(
    town: Database, book: Book, post: FakePost, hand_over: Callable[..., int]
) -> None:
    first, second, third = book(), book(), book()
    post.next("refuse:address_unknown", "500")
    assert hand_over() == 1 and standing(post) == [third]
    assert hand_over(60) == 1 and standing(post) == [third, second]
    assert row(town, first).post_order.startswith("~r.")


def test_a_system_that_is_away_is_not_asked_for_each_booking(
    book: Book, post: FakePost, hand_over: Callable[..., int]
) -> None:
    numbers = [book() for _ in range(5)]
    post.next("500", "500", "500")
    assert hand_over() == 0 and len(post.seen) == orders.AWAY_AFTER
    assert hand_over() == 2 and standing(post) == numbers[3:]
    assert hand_over(30) == 3


def test_a_crash_after_the_claim_is_made_good(town: Database, book: Book, post: FakePost, system: HttpSystem) -> None:
    number = book()

    class Killed(BaseException):
        """As if the process were gone."""

    class Dying:
        def place(self, order: Order) -> Placed:
            system.place(order)
            raise Killed

    with pytest.raises(Killed):
        orders.hand_over(town, Dying())  # type: ignore[arg-type]
    for seconds, done in ((0, 0), (steps.CLAIM_SECONDS - 1, 0), (steps.CLAIM_SECONDS, 1)):
        with clock.frozen(clock.parse(SUNDAY) + timedelta(seconds=seconds)):
            assert orders.hand_over(town, system) == done
    assert standing(post) == [number]


def test_a_refused_order_is_left_to_people_until_the_booking_is_changed(
    town: Database, book: Book, post: FakePost, hand_over: Callable[..., int]
) -> None:
    number = book()
    post.next("refuse:address_unknown")
    assert [hand_over(), hand_over(86_400)] == [0, 0] and len(post.seen) == 1
    ((subject, summary),) = tickets(town)
    assert subject == number and "address_unknown" in summary
    assert row(town, number).state == "requested", "only people can tell the citizen no"
    change(town, number, address="7 Trần Phú")
    assert hand_over(86_400) == 1
    assert standing(post) == [f"{number}#2"] and post.orders[0].body["address"] == "7 Trần Phú"
    cancel(town, number)
    assert hand_over(86_400) == 1 and standing(post) == []


def test_a_number_that_another_booking_has_is_left_to_people(town: Database, book: Book) -> None:
    class Confused:
        def place(self, _order: Order) -> Placed:
            return Placed("VN-1")

    first, second = book(), book()
    assert orders.hand_over(town, Confused()) == 1  # type: ignore[arg-type]
    assert row(town, first).post_order == "VN-1"
    assert [(subject, "number_twice" in summary) for subject, summary in tickets(town)] == [(second, True)]


# --- cancelling ---


def test_what_is_cancelled_here_is_cancelled_there_once(
    town: Database, book: Book, post: FakePost, hand_over: Callable[..., int]
) -> None:
    number = book()
    hand_over()
    cancel(town, number)
    post.next("500")
    assert [hand_over(), hand_over(29), hand_over(30), hand_over(9_999)] == [0, 0, 1, 0]
    assert standing(post) == [] and len(post.seen) == 3


def test_an_order_whose_answer_was_lost_is_cancelled_all_the_same(
    town: Database, book: Book, post: FakePost, hand_over: Callable[..., int]
) -> None:
    number = book()
    post.next("lost")
    hand_over()
    assert standing(post) == [number]
    cancel(town, number)
    assert [hand_over(30), hand_over(9_999)] == [1, 0]
    assert standing(post) == []


def test_a_booking_cancelled_while_its_order_is_being_placed(
    town: Database, book: Book, post: FakePost, system: HttpSystem, hand_over: Callable[..., int]
) -> None:
    number = book()

    class Slow:
        def place(self, order: Order) -> Placed:
            cancel(town, number)
            return system.place(order)

    assert orders.hand_over(town, Slow()) == 1  # type: ignore[arg-type]
    assert standing(post) == [number]
    assert hand_over() == 1 and standing(post) == []


def test_an_order_that_cannot_be_cancelled_any_more_is_left_to_people(
    town: Database, book: Book, post: FakePost, hand_over: Callable[..., int]
) -> None:
    number = book()
    hand_over()
    post.report(number, "assigned", AT)
    cancel(town, number)
    assert [hand_over(), hand_over(9_999)] == [0, 0] and len(post.seen) == 2
    ((subject, summary),) = tickets(town)
    assert subject == number and "postman_under_way" in summary


# --- changing ---


def test_a_changed_booking_has_one_order_with_the_new_facts(
    town: Database, book: Book, post: FakePost, hand_over: Callable[..., int]
) -> None:
    number = book()
    hand_over()
    change(town, number, address="7 Trần Phú", date=WEDNESDAY)
    assert [hand_over(), hand_over(), hand_over()] == [1, 1, 0]  # the old one cancelled, the new one placed
    assert standing(post) == [f"{number}#2"]
    assert (post.orders[1].body["address"], post.orders[1].body["date"]) == ("7 Trần Phú", "2026-11-25")
    found = row(town, number)
    assert (found.post_order, found.tracking) == (f"{post.orders[1].number}#2", post.orders[1].tracking)


def test_a_booking_changed_before_the_answer_came_has_one_order(
    town: Database, book: Book, post: FakePost, hand_over: Callable[..., int]
) -> None:
    number = book()
    post.next("lost")
    hand_over()
    change(town, number, address="7 Trần Phú")
    assert [hand_over(30), hand_over(30), hand_over(9_999)] == [1, 1, 0]
    assert standing(post) == [f"{number}#2"]


def test_a_booking_changed_between_looking_and_claiming_waits_for_the_next_look(
    town: Database, book: Book, post: FakePost, hand_over: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    number, swap, done = book(), orders._swap, []

    def change_first(*arguments: object, **values: object) -> bool:
        if not done:
            done.append(True)
            session = arguments[0]
            pickup = select(Pickup).where(Pickup.booking == number)
            found = session.execute(pickup).scalar_one()  # type: ignore[attr-defined]
            found.events.append(PickupEvent(state="requested", at=clock.now(), note="changed"))
            session.flush()  # type: ignore[attr-defined]
        return swap(*arguments, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(orders, "_swap", change_first)
    assert hand_over() == 0 and post.seen == [] and row(town, number).post_order is None
    assert hand_over() == 1


def test_a_changed_booking_whose_old_order_cannot_be_cancelled_is_left_to_people(
    town: Database, book: Book, post: FakePost, hand_over: Callable[..., int]
) -> None:
    number = book()
    hand_over()
    post.report(number, "assigned", AT)
    change(town, number, address="7 Trần Phú")
    assert [hand_over(), hand_over(9_999)] == [0, 0]
    change(town, number, address="8 Trần Phú")
    assert hand_over(9_999) == 0, "two orders would send two postmen"
    assert standing(post) == [number] and [subject for subject, _ in tickets(town)] == [number]


def test_nothing_personal_is_logged(
    town: Database, book: Book, post: FakePost, hand_over: Callable[..., int], caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def place(self, order: Order) -> Placed:
            raise KeyError(order.recipient_name, order.booking)

    caplog.set_level(logging.DEBUG)
    number = book()
    post.next("500", "refuse:Lê Thị Ngọc Bích")
    hand_over()
    hand_over(30)
    book()
    assert orders.hand_over(town, Broken()) == 0  # type: ignore[arg-type]
    assert len(caplog.records) >= 2
    assert not any(word in caplog.text for word in (*PERSONAL, number))
