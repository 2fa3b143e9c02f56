"""The post's work: bookings in one state, oldest first, with all that is needed to carry them out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.pickups import booking as bookings
from bot.pickups import fees, neighbours
from bot.pickups.models import Pickup, PickupSlot

_COPIED = (
    "booking", "state", "service", "zone", "unit_code", "destination", "address", "recipient_name", "proxy_name",
    "phone", "dossier_code", "payment", "fee", "tracking", "next_visit_on", "created_at", "updated_at",
)  # fmt: skip


class UnknownBooking(LookupError):
    """The list is to go on after a booking that is not here."""


def in_state(session: Session, state: str, after: str | None, limit: int) -> list[dict[str, Any]]:
    """Return at most `limit` bookings in `state`, those made after the booking `after`; raises UnknownBooking.

    A booking that has ended long ago has given its number away and is no work any more.
    """
    query = (
        select(Pickup, PickupSlot)
        .outerjoin(PickupSlot, Pickup.slot_id == PickupSlot.id)
        .where(Pickup.state == state, Pickup.booking.is_not(None))
    )
    if after is not None:
        seen = bookings.find(session, after)
        if seen is None:
            raise UnknownBooking
        query = query.where(Pickup.id > seen.id)
    names: dict[str | None, str | None] = {None: None}
    rows = session.execute(query.order_by(Pickup.id).limit(limit)).all()
    return [_described(session, pickup, slot, names) for pickup, slot in rows]


def _described(
    session: Session, pickup: Pickup, slot: PickupSlot | None, names: dict[str | None, str | None]
) -> dict[str, Any]:
    """Return a booking in words and numbers; `names` keeps the names of procedures, which come again and again."""
    code = pickup.procedure_code
    if code is None and pickup.dossier_code is not None:
        dossier = neighbours.dossier(session, pickup.dossier_code)
        code = dossier.procedure_code if dossier else None
    if code is not None and code not in names:
        procedure = neighbours.procedure(session, code)
        names[code] = procedure.name if procedure else None
    return {
        **{name: getattr(pickup, name) for name in _COPIED},
        "date": slot.date if slot else None,
        "window": slot.window if slot else None,
        "office_code": slot.office_code if slot else None,
        "unit_name": neighbours.unit_name(pickup.unit_code) if pickup.unit_code else None,
        "procedure_code": code,
        "procedure_name": names[code],
        "papers": list(pickup.papers),
        "fee_note": fees.say(pickup.fee),
    }
