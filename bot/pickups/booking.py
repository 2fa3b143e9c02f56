"""Booking the postman: making, changing and cancelling a booking, and finding it again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import clock
from bot.pickups import eligibility, fees, moves, neighbours, numbers, slots
from bot.pickups.eligibility import STAFF, Refusal
from bot.pickups.models import Pickup, PickupEvent, PickupSlot
from bot.pickups.states import ENDS, STILL_OURS


@dataclass(frozen=True)
class Request:
    """Everything a booking needs, already checked field by field."""

    service: str
    recipient_name: str
    phone: str
    address: str
    payment: str
    unit_code: str | None = None  # these three inside the province
    date: date | None = None
    window: str | None = None
    destination: str | None = None  # another province: then the post sends a letter, and no postman of ours comes
    dossier_code: str | None = None
    procedure_code: str | None = None
    proxy_name: str | None = None
    papers: tuple[dict[str, Any], ...] = ()  # what the postman counts: name, original, copy
    conversation_id: int | None = None

    @property
    def zone(self) -> str:
        """Where the postman goes, as tariffs and times know it."""
        return "outside" if self.destination else neighbours.zone(self.unit_code or "")


def book(session: Session, request: Request) -> Pickup | Refusal:
    """Book the postman, or say why not and what else can be done. A refusal has changed nothing."""
    slot_id = _claim(session, request)
    if isinstance(slot_id, Refusal):
        return slot_id
    moment = clock.now()
    pickup = Pickup(state="requested", slot_id=slot_id, created_at=moment, updated_at=moment)
    _fill(session, pickup, request)
    try:
        # Inside a savepoint: two numbers or two bookings of one dossier may meet only in the database.
        with session.begin_nested():
            pickup.booking = numbers.new(lambda number: find(session, number) is not None)
            pickup.events.append(PickupEvent(state="requested", at=moment))
            session.add(pickup)
    except IntegrityError:
        _release(session, slot_id)
        standing = delivery_of(session, request.dossier_code)
        if standing is None:
            raise
        return Refusal("already_booked", [STAFF], booking=standing.booking)
    return pickup


def change(session: Session, pickup: Pickup, request: Request) -> Pickup | Refusal:
    """Give a booking new facts, taking the new place before the old one is given back."""
    _hold(session, pickup)
    if pickup.state not in STILL_OURS:
        return Refusal("too_late", [STAFF])
    slot_id = pickup.slot_id
    if request.destination or not _is_at(pickup.slot, session, request):
        claimed = _claim(session, request, changing=pickup)
        if isinstance(claimed, Refusal):
            return claimed
        _release(session, pickup.slot_id)
        slot_id = claimed
    _fill(session, pickup, replace(request, conversation_id=pickup.conversation_id))
    pickup.slot_id = slot_id
    pickup.updated_at = clock.now()
    # The post has to confirm the new facts again.
    pickup.state = "requested"
    pickup.events.append(PickupEvent(state="requested", at=clock.now(), note="changed"))
    session.flush()
    session.expire(pickup, ["slot"])
    return pickup


def cancel(session: Session, pickup: Pickup) -> Refusal | None:
    """Cancel for the citizen; returns why not when the postman already has it. Cancelling twice is fine."""
    _hold(session, pickup)
    if pickup.state == "cancelled":
        return None
    if pickup.state not in STILL_OURS:
        return Refusal("too_late", [STAFF])
    moves.move(session, pickup, "cancelled")
    return None


def find(session: Session, number: str) -> Pickup | None:
    """Return the booking with this number, or None."""
    found: Pickup | None = session.execute(select(Pickup).where(Pickup.booking == number)).scalar_one_or_none()
    return found


def of_conversation(session: Session, conversation_id: int | None) -> list[Pickup]:
    """Return the bookings of a conversation that have not ended, newest first; none without one.

    A booking outlives its conversation's deletion: it must not turn up where no conversation is known.
    """
    if conversation_id is None:
        return []
    query = select(Pickup).where(Pickup.state.not_in(ENDS), Pickup.conversation_id == conversation_id)
    return list(session.execute(query.order_by(Pickup.id.desc())).scalars())


def delivery_of(session: Session, dossier_code: str | None) -> Pickup | None:
    """Return the booking under way that brings the result of this dossier, or None."""
    query = select(Pickup).where(
        Pickup.dossier_code == dossier_code, Pickup.service != "collect", Pickup.state.not_in(ENDS)
    )
    found: Pickup | None = session.execute(query.limit(1)).scalar_one_or_none() if dossier_code else None
    return found


def _hold(session: Session, pickup: Pickup) -> None:
    """Keep the post away from the booking until the turn ends, and see what it did up to now.

    Else a "cancel" that meets the post's "rejected" gives the place back twice.
    """
    session.refresh(pickup, with_for_update=True)


def _claim(session: Session, request: Request, changing: Pickup | None = None) -> int | Refusal | None:
    """Check that the request may be booked and take its place; returns the slot's id, None where none is needed."""
    refused = _not_allowed(session, request, changing)
    if refused is not None:
        return refused
    if request.destination:
        return None
    office = neighbours.serving_code(session, request.unit_code or "")
    if office is None:
        return Refusal("no_office", [STAFF])
    assert request.date is not None and request.window is not None, "a booking inside the province has its half-day"
    if slots.is_bookable_day(request.date):
        slot_id = slots.take(session, office, request.date, request.window)
        if slot_id is not None:
            return slot_id
    reason = "slot_full" if slots.is_bookable_day(request.date) else "day_not_open"
    return Refusal(reason, slot_alternatives(session, office))


