"""A frozen day, one dossier, and turns without Rasa."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from actions.turn import Turn
from bot import clock
from bot.dossiers.intake import storing

CODE, UNKNOWN = "H36.12-261102-0001", "H36.12-261102-9999"
PHONE, SECRET = "0900001234", "K7q2"


@pytest.fixture(autouse=True)
def _sunday() -> Iterator[None]:
    with clock.frozen("2026-11-22T09:00:00+07:00"):
        yield


@pytest.fixture
def put(session: Session) -> Callable[..., str]:
    """Store a dossier; fields may be overridden."""

    def _put(**fields: Any) -> str:
        row = {
            "code": CODE,
            "procedure_code": "1.001193",
            "procedure_name": "Đăng ký khai sinh",
            "owner_name": "Nguyễn Thị Mây Hồng",
            "owner_phone": PHONE,
            "slip_secret": SECRET,
            "status": 4,
            "received_at": "2026-11-02T08:00:00+07:00",
            "due_at": "2026-12-04T16:30:00+07:00",
            **fields,
        }
        storing.put(session, row["code"], row)
        return str(row["code"])

    return _put


@pytest.fixture
def turn(session: Session) -> Callable[..., Turn]:
    """Build a turn as the actions see it."""

    def _turn(text: str = "", intent: str = "inform", *, asked: str | None = None, **slots: Any) -> Turn:
        return Turn(
            session=session,
            asker=slots.pop("asker", "rest:c1"),
            conversation_id=1,
            channel="rest",
            text=text,
            intent=intent,
            entities=slots.pop("entities", []),
            slots=slots,
            requested_slot=asked,
            active_loop="dossier_form",
        )

    return _turn
