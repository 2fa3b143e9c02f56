"""Each move of a booking is told once, at a decent hour, and only while it still makes sense."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from bot import clock
from bot.conversation import notices
from bot.conversation.models import Conversation, OutboxMessage
from bot.conversation.notices.pickups import SETTLED
from bot.conversation.ways import Ways
from bot.db.engine import Database
from bot.dossiers.intake import storing as dossiers
from bot.pickups import booking, moves
from bot.pickups.models import Pickup, PickupNotice

from .conftest import BIRTH, CODE, PHONE, WEDNESDAY, add_world, delivery

WEB = Ways(looking=["web"])


@pytest.fixture
def booked(database: Database) -> SimpleNamespace:
    """A booking of a web visitor for Monday morning."""
    with database.unit_of_work() as session:
        add_world(session)
        row = {"code": CODE, "procedure_code": BIRTH, "owner_phone": PHONE, "status": 9}
        dossiers.put(session, CODE, row)
        conversation = Conversation(channel="web", sender="a", created_at=clock.now())
        session.add(conversation)
        session.flush()
        made = booking.book(session, delivery(conversation_id=conversation.id))
        assert isinstance(made, Pickup)
        return SimpleNamespace(id=made.id, number=made.booking, conversation_id=conversation.id)


@pytest.fixture
def move(database: Database, booked: SimpleNamespace) -> Callable[..., None]:
    """Move the booking on, as the post reports it."""

    def _move(*states: str, source: str = "post") -> None:
        for state in states:
            with database.unit_of_work() as session:
                moves.move(session, session.get(Pickup, booked.id), state, source=source)

    return _move


def change(database: Database, number: str, does: Callable[..., Any], *more: Any) -> None:
    with database.unit_of_work() as session:
        does(session, booking.find(session, number), *more)


def told(database: Database) -> list[Any]:
    with database.reading() as session:
        rows = list(session.execute(select(OutboxMessage).order_by(OutboxMessage.seq)).scalars())
        session.expunge_all()
        return rows


def states(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.execute(select(PickupNotice.state).order_by(PickupNotice.id)).scalars())


Move = Callable[..., None]


def test_each_move_of_the_post_is_told_once_and_in_order(
    database: Database, booked: SimpleNamespace, move: Move
) -> None:
    before = SETTLED.labels("told")._value.get()
    move("confirmed", "assigned", "out_for_delivery", "delivered")
    assert notices.tell_waiting(database, WEB) == 4
    assert notices.tell_waiting(database, WEB) == 0
    rows = told(database)
    assert [row.custom["state"] for row in rows] == ["confirmed", "assigned", "out_for_delivery", "delivered"]
    assert {(row.custom["kind"], row.custom["booking"]) for row in rows} == {("pickup_status", booked.number)}
    assert {row.state for row in rows} == {"fetched"}, "the page looks for news by itself"
    assert len({row.seq for row in rows}) == 4
    assert SETTLED.labels("told")._value.get() == before + 4


def test_elsewhere_it_waits_for_a_sender_or_the_next_contact(database: Database, move: Move) -> None:
    move("confirmed")
    assert notices.tell_waiting(database, Ways()) == 1
    assert [row.state for row in told(database)] == ["held"]


def test_what_the_citizen_did_himself_is_not_told(database: Database, move: Move) -> None:
    move("cancelled", source="citizen")
    assert notices.tell_waiting(database, WEB) == 0
    assert states(database) == []


def test_tellers_side_by_side_tell_once(database: Database, move: Move) -> None:
    move("confirmed", "assigned", "out_for_delivery", "failed_1")
    barrier = Barrier(4)

    def tell(_: int) -> int:
        barrier.wait(10)
        return sum(notices.tell_waiting(database, WEB) for _ in range(4))

    with ThreadPoolExecutor(4) as pool:
        count = sum(pool.map(tell, range(4)))
    while waiting := notices.tell_waiting(database, WEB):
        count += waiting
    assert count == 4
    rows = told(database)
    assert [row.custom["state"] for row in rows] == ["confirmed", "assigned", "out_for_delivery", "failed_1"]
    assert len({row.seq for row in rows}) == 4


def test_a_conversation_that_a_turn_holds_is_told_later(
    database: Database, booked: SimpleNamespace, move: Move
) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has one writer: nobody holds a conversation while another writes")
    move("confirmed")
    with database.unit_of_work() as session:
        held = select(Conversation.id).where(Conversation.id == booked.conversation_id).with_for_update()
        session.execute(held).one()
        assert notices.tell_waiting(database, WEB) == 0
    assert states(database) == ["waiting"]
    assert notices.tell_waiting(database, WEB) == 1


def test_a_crash_between_notice_and_message_tells_it_later(
    database: Database, move: Move, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    move("confirmed")
    with monkeypatch.context() as patch:
        patch.setattr("bot.conversation.store.add_proactive", lambda *_args, **_more: 1 / 0)
        assert notices.tell_waiting(database, WEB) == 0
    assert states(database) == ["waiting"]
    assert "ZeroDivisionError" in caplog.text and "MC-" not in caplog.text
    assert notices.tell_waiting(database, WEB) == 1


@pytest.mark.parametrize("state", ["confirmed", "assigned", "out_for_delivery"])
def test_no_move_rings_at_night_not_even_the_postman_on_his_way(database: Database, move: Move, state: str) -> None:
    path = ["confirmed", "assigned", "out_for_delivery"]
    with clock.frozen("2026-11-22T20:59:00+07:00"):
        move(*path[: path.index(state)])
        notices.tell_waiting(database, WEB)
    before = len(told(database))
    with clock.frozen("2026-11-22T21:00:00+07:00"):
        move(state)
        assert notices.tell_waiting(database, WEB) == 0
    with clock.frozen("2026-11-23T06:59:59+07:00"):
        assert notices.tell_waiting(database, WEB) == 0
    with clock.frozen("2026-11-23T07:00:00+07:00"):
        assert notices.tell_waiting(database, WEB) == 1
    assert len(told(database)) == before + 1


def test_after_a_night_only_the_latest_is_told(database: Database, move: Move) -> None:
    with clock.frozen("2026-11-22T23:00:00+07:00"):
        move("confirmed", "assigned")
    with clock.frozen("2026-11-23T07:00:00+07:00"):
        move("out_for_delivery")
        assert notices.tell_waiting(database, WEB) == 1
    assert states(database) == ["superseded", "superseded", "told"]
    assert [row.custom["state"] for row in told(database)] == ["out_for_delivery"]


def test_with_its_conversation_gone_it_ends(database: Database, booked: SimpleNamespace, move: Move) -> None:
    move("confirmed")
    with database.unit_of_work() as session:
        session.delete(session.get(Conversation, booked.conversation_id))
    assert notices.tell_waiting(database, WEB) == 0
    assert states(database) == ["ended"]


def test_what_the_citizen_has_cancelled_since_is_not_told(
    database: Database, booked: SimpleNamespace, move: Move
) -> None:
    with clock.frozen("2026-11-22T22:00:00+07:00"):
        move("confirmed")
        change(database, booked.number, booking.cancel)
    with clock.frozen("2026-11-23T07:00:00+07:00"):
        assert notices.tell_waiting(database, WEB) == 0
    assert states(database) == ["superseded"]


def test_a_confirmation_of_what_was_changed_since_is_not_told_but_the_next_one_is(
    database: Database, booked: SimpleNamespace, move: Move
) -> None:
    with clock.frozen("2026-11-22T20:00:00+07:00"):
        move("confirmed")
        later = delivery(conversation_id=booked.conversation_id, date=WEDNESDAY)
        change(database, booked.number, booking.change, later)
        move("confirmed")
        assert notices.tell_waiting(database, WEB) == 1
    assert states(database) == ["superseded", "told"]
    assert "25/11/2026" in told(database)[0].text


def test_a_notice_of_a_booking_held_up_by_another_fault_does_not_hold_up_the_others(
    database: Database, booked: SimpleNamespace, move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.unit_of_work() as session:
        made = booking.book(
            session,
            delivery(
                service="collect", dossier_code=None, procedure_code=BIRTH, conversation_id=booked.conversation_id
            ),
        )
        assert isinstance(made, Pickup)
        other = made.id
    move("confirmed")
    with database.unit_of_work() as session:
        moves.move(session, session.get(Pickup, other), "confirmed", source="post")
    from bot.pickups.answers import moves as said

    whole = said.moved

    def broken(pickup: Pickup, state: str) -> Any:
        return 1 / 0 if pickup.id == booked.id else whole(pickup, state)

    monkeypatch.setattr(said, "moved", broken)
    assert notices.tell_waiting(database, WEB) == 1
    assert states(database) == ["waiting", "told"]
