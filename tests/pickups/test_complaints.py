"""Complaints about a delivery: a ticket with the law's terms, for the citizen's own bookings only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation.models import Conversation
from bot.pickups import booking, complaints, moves
from bot.pickups.models import Pickup
from bot.tickets.models import Ticket

from .conftest import BIRTH, delivery
from .talk import Talk

PROBLEM = "report_delivery_problem"


@pytest.fixture
def talk(world: SimpleNamespace) -> Callable[[str], Talk]:
    """A conversation that has its row in the database."""

    def _talk(sender: str) -> Talk:
        row = Conversation(channel="web", sender=sender, created_at=clock.now())
        world.session.add(row)
        world.session.flush()
        return Talk(f"web:{sender}", row.id)

    return _talk


@pytest.fixture
def mine(talk: Callable[[str], Talk]) -> Talk:
    return talk("a")


@pytest.fixture
def book(session: Session, mine: Talk) -> Callable[..., Pickup]:
    """Book in the citizen's conversation, a collection unless told otherwise; moved on as the post reports it."""

    def _book(*states: str, talk: Talk = mine, at: str | None = None, **fields: Any) -> Pickup:
        wanted = {"service": "collect", "dossier_code": None, "procedure_code": BIRTH, **fields}
        made = booking.book(session, delivery(conversation_id=talk.conversation_id, **wanted))
        assert isinstance(made, Pickup)
        for state in states:
            moves.move(session, made, state, source="post", at=clock.parse(at) if at else None)
        return made

    return _book


Book = Callable[..., Pickup]
DONE = ("confirmed", "assigned", "picked_up", "delivered")


def tickets(session: Session) -> list[tuple[str, str | None, datetime]]:
    query = select(Ticket.topic, Ticket.subject, Ticket.due_at).order_by(Ticket.id)
    return [tuple(row) for row in session.execute(query)]


def custom(sent: list[dict[str, Any]]) -> dict[str, Any]:
    (message,) = sent
    found: dict[str, Any] = message["custom"]
    return found


def due(day: str) -> datetime:
    return clock.parse(f"{day}T17:00:00+07:00")


def test_the_only_booking_needs_no_number(mine: Talk, book: Book, session: Session) -> None:
    made = book()
    sent = mine.say("bưu tá không tới", PROBLEM)
    assert custom(sent)["kind"] == "handoff"
    # Sunday; Tuesday 24/11 is a holiday: Monday, Wednesday, Thursday, Friday, Monday.
    assert tickets(session) == [("delivery_problem", made.booking, due("2026-11-30"))]
    assert custom(sent)["answer_by"] == "2026-11-30T17:00:00+07:00"
    assert "30/11/2026" in sent[0]["text"] and made.booking in sent[0]["text"]
    again = mine.say("bưu tá vẫn chưa tới", PROBLEM)
    assert custom(again)["ticket"] == custom(sent)["ticket"], "one ticket for one booking"


@pytest.mark.parametrize(
    ("zone", "day"), [("province", "2026-11-30"), ("special", "2026-11-30"), ("outside", "2026-12-02")]
)
def test_the_term_of_the_answer_goes_by_zone(mine: Talk, book: Book, session: Session, zone: str, day: str) -> None:
    made = book()
    made.zone, made.destination = zone, "Thành phố Hồ Chí Minh" if zone == "outside" else None
    session.flush()
    mine.say("giao mất giấy tờ", PROBLEM)
    assert tickets(session) == [("delivery_problem", made.booking, due(day))]


def test_nothing_booked_here_is_a_ticket_all_the_same(mine: Talk, session: Session) -> None:
    assert custom(mine.say("bưu tá không tới", PROBLEM))["kind"] == "handoff"
    assert tickets(session) == [("delivery_problem", None, due("2026-11-30"))]


def test_of_several_the_citizen_says_which(mine: Talk, book: Book, session: Session) -> None:
    first, second = book(), book(*DONE)
    sent = mine.say("giao trục trặc rồi", PROBLEM)
    assert custom(sent)["topic"] == "pickup_number" and tickets(session) == []
    assert len(mine.titles) == 3
    mine.press(mine.titles[1])
    assert [ticket[1] for ticket in tickets(session)] == [first.booking]
    mine.say("giao trục trặc rồi", PROBLEM)
    assert custom(mine.say(second.booking))["kind"] == "handoff"
    assert [ticket[1] for ticket in tickets(session)] == [first.booking, second.booking]
    assert custom(mine.say(second.booking))["kind"] == "pickup_status", "asked once"
    mine.say("giao trục trặc rồi", PROBLEM)
    mine.press("Lần giao khác")
    assert [ticket[1] for ticket in tickets(session)][2] is None


