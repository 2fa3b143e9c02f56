"""What waits right now, asked of the database when Prometheus asks us: rows, and the seconds of the oldest."""

from __future__ import annotations

import time
from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Integer, column, text
from sqlalchemy.exc import SQLAlchemyError

from bot import clock
from bot.db.base import UtcDateTime
from bot.db.engine import Database

KEPT_SECONDS = 5.0  # several who ask at once are one question to the database
_COLUMNS = (column("count", Integer), column("since", UtcDateTime()))
# Each through an index on its state: what waits is few, what is done is all the rest.
QUEUES = {
    queue: text(f"SELECT count(*), min({since}) FROM {table} WHERE state IN {states}").columns(*_COLUMNS)  # noqa: S608
    for queue, table, since, states in (
        ("inbox", "inbox", "received_at", "('waiting', 'fetching')"),
        ("outbox", "outbox", "created_at", "('pending', 'sending')"),
        ("dead_letters", "outbox", "created_at", "('expired', 'unreachable', 'refused')"),
        ("tickets", "tickets", "created_at", "('open', 'taken')"),
    )
}


class Waiting(Collector):
    """Collects `motcua_waiting_rows` and `motcua_oldest_waiting_seconds`; none when it is away."""

    def __init__(self, database: Database) -> None:
        """Keep the database."""
        self._database = database
        self._asked_at = float("-inf")
        self._found: dict[str, tuple[int, float]] = {}

    def describe(self) -> list[GaugeMetricFamily]:
        """Return nothing: what is there is known only when asked."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Return the figures of now."""
        rows = GaugeMetricFamily("motcua_waiting_rows", "Rows that wait, by queue", labels=["queue"])
        oldest = GaugeMetricFamily(
            "motcua_oldest_waiting_seconds", "How long the oldest row has waited, by queue", labels=["queue"]
        )
        for queue, (count, seconds) in self._now().items():
            rows.add_metric([queue], count)
            oldest.add_metric([queue], seconds)
        yield rows
        yield oldest

    def _now(self) -> dict[str, tuple[int, float]]:
        if time.monotonic() - self._asked_at > KEPT_SECONDS:
            try:
                self._found = self._ask()
            except SQLAlchemyError:  # an alert for the missing figures says more than figures of long ago
                self._found = {}
            self._asked_at = time.monotonic()
        return self._found

    def _ask(self) -> dict[str, tuple[int, float]]:
        found = {}
        now = clock.now()
        with self._database.reading() as session:
            for queue, sql in QUEUES.items():
                count, since = session.execute(sql).one()
                found[queue] = (count, max(0.0, (now - since).total_seconds()) if since else 0.0)
        return found
