"""A frozen Sunday before a working Monday and a holiday, one office, one dossier, two procedures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers.intake import storing as dossiers
from bot.pickups.booking import Request
from bot.pickups.models import PickupSlot
from bot.places.models import Office, Unit
from bot.procedures.models import Procedure

CODE, PHONE = "H36.12-261102-0001", "0900001234"
DI_LINH, DA_LAT, PHU_QUY = "25000", "24781", "23272"
OFFICE = "BC-DILINH"
MONDAY, WEDNESDAY, THURSDAY = date(2026, 11, 23), date(2026, 11, 25), date(2026, 11, 26)
BIRTH, MARRIAGE = "1.001193", "1.000894"


@pytest.fixture(autouse=True)
def _sunday() -> Iterator[None]:
    with clock.frozen("2026-11-22T09:00:00+07:00"):
        yield


@pytest.fixture
def put_dossier(session: Session) -> Callable[..., str]:
    """Store a dossier; fields may be overridden."""

    def _put(**fields: Any) -> str:
        row = {"code": CODE, "procedure_code": BIRTH, "owner_phone": PHONE, "status": 9, **fields}
        dossiers.put(session, row["code"], row)
        return str(row["code"])

    return _put


def add_world(session: Session, capacity: int = 2) -> None:
    """Store places, procedures and the office's slots."""
    session.add_all(
        [
            Unit(code=DI_LINH, name="Di Linh", kind="xã"),
            Unit(code=DA_LAT, name="Xuân Hương - Đà Lạt", kind="phường"),
        ]
    )
    session.flush()
    session.add(Office(code=OFFICE, name="Bưu cục Di Linh", unit_code=DI_LINH))
    session.flush()
    for day in (MONDAY, WEDNESDAY, THURSDAY):
        for window in ("morning", "afternoon"):
            session.add(PickupSlot(office_code=OFFICE, date=day, window=window, capacity=capacity, taken=0))
    for code, name, collect in ((BIRTH, "Đăng ký khai sinh", "yes"), (MARRIAGE, "Đăng ký kết hôn", "no")):
        session.add(
            Procedure(
                code=code,
                name=name,
                origin="content",
                fingerprint="-",
                bcci_collect=collect,
                bcci_return=collect,
                updated_at=clock.now(),
            )
        )
    session.flush()


@pytest.fixture
def world(session: Session, put_dossier: Callable[..., str]) -> SimpleNamespace:
    """Everything that a booking needs."""
    add_world(session)
    put_dossier()
    return SimpleNamespace(session=session, office=OFFICE)


@pytest.fixture
def request_for() -> Callable[..., Request]:
    """Build a request for a delivery; fields may be overridden."""
    return delivery


def delivery(**fields: Any) -> Request:
    """Return a request for the delivery of the dossier's result."""
    values: dict[str, Any] = {
        "service": "deliver",
        "dossier_code": CODE,
        "recipient_name": "Lê Thị Ngọc Bích",
        "phone": "0912345678",
        "unit_code": DI_LINH,
        "address": "12 Hùng Vương",
        "date": MONDAY,
        "window": "morning",
        "payment": "on_receipt",
    }
    return Request(**{**values, **fields})