def test_a_number_in_the_message_decides(mine: Talk, book: Book, session: Session) -> None:
    book()
    second = book()
    mine.say(f"đơn {second.booking.lower().replace('-', ' ')} bị rách hết", PROBLEM)
    assert [ticket[1] for ticket in tickets(session)] == [second.booking]


def test_somebody_elses_booking_is_not_named_nor_told_from_one_that_is_not_there(
    mine: Talk, book: Book, session: Session, talk: Callable[[str], Talk]
) -> None:
    other = book(talk=talk("b"))
    known = mine.say(f"đơn {other.booking} giao sai", PROBLEM)
    assert other.booking not in known[0]["text"]
    assert [ticket[1] for ticket in tickets(session)] == [None]
    unknown = mine.say("đơn MC-1234566 giao sai", PROBLEM)
    assert unknown == known, "the same words, the same ticket"


def test_what_was_never_sent_counts_only_when_it_is_named(mine: Talk, book: Book, session: Session) -> None:
    made = book("rejected")
    mine.say("bưu điện làm ăn kỳ vậy", PROBLEM)
    mine.say(f"lịch {made.booking} sao bị từ chối", PROBLEM)
    assert [ticket[1] for ticket in tickets(session)] == [None, made.booking]


@pytest.mark.parametrize(
    ("now", "possible"), [("2027-05-23T08:00:00+07:00", True), ("2027-05-24T00:00:00+07:00", False)]
)
def test_six_months_to_the_day(mine: Talk, book: Book, session: Session, now: str, possible: bool) -> None:
    made = book(*DONE, at="2026-11-23T16:30:00+07:00")
    with clock.frozen(now):
        sent = mine.say("giao thiếu giấy", PROBLEM)
    assert custom(sent)["kind"] == ("handoff" if possible else "info")
    assert [ticket[1] for ticket in tickets(session)] == ([made.booking] if possible else [])
    if not possible:
        assert "6 tháng" in sent[0]["text"] and "23/05/2027" in sent[0]["text"]
        assert sent[0]["text"].startswith("Dạ, ")
        assert mine.titles == ["Gặp nhân viên", "Lần giao khác"]
        mine.press("Lần giao khác")
        assert [ticket[1] for ticket in tickets(session)] == [None]


def test_what_can_still_be_complained_of_comes_before_what_cannot(mine: Talk, book: Book, session: Session) -> None:
    old = book(*DONE, at="2026-05-01T09:00:00+07:00")
    new = book()
    mine.say("giao thiếu giấy", PROBLEM)
    assert [ticket[1] for ticket in tickets(session)] == [new.booking]
    assert custom(mine.say(f"lịch {old.booking} giao thiếu giấy", PROBLEM))["topic"] == "delivery_problem"


def test_a_booking_whose_number_was_given_back_is_not_meant(mine: Talk, book: Book, session: Session) -> None:
    made = book(*DONE, at="2026-05-01T09:00:00+07:00")
    made.booking = None
    session.flush()
    assert custom(mine.say("giao thiếu giấy", PROBLEM))["kind"] == "handoff"
    assert [ticket[1] for ticket in tickets(session)] == [None]


@pytest.mark.parametrize("state", ["requested", "confirmed", "assigned", "failed_1"])
def test_what_has_not_ended_has_no_limit(book: Book, session: Session, state: str) -> None:
    made = book(*{"requested": (), "failed_1": ("confirmed", "assigned", "failed_1")}.get(state, _up_to(state)))
    with clock.frozen("2030-01-01T08:00:00+07:00"):
        assert complaints.last_day(session, made) is None and not complaints.too_late(session, made)


def _up_to(state: str) -> tuple[str, ...]:
    return {"confirmed": ("confirmed",), "assigned": ("confirmed", "assigned")}.get(state, ())


@pytest.mark.parametrize(
    ("ended", "last"),
    [
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 29), date(2028, 2, 29)),
        (date(2026, 12, 1), date(2027, 6, 1)),
        (date(2026, 6, 30), date(2026, 12, 30)),
        (date(2026, 7, 1), date(2027, 1, 1)),
    ],
)
def test_six_months_by_the_calendar(ended: date, last: date) -> None:
    assert complaints._months_after(ended, complaints.WITHIN_MONTHS) == last


def test_without_a_conversation_it_is_still_taken(session: Session, world: SimpleNamespace) -> None:
    assert custom(Talk("web:a", None).say("bưu tá không tới", PROBLEM))["kind"] == "handoff"
    assert len(tickets(session)) == 1