def _not_allowed(session: Session, request: Request, changing: Pickup | None) -> Refusal | None:
    refused = None
    if request.destination and request.service != "deliver":
        return Refusal("collection_outside", [STAFF])
    if request.service == "deliver" and request.dossier_code is None:
        return Refusal("dossier_missing", [STAFF])
    if request.service != "collect" and request.dossier_code:
        refused = eligibility.delivery(session, request.dossier_code)
        standing = delivery_of(session, request.dossier_code)
        if refused is None and standing is not None and standing is not changing:
            refused = Refusal("already_booked", [STAFF], booking=standing.booking)
    if refused is None and request.service in ("collect", "both"):
        if request.procedure_code is None:
            return Refusal("procedure_missing", [STAFF])
        refused = eligibility.collection(session, request.procedure_code)
    return refused


def slot_alternatives(session: Session, office: str) -> list[dict[str, Any]]:
    """Return the next three open half-days as alternatives; a person when there is none."""
    found = slots.next_open(session, office)
    return [{"what": "slot", "date": slot.date.isoformat(), "window": slot.window} for slot in found] or [STAFF]


def _is_at(slot: PickupSlot | None, session: Session, request: Request) -> bool:
    office = neighbours.serving_code(session, request.unit_code or "")
    there = (slot.office_code, slot.date, slot.window) if slot else None
    return there == (office, request.date, request.window)


def _release(session: Session, slot_id: int | None) -> None:
    if slot_id is not None:
        slots.release(session, slot_id)


def _fill(session: Session, pickup: Pickup, request: Request) -> None:
    pickup.service = request.service
    pickup.dossier_code = request.dossier_code if request.service != "collect" else None
    pickup.procedure_code = request.procedure_code if request.service != "deliver" else None
    pickup.recipient_name = request.recipient_name
    pickup.phone = request.phone
    pickup.zone = request.zone
    pickup.unit_code = None if request.destination else request.unit_code
    pickup.destination = request.destination
    pickup.address = request.address
    pickup.proxy_name = request.proxy_name
    pickup.payment = request.payment
    pickup.papers = list(request.papers)
    pickup.conversation_id = request.conversation_id
    pickup.fee = fees.quote(session, request.service, request.date or clock.today(), request.zone)
