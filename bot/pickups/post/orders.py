"""Hands bookings over to an outside postal system, each exactly once, and cancels there what is cancelled here.

Claim, call, note: the claim is committed first, so that of many processes one calls; a crash or a lost answer leaves
the claim, which runs out, and then the same order is placed again under the same key.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client import Counter
from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import clock
from bot.db.engine import Database
from bot.pickups.models import Pickup, PickupEvent
from bot.pickups.post import marks
from bot.pickups.post.contents import order_of
from bot.pickups.post.marks import CANCEL, CANCELLING, CLOSED, PLACE, PLACED, PLACING, REFUSED, Mark
from bot.pickups.post.system import Placed, PostAwayError, PostRefusedError, PostSystem
from bot.pickups.states import ENDS, STILL_OURS
from bot.tickets import tickets

log = logging.getLogger(__name__)

AT_ONCE = 50
CLAIM_SECONDS = 120  # longer than any call takes, so that a claim runs out only when its process is gone
FIRST_PAUSE, LONGEST_PAUSE = 30, 3600  # seconds; doubled after each try
TICKET_AFTER = 5  # tries without an answer: some quarter of an hour
RESULTS = Counter("motcua_post_orders", "Orders at the outside postal system by what became of them", ["result"])
# A booking is requested once when it is made, and again by each change.
_REQUESTS = select(func.count()).where(PickupEvent.state == "requested")
_SUMMARIES = {
    "refused": "Hệ thống bưu điện không nhận lịch hẹn này (lý do: {reason}). Nhờ gọi bưu cục để giao việc.",
    "cancel_refused": "Hệ thống bưu điện không hủy được đơn của lịch hẹn này (lý do: {reason}). Nhờ gọi bưu cục.",
    "away": "Hệ thống bưu điện chưa trả lời về lịch hẹn này, máy vẫn thử lại. Nhờ gọi bưu cục nếu đã gần giờ hẹn.",
}


@dataclass(frozen=True)
class _Step:
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
        return Mark(kind, revision, name, 1 + (mark.attempts if again and mark else 0), _now() + CLAIM_SECONDS)


def hand_over(database: Database, system: PostSystem) -> int:
    """Place and cancel what is to be; returns how many orders were placed or cancelled. Safe in many processes."""
    with database.reading() as session:
        steps = list(_steps(session))
    done = 0
    for step in steps:
        try:
            done += _take(database, system, step)
        except Exception as error:  # one that cannot be handed over must not hold up the others
            log.error("the order of pickup %d failed, trying again: %s", step.pickup_id, type(error).__name__)
    return done


def _steps(session: Session) -> Iterator[_Step]:
    revision = _REQUESTS.where(PickupEvent.pickup_id == Pickup.id).correlate(Pickup).scalar_subquery()
    under_way = or_(*(Pickup.post_order.startswith(f"~{kind}.") for kind in (PLACING, CANCELLING)))
    settled = or_(*(Pickup.post_order.startswith(f"~{kind}.") for kind in (REFUSED, CLOSED)))
    rows = session.execute(
        select(Pickup.id, Pickup.booking, Pickup.state, Pickup.post_order, revision.label("revision"))
        .where(
            Pickup.booking.is_not(None),  # long ended: its number was given away
            or_(
                and_(Pickup.state.in_(STILL_OURS), or_(Pickup.post_order.is_(None), revision > 1)),
                and_(Pickup.state.not_in(ENDS), under_way),
                and_(Pickup.state == "cancelled", Pickup.post_order.is_not(None), ~settled),
            ),
        )
        .order_by(Pickup.id)
    )
    found = 0
    for row in rows:
        revised = max(1, row.revision)
        what = marks.next_step(row.state, marks.read(row.post_order), revised, _now())
        if what is not None and found < AT_ONCE:
            found += 1
            yield _Step(row.id, row.booking, row.state, row.post_order, revised, what)


def _take(database: Database, system: PostSystem, step: _Step) -> bool:
    claim = step.claim()
    with database.unit_of_work() as session:
        if not _swap(session, step.pickup_id, step.written, claim, Pickup.state == step.state):
            return False  # another process was faster, or the booking has moved on
        requests = session.execute(_REQUESTS.where(PickupEvent.pickup_id == step.pickup_id)).scalar_one()
        if max(1, requests) != step.revision:
            session.rollback()  # changed since we looked: one key must not stand for two sets of facts
            return False
        order = order_of(session.get(Pickup, step.pickup_id), marks.key(step.booking, step.pickup_id, claim.revision))
    try:
        if step.what == PLACE:
            return _note_placed(database, step, claim, system.place(order))
        system.cancel(order.key)
    except PostAwayError as error:
        log.warning("the postal system did not answer for pickup %d: %s", step.pickup_id, error)
        return _note_away(database, step, claim)
    except PostRefusedError as error:
        return _note_refused(database, step, claim, error.reason)
    done = Mark(CLOSED, claim.revision, claim.name) if step.state == "cancelled" else None
    # The facts have changed: the next round places the new order, with a parcel of its own.
    return _note(database, step, claim, "cancelled", done, **({} if done else {"tracking": None}))


def _note_placed(database: Database, step: _Step, claim: Mark, placed: Placed) -> bool:
    values = {"tracking": func.coalesce(Pickup.tracking, placed.tracking)} if placed.tracking else {}
    try:
        return _note(database, step, claim, "placed", Mark(PLACED, claim.revision, placed.number), **values)
    except IntegrityError:  # a number that another booking has: which of the two would the postman have?
        return _note_refused(database, step, claim, "number_twice")


def _note_away(database: Database, step: _Step, claim: Mark) -> bool:
    pause = min(FIRST_PAUSE * 2 ** min(claim.attempts - 1, 20), LONGEST_PAUSE)
    later = Mark(claim.kind, claim.revision, claim.name, claim.attempts, _now() + pause)
    ticket = _SUMMARIES["away"] if claim.attempts == TICKET_AFTER else None
    _note(database, step, claim, "away", later, ticket=ticket)
    return False


def _note_refused(database: Database, step: _Step, claim: Mark, reason: str) -> bool:
    """Leave it to people, by a ticket: one that is not taken until the booking is changed, one that stays for good."""
    result, kind = ("refused", REFUSED) if step.what == PLACE else ("cancel_refused", CLOSED)
    mark = Mark(kind, claim.revision, claim.name)
    _note(database, step, claim, result, mark, ticket=_SUMMARIES[result].format(reason=reason))
    return False


def _note(
    database: Database,
    step: _Step,
    claim: Mark,
    result: str,
    mark: Mark | None,
    ticket: str | None = None,
    **values: object,
) -> bool:
    """Write down what came of a claim that is still ours; returns whether it was."""
    with database.unit_of_work() as session:
        ours = _swap(session, step.pickup_id, claim.written(), mark, **values)
        if ours and ticket:
            tickets.open_ticket(session, None, "pickup", ticket, subject=step.booking)
    if ours:
        RESULTS.labels(result).inc()
    return ours


def _swap(
    session: Session, pickup_id: int, before: str | None, after: Mark | None, *conditions: object, **values: object
) -> bool:
    """Put one mark in the place of another in one statement; False when it is not there any more."""
    stands = Pickup.post_order.is_(None) if before is None else Pickup.post_order == before
    swapped = session.execute(
        update(Pickup)
        .where(Pickup.id == pickup_id, stands, *conditions)
        .values(post_order=after.written() if after else None, **values)
        .execution_options(synchronize_session=False)
    )
    return bool(swapped.rowcount == 1)


def _now() -> int:
    return int(clock.now().timestamp())
