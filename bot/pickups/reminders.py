"""The evening before the postman comes: one notice for each booking, told by whoever tells notices.

The day before is the calendar's, holidays included: a visit on Wednesday is reminded of on Tuesday, though nobody
works then.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import Date, bindparam, text
from sqlalchemy.orm import Session

from bot import clock
from bot.db.base import UtcDateTime
from bot.dossiers.notices.quiet_hours import is_quiet
from bot.pickups.models import Pickup

EVENING = time(18, 0)  # Vietnam time; it ends where the quiet hours begin
COMING = ("requested", "confirmed", "assigned")  # the postman has not come yet
ONE_DAY = timedelta(days=1)

# In the order of the bookings, so that two processes that write the same rows wait for each other and do not deadlock.
# The cross join has SQLite begin with the few places of the day, and not with all open bookings.
_ADD = text(
    """
    INSERT INTO pickup_notices (pickup_id, kind, about, pickup_state, state, created_at)
    SELECT p.id, 'eve', :about, p.state, 'waiting', :now
    FROM pickup_slots s CROSS JOIN pickups p
    WHERE s.date = :day AND p.slot_id = s.id AND p.state IN :coming AND p.conversation_id IS NOT NULL
    UNION ALL
    SELECT p.id, 'eve', :about, p.state, 'waiting', :now
    FROM pickups p
    WHERE p.state = 'failed_1' AND p.next_visit_on = :day AND p.conversation_id IS NOT NULL
    ORDER BY 1
    ON CONFLICT (pickup_id, kind, about) DO NOTHING
    """
).bindparams(
    bindparam("day", type_=Date()),
    bindparam("now", type_=UtcDateTime()),
    bindparam("coming", expanding=True),
)


def is_time(moment: datetime | None = None) -> bool:
    """Return whether `moment` (now) lies in the evening, from 18:00 on and before the quiet hours."""
    moment = moment or clock.now()
    return clock.to_vietnam(moment).time() >= EVENING and not is_quiet(moment)


def write_due(session: Session) -> int:
    """Write a reminder for each visit of tomorrow that has none; returns how many were written.

    Outside of the evening there is nothing to do. Once for a booking and a day, whichever process comes first.
    """
    if not is_time():
        return 0
    day = clock.today() + ONE_DAY
    wanted = {"day": day, "about": day.isoformat(), "now": clock.now(), "coming": COMING}
    return int(session.execute(_ADD, wanted).rowcount)


def visit_day(pickup: Pickup) -> date | None:
    """Return the day on which the postman comes, or may come again; None when no visit lies ahead."""
    if pickup.state == "failed_1":
        again: date | None = pickup.next_visit_on
        return again
    return pickup.slot.date if pickup.state in COMING and pickup.slot is not None else None
