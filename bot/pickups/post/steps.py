"""What is to be done at the outside postal system, as the bookings stand: looked up here, and done in `orders`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from bot import clock
from bot.pickups.models import Pickup, PickupEvent
from bot.pickups.post import marks
from bot.pickups.post.marks import CANCEL, CANCELLING, CLOSED, PLACE, PLACING, REFUSED, Mark
from bot.pickups.states import ENDS, MOVES, STILL_OURS

AT_ONCE = 50
CLAIM_SECONDS = 120  # longer than any call takes, so that a claim runs out only when its process is gone
# A booking is requested once when it is made, and again by each change.
_REQUESTS = select(func.count()).where(PickupEvent.state == "requested")
_REVISION = _REQUESTS.where(PickupEvent.pickup_id == Pickup.id).correlate(Pickup).scalar_subquery()
_OPEN = [state for state in MOVES if state not in ENDS]


@dataclass(frozen=True)
class Step:
    """What is to be done for one booking, as it was when we looked."""

    pickup_id: int
    booking: str
    state: str
    written: str | None
    revision: int
    what: str

    def claim(self) -> Mark:
        """Return the mark under which this step is ours; the tries of one thing are counted on."""
        mark, kind = marks.read(self.written), PLACING if self.what == PLACE else CANCELLING
        revision = self.revision if self.what == PLACE or mark is None else mark.revision
        again = mark is not None and (mark.kind, mark.revision) == (kind, revision)
        name = mark.name if mark and self.what == CANCEL else self.booking
        return Mark(kind, revision, name, 1 + (mark.attempts if again and mark else 0), now() + CLAIM_SECONDS)


def of_standing(session: Session) -> list[Step]:
    """Return what is to be done for bookings that stand: orders to place, and to cancel where they are out of date."""
    new = and_(Pickup.state.in_(STILL_OURS), or_(Pickup.post_order.is_(None), _REVISION > 1))
    return _looked_up(session, _OPEN, or_(new, _marked(PLACING, CANCELLING)))


def of_cancelled(session: Session) -> list[Step]:
    """Return the orders to cancel because their bookings were; looks through all that were ever cancelled."""
    return _looked_up(session, ["cancelled"], Pickup.post_order.is_not(None) & ~_marked(REFUSED, CLOSED))


def revision(session: Session, pickup_id: int) -> int:
    """Return which order a booking is at: 1, and one more for each change."""
    return max(1, session.execute(_REQUESTS.where(PickupEvent.pickup_id == pickup_id)).scalar_one())


def now() -> int:
    """Return the present moment as marks have it."""
    return int(clock.now().timestamp())


def _marked(*kinds: str) -> Any:
    return or_(*(Pickup.post_order.startswith(f"~{kind}.") for kind in kinds))


def _looked_up(session: Session, states: list[str], condition: Any) -> list[Step]:
    rows = session.execute(
        select(Pickup.id, Pickup.booking, Pickup.state, Pickup.post_order, _REVISION.label("revision"))
        # A booking without a number has ended long ago.
        .where(Pickup.state.in_(states), Pickup.booking.is_not(None), condition)
        .order_by(Pickup.id)
    )
    found: list[Step] = []
    for row in rows:
        revised = max(1, row.revision)
        what = marks.next_step(row.state, marks.read(row.post_order), revised, now())
        if what is not None and len(found) < AT_ONCE:
            found.append(Step(row.id, row.booking, row.state, row.post_order, revised, what))
    return found
