"""Asks the outside postal system how open orders stand: for a system that does not call us, and for lost calls."""

from __future__ import annotations

import logging

from prometheus_client import Counter
from sqlalchemy import select

from bot.db.engine import Database
from bot.pickups.models import Pickup, PickupEvent
from bot.pickups.post import marks, reports
from bot.pickups.post.reports import Report, ReportRefused
from bot.pickups.post.system import PostAwayError, PostRefusedError, PostSystem
from bot.pickups.states import ENDS, MOVES

log = logging.getLogger(__name__)

_OPEN = [state for state in MOVES if state not in ENDS]
AT_ONCE = 200  # orders asked for in one round; the next round goes on behind them
EVENTS = Counter("motcua_post_events", "Events fetched from the outside postal system", ["result"])


class Puller:
    """Goes round the open orders, some at a time."""

    def __init__(self, database: Database, system: PostSystem) -> None:
        """Begin with the oldest."""
        self._database, self._system = database, system
        self._after = 0

    def pull(self) -> int:
        """Ask for the next open orders and take what is new; returns how many bookings moved, each move counted."""
        with self._database.reading() as session:
            rows = session.execute(
                select(Pickup.id, Pickup.booking, Pickup.post_order)
                .where(Pickup.state.in_(_OPEN), ~Pickup.post_order.startswith("~"), Pickup.id > self._after)
                .order_by(Pickup.id)
                .limit(AT_ONCE)
            ).all()
        moved = 0
        for row in rows:
            self._after = row.id
            mark = marks.read(row.post_order)
            assert mark is not None, "the query takes placed orders only"
            try:
                found = self._system.events(marks.key(row.booking, row.id, mark.revision))
            except PostRefusedError as error:
                log.warning("the postal system does not tell of pickup %d: %s", row.id, error.reason)
                continue
            except PostAwayError as error:  # away for all of them, likely; the next round goes on behind this one
                log.warning("the postal system did not answer: %s", error)
                return moved
            moved += self._take_new(row.id, row.booking, found)
        if len(rows) < AT_ONCE:
            self._after = 0
        return moved

    def _take_new(self, pickup_id: int, booking: str, found: list[Report]) -> int:
        """Take the events that are not known yet, in the order in which they happened."""
        with self._database.reading() as session:
            known = set(
                session.execute(select(PickupEvent.event_id).where(PickupEvent.pickup_id == pickup_id)).scalars()
            )
        moved = 0
        for report in sorted(found, key=lambda report: report.at):
            if report.event_id in known:
                continue
            try:
                with self._database.unit_of_work() as session:
                    taken = reports.take(session, booking, report)
            except ReportRefused as error:  # perhaps one before it is missing: it is asked for again
                EVENTS.labels(error.reason).inc()
                log.info("an event of pickup %d was not taken: %s", pickup_id, error.reason)
                continue
            moved += taken.moved
            EVENTS.labels("moved" if taken.moved else "history").inc()
        return moved
