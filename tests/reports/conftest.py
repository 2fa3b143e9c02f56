"""Rows made by hand: each says when it was, in Vietnam's time; everything else has a plain value."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation.models import Address, Conversation, InboxMessage
from bot.db.base import Base
from bot.dossiers.models import Dossier
from bot.pickups.models import Pickup, PickupEvent, PickupSlot
from bot.places.models import Office, Unit
from bot.reports.period import Month

NOVEMBER = Month(2026, 11)
# The first and the last minute of November in Vietnam, and the minutes just outside.
FIRST, LAST = "2026-11-01T00:00", "2026-11-30T23:59"
BEFORE, AFTER = "2026-10-31T23:59", "2026-12-01T00:00"


@pytest.fixture(autouse=True)
def _december() -> Iterator[None]:
    with clock.frozen("2026-12-02T09:00:00+07:00"):
        yield


class Rows:
    """Writes rows into a session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._count = count(1)
        self._talks: dict[tuple[str, str], tuple[int, int]] = {}

    def add(self, row: Base) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def talk(self, sender: str, channel: str = "zalo") -> tuple[int, int]:
        """Return conversation and address of somebody."""
        if (channel, sender) not in self._talks:
            now = clock.now()
            talk = self.add(Conversation(channel=channel, sender=sender, created_at=now))
            address = self.add(Address(channel=channel, sender=sender, conversation_id=talk.id, created_at=now))
            self._talks[channel, sender] = (talk.id, address.id)
        return self._talks[channel, sender]

    def message(
        self, sender: str, at: str, topic: str | None, outcome: str | None, channel: str = "zalo"
    ) -> InboxMessage:
        """Write a message of somebody."""
        talk, address = self.talk(sender, channel)
        when = clock.parse(at)
        return self.add(
            InboxMessage(
                conversation_id=talk, address_id=address, message_id=str(next(self._count)), text="bí mật",
                received_at=when, sent_at=when, ready_at=when, state="done", topic=topic, outcome=outcome,
            )
        )  # fmt: skip

    def dossier(self, at: str | None, channel: str | None, **fields: Any) -> Dossier:
        """Write a dossier that was received at a time."""
        number = next(self._count)
        row = {
            "code": f"H36.12-261101-{number:04d}", "status": 4, "fingerprint": "-", "updated_at": clock.now(),
            "agency": "Trung tâm A", "channel": channel, "supplement": [], "owner_name": "Người Bí Mật", **fields,
        }  # fmt: skip
        for name in ("returned_at",):
            row[name] = clock.parse(row[name]) if row.get(name) else None
        return self.add(Dossier(received_at=clock.parse(at) if at else None, **row))

    def office(self, code: str, name: str) -> PickupSlot:
        """Write an office, and a half-day of it."""
        if self.session.get(Unit, "25000") is None:
            self.add(Unit(code="25000", name="Di Linh", kind="xã"))
        self.add(Office(code=code, name=name, unit_code="25000", kind="post"))
        return self.add(PickupSlot(office_code=code, date=NOVEMBER.first_day, window="morning", capacity=99, taken=0))

    def pickup(self, slot: PickupSlot | None, made: str, state: str, done: str | None = None, **fields: Any) -> Pickup:
        """Write a booking made at a time, done at another."""
        number = next(self._count)
        row = {
            "booking": f"HN-{number:06d}", "service": "deliver", "dossier_code": f"H36.12-261101-{9000 + number}",
            "payment": "on_receipt", "recipient_name": "Người Bí Mật", "phone": "0900001234", "address": "số 1",
            "zone": "province" if slot else "outside", "destination": None if slot else "Huế",
            "unit_code": "25000" if slot else None, "papers": [], **fields,
        }  # fmt: skip
        when = clock.parse(made)
        made_row = self.add(
            Pickup(slot_id=slot.id if slot else None, state=state, created_at=when, updated_at=when, **row)
        )
        if done:
            self.done(made_row, done)
        return made_row

    def done(self, pickup: Pickup, at: str) -> None:
        """Let the post report that a booking is done."""
        event_id = str(next(self._count))
        self.add(
            PickupEvent(pickup_id=pickup.id, state="delivered", at=clock.parse(at), source="post", event_id=event_id)
        )


@pytest.fixture
def rows(session: Session) -> Rows:
    """A writer of rows."""
    return Rows(session)
