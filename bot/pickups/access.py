"""Who may see or touch a booking: its own conversation; elsewhere whoever knows its phone and has proved its dossier.

A booking number is written on a parcel and has a million values, so it opens nothing by itself: elsewhere it tells
where the booking stands, as a parcel's label does, and no more. A wrong phone counts like a wrong factor of a
dossier, with the booking number in place of the code, and an unknown number is answered like a wrong phone.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.dossiers.proof import Lock
from bot.pickups import booking, neighbours
from bot.pickups.eligibility import STAFF, Refusal
from bot.pickups.models import Pickup

_NOBODY = "-"  # stands in for the phone of a booking that is not there
# What eligibility says about a dossier: its state, its procedure, that it is there at all.
_TELLS = frozenset(
    {
        "dossier_not_found",
        "dossier_not_received",
        "dossier_returned",
        "dossier_state",
        "procedure_in_person",
        "already_booked",
    }
)


class Denial(str, Enum):
    """Why a booking stays closed."""

    ASK_PHONE = "ask_phone"
    WRONG = "wrong"  # the phone does not fit, or there is no such booking
    ASK_DOSSIER = "ask_dossier"  # the phone fits; the dossier is not proved
    UNKNOWN = "unknown"  # no booking has this number; said of looking only


@dataclass(frozen=True)
class Visitor:
    """Who asks, and from which conversation."""

    asker: str
    conversation_id: int | None


def is_own(pickup: Pickup, visitor: Visitor) -> bool:
    """Return whether the booking was made in this conversation; one that has lost its conversation is nobody's."""
    return visitor.conversation_id is not None and pickup.conversation_id == visitor.conversation_id


def shows_all(session: Session, pickup: Pickup, visitor: Visitor) -> bool:
    """Return whether day and fee may be told, too: in its own conversation, or to whoever has proved its dossier."""
    return is_own(pickup, visitor) or bool(
        pickup.dossier_code and neighbours.dossier_proved(session, visitor.asker, pickup.dossier_code)
    )


def look(session: Session, visitor: Visitor, number: str) -> Pickup | Denial | Lock:
    """Find a booking to say where it stands; a number that nobody has counts as a wrong try of the asker."""
    pickup = booking.find(session, number)
    if pickup and is_own(pickup, visitor):
        return pickup
    # A lock on the number alone is against guessing its phone: where the booking stands is told all the same.
    lock = neighbours.standing_lock(session, visitor.asker, number)
    if lock and lock.passes is None:
        return lock
    if pickup is None:
        neighbours.count_wrong_try(session, visitor.asker, number)
    return pickup or Denial.UNKNOWN


def touch(session: Session, visitor: Visitor, number: str, phone: str | None) -> Pickup | Denial | Lock:
    """Open a booking to be changed or cancelled; `phone` is what the message gives as the booking's own."""
    pickup = booking.find(session, number)
    if pickup and is_own(pickup, visitor):
        return pickup
    if phone:
        # Tries at one booking queue here (PostgreSQL), or many at once could each see four failures.
        session.execute(select(Pickup.id).where(Pickup.booking == number).with_for_update())
    if lock := neighbours.standing_lock(session, visitor.asker, number):
        return lock
    if phone is None:
        return Denial.ASK_PHONE
    fits = hmac.compare_digest((pickup.phone if pickup else _NOBODY).encode(), phone.encode())
    if pickup is None or not fits:
        neighbours.count_wrong_try(session, visitor.asker, number)
        return neighbours.standing_lock(session, visitor.asker, number) or Denial.WRONG
    if pickup.dossier_code and not neighbours.dossier_proved(session, visitor.asker, pickup.dossier_code):
        return Denial.ASK_DOSSIER
    return pickup


def tellable(session: Session, asker: str, dossier_code: str | None, refusal: Refusal) -> Refusal:
    """Return the refusal as this asker may hear it: without proof nothing is said of the dossier behind a booking.

    A proof holds half an hour, a booking lives for days: who changes one later is asked to prove again.
    """
    if not dossier_code or refusal.reason not in _TELLS or neighbours.dossier_proved(session, asker, dossier_code):
        return refusal
    return Refusal("dossier_unproved", [STAFF])


def follow(session: Session, before: int, after: int) -> None:
    """Let the bookings of a conversation belong to another: its channel was linked to that one."""
    session.execute(
        update(Pickup)
        .where(Pickup.conversation_id == before)
        .values(conversation_id=after)
        .execution_options(synchronize_session=False)
    )
