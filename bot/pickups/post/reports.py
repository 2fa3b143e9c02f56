"""What the post reports of a booking: each event once, in whatever order they come; nothing is lost or told twice.

An event older than what is known, or of a state that the booking has already passed, becomes history: it moves
nothing, so nobody is told of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers.intake import records
from bot.importing import RowError
from bot.pickups import moves
from bot.pickups.models import STATES, Pickup, PickupEvent
from bot.pickups.moves import MoveRefusedError
from bot.pickups.post import tracking
from bot.pickups.states import may_follow

MAX_EVENT_ID, MAX_NOTE = 80, 500
AHEAD = timedelta(minutes=5)  # how far the clocks of two machines may be apart
# Only the citizen asks; everything else the post may report, a booking cancelled at its own counter included.
REPORTABLE = tuple(state for state in STATES if state != "requested")


@dataclass(frozen=True, repr=False)
class Report:
    """A checked event."""

    event_id: str
    state: str
    at: datetime
    note: str | None = None
    tracking: str | None = None


@dataclass(frozen=True)
class Taken:
    """What became of an event; `state` is the one the booking is in now."""

    new: bool
    moved: bool
    state: str
    warning: str | None = None


class ReportRefused(ValueError):
    """An event that cannot be taken though each of its fields is right; the text is one Vietnamese sentence."""

    def __init__(self, reason: str, sentence: str) -> None:
        """Keep both."""
        super().__init__(sentence)
        self.reason = reason


def check(row: dict[str, Any]) -> Report:
    """Return a reported event, each field checked; raises RowError, which names the field and never its value."""
    event_id = records.text(row, "event_id", MAX_EVENT_ID)
    if event_id is None:
        raise RowError("thiếu event_id")
    state = row.get("state")
    if not isinstance(state, str) or state not in REPORTABLE:
        raise RowError(f"state phải là một trong: {', '.join(REPORTABLE)}")
    at = records.moment(row, "at")
    if at is None:
        raise RowError("thiếu at (thời điểm)")
    written = records.text(row, "tracking", 2 * tracking.LONGEST)
    number = tracking.normalise(written) if written else None
    if written and number is None:
        raise RowError("tracking không phải mã bưu gửi")
    return Report(event_id, state, at, records.text(row, "note", MAX_NOTE), number)


def take(session: Session, number: str, report: Report) -> Taken:
    """Take an event of the booking `number`, once per `event_id`; raises ReportRefused."""
    if report.at > clock.now() + AHEAD:
        raise ReportRefused("future_event", "at ở tương lai; đồng hồ hai bên có lệch nhau không?")
    pickup = _locked(session, number)
    if pickup is None:
        raise ReportRefused("unknown_booking", "không có lịch hẹn mang số này")
    known = session.execute(
        select(PickupEvent.event_id, PickupEvent.state, PickupEvent.at, PickupEvent.note)
        .where(PickupEvent.pickup_id == pickup.id)
        .order_by(PickupEvent.id)
    ).all()
    for event in known:
        if event.event_id == report.event_id:
            if _differs(pickup, event, event is known[-1], report):
                raise ReportRefused("event_differs", "event_id này đã có với nội dung khác")
            return Taken(False, False, pickup.state, tracking.warning(report.tracking))
    moved = _add(session, pickup, report, known)
    if report.tracking and (moved or pickup.tracking is None):
        pickup.tracking = report.tracking
    session.flush()
    return Taken(True, moved, pickup.state, tracking.warning(report.tracking))


def _locked(session: Session, number: str) -> Pickup | None:
    """Return the booking as it stands now; until the transaction ends nobody else can move it (PostgreSQL)."""
    found: Pickup | None = session.execute(
        select(Pickup).where(Pickup.booking == number).with_for_update().execution_options(populate_existing=True)
    ).scalar_one_or_none()
    return found


def _differs(pickup: Pickup, event: Any, is_last: bool, report: Report) -> bool:
    """Tell whether `report` says other things than the known event of its id.

    An event keeps no parcel number; but the booking does, and it is that of its last event.
    """
    if (event.state, event.at, event.note) != (report.state, report.at, report.note):
        return True
    return is_last and bool(report.tracking) and report.tracking != pickup.tracking


def _add(session: Session, pickup: Pickup, report: Report, known: Sequence[Any]) -> bool:
    """Move the booking or write history; returns whether it moved. Raises ReportRefused."""
    # A booking cannot be moved before it was made: an event from before that comes of a clock that is slow. But a
    # change is known with its time, and what was confirmed before it were the old facts.
    made = bool(known) and known[0].state == "requested"
    late = any(event.at > report.at for event in known[made:])
    if not late and report.state in may_follow(pickup.service, pickup.state):
        try:
            return moves.move(
                session,
                pickup,
                report.state,
                source="post",
                at=report.at,
                note=report.note,
                event_id=report.event_id,
            )
        except MoveRefusedError as error:
            raise _refused(pickup, known, error.first_day) from error
    if not late and report.state != pickup.state and report.state not in _passed(known):
        raise _refused(pickup, known)
    session.add(
        PickupEvent(
            pickup_id=pickup.id,
            state=report.state,
            at=report.at,
            note=report.note,
            source="post",
            event_id=report.event_id,
        )
    )
    return False


def _passed(known: Sequence[Any]) -> set[str]:
    """Return the states that the booking has been in since it was made, or last changed.

    What came late is among the events, but the booking has never been in it.
    """
    asked = _asked(known)
    passed, newest = {"requested"}, known[asked].at if asked else None
    for event in known[asked + 1 :]:
        if newest is None or event.at >= newest:
            passed.add(event.state)
            newest = event.at
    return passed


def _asked(known: Sequence[Any]) -> int:
    """Return where in its events the booking was made, or last changed."""
    return max((place for place, event in enumerate(known) if event.state == "requested"), default=0)


def _refused(pickup: Pickup, known: Sequence[Any], first_day: date | None = None) -> ReportRefused:
    if first_day is not None:
        sentence = f"hai lần đến phải cách nhau ít nhất {moves.VISITS_APART} ngày làm việc, sớm nhất là "
        return ReportRefused("too_soon", sentence + clock.say_date(first_day))
    failed_before = "failed_1" in [event.state for event in known[_asked(known) :]]
    following = ", ".join(sorted(may_follow(pickup.service, pickup.state, failed_before)))
    sentence = f"lịch hẹn đang là {pickup.state}, " + (
        f"tiếp theo chỉ có thể là: {following}" if following else "đã kết thúc"
    )
    return ReportRefused("move_refused", sentence)
