"""Updates that we ask for: one long call after the other, and what came is confirmed once it is stored."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError

from bot import clock
from bot.channels.rare_log import RareLog
from bot.channels.telegram import limits, updates
from bot.channels.telegram.client import Client
from bot.channels.telegram.intake import Intake
from bot.clock import UTC

log = logging.getLogger(__name__)

MOST_TRIES = 8  # of an update that something of ours chokes on: after some minutes the others go on without it
DROPPED = Counter("motcua_telegram_updates_dropped", "Updates given up after many tries, by a fault of ours")


class BackOff:
    """Growing pauses with jitter, so that many do not come back at once."""

    def __init__(self, first: float = 1.0, longest: float = 60.0) -> None:
        """Pauses in seconds."""
        self._first, self._longest, self._failures = first, longest, 0

    @property
    def failures(self) -> int:
        """Return how many failures there were since the last success."""
        return self._failures

    def failed(self) -> float:
        """Count a failure and return how long to wait."""
        self._failures += 1
        doublings = min(self._failures - 1, 30)  # a power of two for each failure of a night is too large a number
        whole = min(self._longest, self._first * 2.0**doublings)
        return whole * random.uniform(0.5, 1.0)  # noqa: S311 (spreads load, keeps no secret)

    def succeeded(self) -> None:
        """Begin anew with the first pause."""
        self._failures = 0


class Poller:
    """Asks for updates until it is cancelled; whoever runs it sees to errors of the platform (DeliveryError)."""

    def __init__(
        self,
        client: Client,
        intake: Intake,
        seconds: int = limits.LONG_POLL_SECONDS,
        back_off: Callable[[], BackOff] = BackOff,
    ) -> None:
        """`seconds`: how long Telegram may hold a call when nothing happens."""
        self._client, self._intake, self._seconds = client, intake, seconds
        self._offset: int | None = None
        self._storing = back_off()
        self._rarely = RareLog(log)

    async def once(self) -> None:
        """Ask once and store what came; raises DeliveryError."""
        found = await self._client.updates(self._offset, self._seconds)
        moments = _moments(found, clock.now())
        for raw, moment in zip(found, moments, strict=True):
            if not await _to_the_end(asyncio.ensure_future(self._stored(raw, moment))):
                await asyncio.sleep(self._storing.failed())
                return

    async def _stored(self, raw: object, moment: datetime) -> bool:
        """Store one update; False when it must come again."""
        try:
            await self._intake.take(raw, moment)
        except SQLAlchemyError as error:  # the database is away: it may take hours, and nothing may be lost
            self._rarely.warning(f"an update could not be stored, asking again: {type(error).__name__}")
            return False
        except Exception as error:  # a fault of ours, with this update
            self._rarely.warning(f"an update could not be taken: {type(error).__name__}", logging.ERROR)
            if self._storing.failures < MOST_TRIES:
                return False
            DROPPED.inc()
        self._storing.succeeded()
        number = raw.get("update_id") if isinstance(raw, dict) else None
        if isinstance(number, int):
            self._offset = number + 1
        return True


async def _to_the_end(storing: asyncio.Future[bool]) -> bool:
    """Wait for a thread that stores; a stop in the middle lets it end first."""
    try:
        return await asyncio.shield(storing)
    except asyncio.CancelledError:
        while not storing.done():
            with suppress(asyncio.CancelledError):  # cancelled again: it must end all the same
                await asyncio.wait([storing])
        raise


def _moments(found: list[object], now: datetime) -> list[datetime]:
    """Return when each update happened, at the latest: as the next one that has a date, or now.

    So a pressed button, which has none, keeps its place among the texts when a whole night comes at once.
    """
    moments: list[datetime] = []
    for raw in reversed(found):
        update = updates.parse(raw)
        if update is not None and update.date:
            now = min(now, datetime.fromtimestamp(update.date, UTC))
        moments.append(now)
    return moments[::-1]
