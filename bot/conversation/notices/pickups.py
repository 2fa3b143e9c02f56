"""Tells citizens how their bookings move on: each waiting notice becomes one message in the outbox, or is settled.

Nothing of a booking is so urgent that it may ring at night: the postman does not come then.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from prometheus_client import Counter
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation.notices import telling
from bot.conversation.ways import Ways
from bot.db.engine import Database
from bot.dossiers.notices.quiet_hours import is_quiet, last_morning
from bot.messages import Message
from bot.pickups import reminders
from bot.pickups.answers import moves
from bot.pickups.models import Pickup, PickupEvent, PickupNotice

SETTLED = Counter("motcua_pickup_notices", "Notices of bookings by what became of them", ["state"])
ONE_DAY = timedelta(days=1)


class _Waiting(NamedTuple):
    """A notice that waits, its booking, and the conversation it goes to; None when that is gone."""

    id: int
    pickup_id: int
    conversation_id: int | None


def tell_waiting(database: Database, ways: Ways) -> int:
    """Tell what may be told now; returns how many messages were written. What piled up over night is told once."""
    if is_quiet():
        return 0
    with database.reading() as session:
        waiting = _waiting(session)
    locking = not database.is_sqlite
    return telling.tell_each(database, waiting, lambda session, notice: _tell(session, notice, ways, locking=locking))


def write_reminders(database: Database) -> int:
    """In the evening, write the reminders of tomorrow's visits; returns how many are new."""
    if not reminders.is_time():
        return 0
    with database.unit_of_work() as session:
        return reminders.write_due(session)


def _waiting(session: Session) -> list[_Waiting]:
    query = (
        select(PickupNotice.id, PickupNotice.pickup_id, Pickup.conversation_id)
        .join(Pickup, Pickup.id == PickupNotice.pickup_id)
        .where(PickupNotice.state == "waiting")
        .order_by(PickupNotice.id)
        .limit(telling.AT_ONCE)
    )
    return [_Waiting(*row) for row in session.execute(query)]


def _tell(session: Session, waiting: _Waiting, ways: Ways, *, locking: bool) -> bool:
    """Settle one notice; returns whether a message was written. The conversation is locked first, as in a turn."""
    if waiting.conversation_id is not None and not telling.hold(session, waiting.conversation_id, locking=locking):
        return False  # a turn holds it, or it has just been deleted: next time
    notice = _oldest(session, waiting.pickup_id)
    if notice is None:
        return False  # another process was faster
    pickup = session.get(Pickup, notice.pickup_id)
    if pickup.conversation_id is None:
        return telling.settle(session, notice, "ended", SETTLED)
    if _is_overtaken(session, notice) or not _still_holds(session, notice, pickup):
        return telling.settle(session, notice, "superseded", SETTLED)
    if not telling.settle(session, notice, "told", SETTLED):
        return False
    ways.tell(session, pickup.conversation_id, _message(notice, pickup))
    return True


def _message(notice: Any, pickup: Any) -> Message:
    if notice.kind == "eve":
        return moves.eve(pickup, date.fromisoformat(notice.about))
    return moves.moved(pickup, notice.pickup_state)


def _oldest(session: Session, pickup_id: int) -> Any:
    """Return what waits longest for a booking: news must come in the order in which it happened."""
    return session.execute(
        select(PickupNotice)
        .where(PickupNotice.pickup_id == pickup_id, PickupNotice.state == "waiting")
        .order_by(PickupNotice.id)
        .limit(1)
    ).scalar_one_or_none()


def _is_overtaken(session: Session, notice: Any) -> bool:
    """Return whether a move that waited through a night has a newer one behind it: one message will do then."""
    if notice.kind != "move" or notice.created_at >= last_morning():
        return False
    newer = select(PickupNotice.id).where(
        PickupNotice.pickup_id == notice.pickup_id,
        PickupNotice.kind == "move",
        PickupNotice.state == "waiting",
        PickupNotice.id > notice.id,
    )
    return session.execute(newer.limit(1)).first() is not None


def _still_holds(session: Session, notice: Any, pickup: Any) -> bool:
    """Return whether a notice is still worth telling.

    A reminder is while the postman still comes on that day, and the day is not over. A move is unless the citizen has
    cancelled or changed the booking since: "the post has confirmed" would only puzzle then.
    """
    if notice.kind == "eve":
        day = date.fromisoformat(notice.about)
        return day == reminders.visit_day(pickup) and day - ONE_DAY <= clock.today() <= day
    since = select(PickupEvent.id).where(
        PickupEvent.pickup_id == notice.pickup_id,
        PickupEvent.source == "citizen",
        PickupEvent.id > int(notice.about),
    )
    return session.execute(since.limit(1)).first() is None
