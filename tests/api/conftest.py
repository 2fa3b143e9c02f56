"""Tokens, and a furnished database out of which the dossiers and bookings of a test are taken again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import delete, select

from bot import clock
from bot.api import tokens
from bot.api.pickup_calls import BOOKING
from bot.db.engine import Database
from bot.dossiers.codes import SAMPLE
from bot.dossiers.intake import storing
from bot.dossiers.models import Dossier
from bot.pickups.models import Pickup, PickupEvent, PickupSlot


@pytest.fixture
def sample(furnished: Database) -> Iterator[Database]:
    """The furnished database with the dossier of the description's examples; what a test puts in is taken out."""
    with furnished.unit_of_work() as session:
        known = list(session.execute(select(Dossier.code)).scalars())
        storing.put(session, SAMPLE, {"status": 2, "received_at": "2026-11-05", "owner_phone": "0900001234"})
    yield furnished
    with furnished.unit_of_work() as session:
        session.execute(delete(Dossier).where(Dossier.code.not_in(known)))


@pytest.fixture
def token_for(furnished: Database) -> Callable[..., str]:
    """Make a token with these scopes."""

    def make(*scopes: str, name: str = "một cửa điện tử") -> str:
        with furnished.unit_of_work() as session:
            return tokens.create(session, name, list(scopes))

    return make


@pytest.fixture
def booked(sample: Database) -> Database:
    """The booking of the description's examples: the result of the sample dossier is to be brought home."""
    with sample.unit_of_work() as session:
        slot = session.execute(select(PickupSlot).order_by(PickupSlot.id).limit(1)).scalar_one()
        slot.taken += 1
        session.add(
            Pickup(
                booking=BOOKING,
                service="deliver",
                state="requested",
                zone="province",
                slot_id=slot.id,
                dossier_code=SAMPLE,
                recipient_name="Nguyễn Thị Ví Dụ",
                phone="0900001234",
                unit_code="25000",
                address="12 đường Ví Dụ",
                payment="on_receipt",
                papers=[],
                created_at=clock.now(),
                updated_at=clock.now(),
                events=[PickupEvent(state="requested", at=clock.now())],
            )
        )
    return sample
