"""Hands bookings over to an outside postal system, each exactly once, and cancels there what is cancelled here.

Claim, call, note: the claim is committed first, so that of many processes one calls; a crash or a lost answer leaves
the claim, which runs out, and then the same order is placed again under the same key.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from prometheus_client import Counter
from sqlalchemy import func, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.db.engine import Database
from bot.pickups.models import Pickup
from bot.pickups.post import marks, steps
from bot.pickups.post.contents import order_of
from bot.pickups.post.marks import CLOSED, PLACE, PLACED, REFUSED, Mark
from bot.pickups.post.steps import Step
from bot.pickups.post.system import Placed, PostAwayError, PostRefusedError, PostSystem
from bot.tickets import tickets

log = logging.getLogger(__name__)

AWAY_AFTER = 3  # calls in a row without an answer
FIRST_PAUSE, LONGEST_PAUSE = 30, 3600  # seconds; doubled after each try
TICKET_AFTER = 5  # tries without an answer: some quarter of an hour
RESULTS = Counter("motcua_post_orders", "Orders at the outside postal system by what became of them", ["result"])
_SUMMARIES = {
    "refused": "Hệ thống bưu điện không nhận lịch hẹn này (lý do: {reason}). Nhờ gọi bưu cục để giao việc.",
    "cancel_refused": "Hệ thống bưu điện không hủy được đơn của lịch hẹn này (lý do: {reason}). Nhờ gọi bưu cục.",
    "away": "Hệ thống bưu điện chưa trả lời về lịch hẹn này, máy vẫn thử lại. Nhờ gọi bưu cục nếu đã gần giờ hẹn.",
}


def hand_over(database: Database, system: PostSystem) -> int:
    """Place the orders of bookings that stand, and cancel those that are out of date; returns how many of both.

    Safe in many processes, like `withdraw`.
    """
    return _take_all(database, system, steps.of_standing)


def withdraw(database: Database, system: PostSystem) -> int:
    """Cancel the orders of bookings that were cancelled; returns how many.

    Apart from `hand_over`, for it looks through all that were ever cancelled.
    """
    return _take_all(database, system, steps.of_cancelled)


def _take_all(database: Database, system: PostSystem, looked_up: Callable[[Session], list[Step]]) -> int:
    with database.reading() as session:
        found = looked_up(session)
    done, unanswered = 0, 0
    for step in found:
        try:
            answered = _take(database, system, step)
        except Exception as error:  # one that cannot be handed over must not hold up the others
            log.error("the order of pickup %d failed, trying again: %s", step.pickup_id, type(error).__name__)
            continue
        done += answered or 0
        unanswered = unanswered + 1 if answered is None else 0
        if unanswered == AWAY_AFTER:
            break  # it is away for all of them: each would only wait its time out
    return done


def _take(database: Database, system: PostSystem, step: Step) -> bool | None:
    """Do one thing; returns whether an order was placed or cancelled, None when the system did not answer."""
    claim = step.claim()
    with database.unit_of_work() as session:
        if not _swap(session, step.pickup_id, step.written, claim, Pickup.state == step.state):
            return False  # another process was faster, or the booking has moved on
        if steps.revision(session, step.pickup_id) != step.revision:
            session.rollback()  # changed since we looked: one key must not stand for two sets of facts
            return False
        order = order_of(session.get(Pickup, step.pickup_id), marks.key(step.booking, step.pickup_id, claim.revision))
    try:
        if step.what == PLACE:
            return _note_placed(database, step, claim, system.place(order))
        system.cancel(order.key)
    except PostAwayError as error:
        log.warning("the postal system did not answer for pickup %d: %s", step.pickup_id, error)
        _note_away(database, step, claim)
        return None
    except PostRefusedError as error:
        return _note_refused(database, step, claim, error.reason)
    done = Mark(CLOSED, claim.revision, claim.name) if step.state == "cancelled" else None
    # The facts have changed: the next round places the new order, with a parcel of its own.
    return _note(database, step, claim, "cancelled", done, **({} if done else {"tracking": None}))


def _note_placed(database: Database, step: Step, claim: Mark, placed: Placed) -> bool:
    values = {"tracking": func.coalesce(Pickup.tracking, placed.tracking)} if placed.tracking else {}
    try:
        return _note(database, step, claim, "placed", Mark(PLACED, claim.revision, placed.number), **values)
    except IntegrityError:  # a number that another booking has: which of the two would the postman have?
        return _note_refused(database, step, claim, "number_twice")


def _note_away(database: Database, step: Step, claim: Mark) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(claim.attempts - 1, 20), LONGEST_PAUSE)
    later = Mark(claim.kind, claim.revision, claim.name, claim.attempts, steps.now() + pause)
    ticket = _SUMMARIES["away"] if claim.attempts == TICKET_AFTER else None
    _note(database, step, claim, "away", later, ticket=ticket)


def _note_refused(database: Database, step: Step, claim: Mark, reason: str) -> bool:
    """Leave it to people, by a ticket: one that is not taken until the booking is changed, one that stays for good."""
    result, kind = ("refused", REFUSED) if step.what == PLACE else ("cancel_refused", CLOSED)
    mark = Mark(kind, claim.revision, claim.name)
    _note(database, step, claim, result, mark, ticket=_SUMMARIES[result].format(reason=reason))
    return False


def _note(
    database: Database,
    step: Step,
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
