"""A booking moves on: checked against the table of moves, written down, and told to a citizen who did not do it.

At least two visits in vain, two working days apart, before a result goes back to the agency (TT 17/2017/TT-BTTTT).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.pickups import slots
from bot.pickups.models import Pickup, PickupEvent, PickupNotice
from bot.pickups.states import GIVES_PLACE_BACK, may_follow
from bot.working_days import add_working_days

VISITS_APART = 2  # working days
FAILED = ("failed_1", "failed_2")


class MoveRefusedError(ValueError):
    """A move that is not allowed: `reason` is "not_allowed", or "too_soon" with the first day that would be."""

    def __init__(self, pickup: Pickup, state: str, reason: str = "not_allowed", first_day: date | None = None) -> None:
        """Say which booking and which move; neither names a person."""
        super().__init__(f"{pickup.booking}: {pickup.state} -> {state} ({reason})")
        self.reason, self.first_day = reason, first_day


def move(
    session: Session,
    pickup: Pickup,
    state: str,
    *,
    source: str = "citizen",
    at: datetime | None = None,
    note: str | None = None,
    event_id: str | None = None,
) -> bool:
    """Move a booking on; returns False when it already is there.

    `at` is when it happened (now), `event_id` the reporter's own number of the event. What a citizen did not do
    himself (`source`) is told to him. Raises MoveRefusedError for a move that is not allowed.
    """
    if state == pickup.state:
        return False
    failed = _first_failure(session, pickup) if state in FAILED else None
    if state not in may_follow(pickup.service, pickup.state, failed is not None if state in FAILED else None):
        raise MoveRefusedError(pickup, state)
    at = at or clock.now()
    if state == "failed_2" and failed:
        _check_apart(pickup, failed, at)
    pickup.state = state
    pickup.updated_at = clock.now()
    pickup.next_visit_on = _next_visit(state, at)
    event = PickupEvent(state=state, at=at, note=note, source=source, event_id=event_id)
    pickup.events.append(event)
    session.flush()
    if state in GIVES_PLACE_BACK and pickup.slot_id is not None:
        slots.release(session, pickup.slot_id)
    if source != "citizen" and pickup.conversation_id is not None:
        session.add(
            PickupNotice(
                pickup_id=pickup.id, kind="move", about=str(event.id), pickup_state=state, created_at=clock.now()
            )
        )
        session.flush()
    return True


def _next_visit(state: str, at: datetime) -> date | None:
    """Return the first day on which the postman may come again, or on which the result may go back to the agency."""
    if state not in FAILED:
        return None
    return add_working_days(clock.to_vietnam(at).date(), VISITS_APART if state == "failed_1" else 0)


def _first_failure(session: Session, pickup: Pickup) -> datetime | None:
    """Return when the last visit in vain was that counts as a first one; a change of the booking begins anew."""
    begun = (
        select(func.coalesce(func.max(PickupEvent.id), 0))
        .where(PickupEvent.pickup_id == pickup.id, PickupEvent.state == "requested")
        .scalar_subquery()
    )
    query = (
        select(PickupEvent.at)
        .where(PickupEvent.pickup_id == pickup.id, PickupEvent.state == "failed_1", PickupEvent.id > begun)
        .order_by(PickupEvent.id.desc())
    )
    failed: datetime | None = session.execute(query.limit(1)).scalar()
    return failed


def _check_apart(pickup: Pickup, first: datetime, at: datetime) -> None:
    first_day = add_working_days(clock.to_vietnam(first).date(), VISITS_APART)
    if clock.to_vietnam(at).date() < first_day:
        raise MoveRefusedError(pickup, "failed_2", "too_soon", first_day)
