"""Asking the outside system how its orders stand: what is new is taken once, however it came."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fakes.post import FakePost

from bot import clock
from bot.db.engine import Database
from bot.pickups.post import orders, pulling, reports
from bot.pickups.post.http_system import HttpSystem
from bot.pickups.post.pulling import Puller

from .conftest import cancel, change, history, row, told

Book = Callable[..., str]


def life(post: FakePost, number: str, *states: str, tell: bool = False) -> None:
    """Have an order go through these states, an hour each."""
    for hour, state in enumerate(states, 8 + len(post.order(number).events)):  # type: ignore[union-attr]
        post.report(number, state, f"2026-11-23T{hour:02d}:00:00+07:00", tell=tell)


@pytest.fixture
def ordered(town: Database, book: Book, system: HttpSystem) -> Callable[..., str]:
    """Book, and hand over."""

    def make(**fields: object) -> str:
        number = book(**fields)
        orders.hand_over(town, system)
        return number

    return make


def evening() -> object:
    return clock.frozen("2026-11-23T20:00:00+07:00")


def test_what_happened_there_happens_here_in_order_and_once(
    town: Database, ordered: Book, post: FakePost, system: HttpSystem
) -> None:
    number = ordered(talking=True)
    life(post, number, "confirmed", "assigned", "out_for_delivery", "delivered")
    post.order(number).events.reverse()  # type: ignore[union-attr]
    puller = Puller(town, system)
    with evening():  # type: ignore[attr-defined]
        assert [puller.pull(), puller.pull()] == [4, 0]
    assert history(town, number) == ["requested", "confirmed", "assigned", "out_for_delivery", "delivered"]
    assert told(town, number) == ["confirmed", "assigned", "out_for_delivery", "delivered"]


def test_what_was_reported_by_a_call_is_not_taken_again(
    town: Database, ordered: Book, post: FakePost, system: HttpSystem
) -> None:
    number = ordered(talking=True)
    life(post, number, "confirmed", "assigned")
    with evening():  # type: ignore[attr-defined]
        with town.unit_of_work() as session:
            reports.take(session, number, system.events(number)[0])
        assert Puller(town, system).pull() == 1
    assert history(town, number) == ["requested", "confirmed", "assigned"]
    assert told(town, number) == ["confirmed", "assigned"]


def test_an_event_whose_forerunner_is_missing_waits_for_it(
    town: Database, ordered: Book, post: FakePost, system: HttpSystem
) -> None:
    number = ordered()
    life(post, number, "confirmed", "assigned")
    events = post.order(number).events  # type: ignore[union-attr]
    missing = events.pop(0)
    puller = Puller(town, system)
    with evening():  # type: ignore[attr-defined]
        assert puller.pull() == 0 and row(town, number).state == "requested"
        events.append(missing)
        assert puller.pull() == 2 and row(town, number).state == "assigned"


def test_an_order_of_which_nothing_can_be_learnt_holds_up_no_other(
    town: Database, ordered: Book, post: FakePost, system: HttpSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "AT_ONCE", 2)
    numbers = [ordered() for _ in range(5)]
    for number in numbers:
        life(post, number, "confirmed")
    puller = Puller(town, system)
    with evening():  # type: ignore[attr-defined]
        post.next("500")  # away: the rest of the round is left
        assert puller.pull() == 0
        post.next("refuse:not_yours")
        assert puller.pull() == 1  # the second is refused, the third taken
        assert [puller.pull(), puller.pull()] == [2, 0]  # to the end
        assert puller.pull() == 2  # and from the beginning
    assert {row(town, number).state for number in numbers} == {"confirmed"}


def test_only_open_orders_are_asked_for_and_by_their_present_name(
    town: Database, ordered: Book, post: FakePost, system: HttpSystem
) -> None:
    over, changed = ordered(), ordered()
    cancel(town, over)
    change(town, changed, address="7 Trần Phú")
    for _ in range(2):
        orders.hand_over(town, system)
    post.seen.clear()
    Puller(town, system).pull()
    assert [(method, path) for method, path, _ in post.seen] == [("GET", f"/orders/{post.orders[-1].body['key']}")]
