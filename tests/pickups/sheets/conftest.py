"""Bookings for the sheets, put straight into the table: any state, any text, as many as wanted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.pickups.models import Pickup, PickupSlot
from bot.pickups.numbers import check_digit

from ..conftest import BIRTH, DI_LINH, MONDAY, OFFICE, add_world

Put = Callable[..., Pickup]


@pytest.fixture
def put(session: Session) -> Put:
    """Store a booking in the world of Di Linh; fields may be overridden."""
    add_world(session, capacity=500)
    return putter(session)


def putter(session: Session) -> Put:
    """Return what stores bookings with numbers MC-000001x, MC-000002x, …"""
    numbers = count(1)

    def _put(day: date | None = MONDAY, window: str = "morning", office: str = OFFICE, **fields: Any) -> Pickup:
        body = f"{next(numbers):06d}"
        values: dict[str, Any] = {
            "booking": f"MC-{body}{check_digit(body)}",
            "service": "collect",
            "state": "confirmed",
            "procedure_code": BIRTH,
            "recipient_name": "Lê Thị Ngọc Bích",
            "phone": "0912345678",
            "unit_code": DI_LINH,
            "address": "12 Hùng Vương",
            "payment": "on_receipt",
            "papers": [],
            "created_at": clock.now(),
            "updated_at": clock.now(),
        }
        values.update(fields)
        if values.get("zone") != "outside":
            wanted = (PickupSlot.office_code == office, PickupSlot.date == day, PickupSlot.window == window)
            values["slot_id"] = session.execute(select(PickupSlot.id).where(*wanted)).scalar_one()
        pickup = Pickup(**values)
        session.add(pickup)
        session.flush()
        return pickup

    return _put
