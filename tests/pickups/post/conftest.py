"""A world to book in, a postal system on this machine, and our client of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fakes.post import FakePost
from sqlalchemy import select

from bot import clock
from bot.conversation.models import Conversation
from bot.db.engine import Database
from bot.dossiers.intake import storing
from bot.pickups import booking
from bot.pickups.models import Pickup, PickupEvent, PickupNotice
from bot.pickups.post.http_system import HttpSystem
from bot.tickets.models import Ticket

from ..conftest import BIRTH, PHONE, add_world, delivery

SUNDAY = "2026-11-22T09:00:00+07:00"
PERSONAL = ("Lê Thị Ngọc Bích", "0912345678", "12 Hùng Vương")


@pytest.fixture
def post() -> Iterator[FakePost]:
    """The postal system, well behaved until told otherwise."""
    with FakePost() as post:
        yield post


@pytest.fixture
def system(post: FakePost) -> HttpSystem:
    """Our client, soon out of patience."""
    return HttpSystem(post.url, post.token, timeout=0.5)


@pytest.fixture
def town(database: Database) -> Database:
    """A database with an office that has places enough."""
    with database.unit_of_work() as session:
        add_world(session, capacity=20)
    return database


@pytest.fixture
def book(town: Database) -> Callable[..., str]:
    """Book the delivery of another dossier's result; returns the booking's number."""
    made = 0

    def make(*, talking: bool = False, **fields: Any) -> str:
        nonlocal made
        made += 1
        code = f"H36.12-261102-{made:04d}"
        with town.unit_of_work() as session:
            storing.put(session, code, {"procedure_code": BIRTH, "owner_phone": PHONE, "status": 9})
            conversation = None
            if talking:
                talk = Conversation(channel="rest", sender=code, created_at=clock.now())
                session.add(talk)
                session.flush()
                conversation = talk.id
            request = delivery(dossier_code=code, conversation_id=conversation, **fields)
            pickup = booking.book(session, request)
            assert isinstance(pickup, Pickup), pickup
            return str(pickup.booking)

    return make


def change(database: Database, number: str, **fields: Any) -> None:
    """Change a booking as its citizen would."""
    with database.unit_of_work() as session:
        pickup = booking.find(session, number)
        assert pickup is not None
        changed = booking.change(session, pickup, delivery(dossier_code=pickup.dossier_code, **fields))
        assert isinstance(changed, Pickup), changed


def cancel(database: Database, number: str) -> None:
    """Cancel a booking as its citizen would."""
    with database.unit_of_work() as session:
        pickup = booking.find(session, number)
        assert pickup is not None and booking.cancel(session, pickup) is None


def row(database: Database, number: str) -> Any:
    """Return a booking's row."""
    with database.reading() as session:
        return session.execute(select(Pickup.__table__).where(Pickup.booking == number)).one()


def history(database: Database, number: str) -> list[str]:
    """Return the states in a booking's events, in the order in which they came."""
    query = select(PickupEvent.state).join(Pickup).where(Pickup.booking == number).order_by(PickupEvent.id)
    with database.reading() as session:
        return list(session.execute(query).scalars())


def told(database: Database, number: str) -> list[str]:
    """Return what the citizen of a booking is told, in order."""
    query = select(PickupNotice.pickup_state).where(PickupNotice.pickup_id == row(database, number).id)
    with database.reading() as session:
        return list(session.execute(query.order_by(PickupNotice.id)).scalars())


def tickets(database: Database) -> list[tuple[str, str]]:
    """Return (subject, summary) of the tickets, oldest first."""
    with database.reading() as session:
        rows = session.execute(select(Ticket.subject, Ticket.summary, Ticket.topic).order_by(Ticket.id)).all()
    assert {row.topic for row in rows} <= {"pickup"}
    return [(row.subject, row.summary) for row in rows]
