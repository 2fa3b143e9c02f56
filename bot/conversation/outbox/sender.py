"""The sender of one channel: takes what is due, speaks at the platform's pace, gives every message its end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from bot.conversation.easing import Ease
from bot.conversation.outbox import delivery, queue
from bot.conversation.outbox.breaker import Breaker
from bot.conversation.outbox.delivery import Channel
from bot.conversation.outbox.pace import Pace
from bot.conversation.outbox.queue import Taken
from bot.conversation.together import Together
from bot.conversation.ways import Ways
from bot.db.engine import Database

log = logging.getLogger(__name__)

AT_ONCE = 20  # people spoken to at the same time
LOOK_SECONDS = 0.5  # for what other processes have written; our own turns wake us
STUCK_SECONDS = 15.0  # between two looks for messages of a dead process
R = TypeVar("R")


class Sender:
    """Delivers the outbox of one channel; any number of processes may each have one."""

    def __init__(
        self,
        database: Database,
        channel: Channel,
        ways: Ways,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        ease: Ease | None = None,
    ) -> None:
        """Keep the parts; clock and waiting can be set by hand in tests."""
        self._ease = ease or Ease()
        self._database, self._channel, self._ways = database, channel, ways
        self._ends: Together[tuple[Any, ...], None] = Together(self._write_ends, AT_ONCE)
        self._breaker = Breaker(channel.name, monotonic)
        self._pace = Pace(channel.limits, monotonic, sleep)
        self._monotonic = monotonic
        self._looked_for_stuck = float("-inf")
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = False

    async def run(self) -> None:
        """Deliver until stopped; nothing that goes wrong here ends it."""
        self._loop = asyncio.get_running_loop()
        while not self._stopped:
            self._woken.clear()
            try:
                delivered = await self.round()
            except Exception as error:  # the database may be away; the error's text may hold what a citizen wrote
                log.error("sender of %s failed, trying again: %s", self._channel.name, type(error).__name__)
                delivered = 0
            if not delivered and not self._stopped:
                try:
                    await asyncio.wait_for(self._woken.wait(), LOOK_SECONDS)
                except asyncio.TimeoutError:
                    continue

    def stop(self) -> None:
        """Take nothing more; `run` ends once what is under way has its end."""
        self._stopped = True
        self._woken.set()

    def wake(self) -> None:
        """Look at once: something was written (from any thread)."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._woken.set)

    async def round(self) -> int:
        """Take what is due and deliver it; returns how many messages were taken."""
        taken = await asyncio.to_thread(self._take)
        # One that fails in an unforeseen way must not leave the others without their end.
        await asyncio.gather(*(self._deliver(message) for message in taken))
        return len(taken)

    def _take(self) -> list[Taken]:
        if self._monotonic() - self._looked_for_stuck > STUCK_SECONDS:
            self._looked_for_stuck = self._monotonic()
            freed = self._write(lambda session: queue.free_stuck(session, self._channel.name))
            self._write(lambda session: queue.give_up_stale(session, self._channel.name))
            if freed:
                log.warning("%d messages of %s were taken and never ended: again", freed, self._channel.name)
        most = self._breaker.allows(AT_ONCE)
        if not most:
            return []
        with self._database.reading() as session:
            if not queue.is_due(session, self._channel.name):
                return []
        return self._write(lambda session: queue.take(session, self._channel.name, most))

    async def _deliver(self, taken: Taken) -> None:
        await self._ease.pause()
        try:
            platform_id = await self._send_parts(taken)
        except delivery.DeliveryError as error:
            self._breaker_hears(error)
            await asyncio.to_thread(self._write, partial(self._failed, taken=taken, error=error))
        except Exception as error:  # a fault of ours: a dead letter that somebody must see
            log.error("message %d cannot be sent by %s: %s", taken.id, self._channel.name, type(error).__name__)
            await self._end(taken, "refused", type(error).__name__)
        else:
            self._breaker.went_well()
            await self._end(taken, "sent", platform_id=platform_id)

    async def _send_parts(self, taken: Taken) -> str | None:
        """Send what has not arrived yet; returns the platform's id of the last part."""
        parts: list[Any] = self._channel.render(taken.line)
        platform_id = None
        for number, part in enumerate(parts[taken.parts_done :], taken.parts_done):
            await self._pace.turn(taken.to)
            try:
                platform_id = await self._channel.send(taken.to, part, f"{taken.id}.{number}")
            finally:
                self._pace.spoke(taken.to)
            if number + 1 < len(parts):  # the last one is noted with the end
                await asyncio.to_thread(self._write, self._noting(taken, number + 1))
        return platform_id

    def _noting(self, taken: Taken, done: int) -> Callable[[Session], None]:
        return lambda session: queue.part_sent(session, taken, done)

    async def _end(
        self, taken: Taken, state: str, reason: str | None = None, *, platform_id: str | None = None
    ) -> None:
        await self._ends.do((taken, state, reason, platform_id))

    def _write_ends(self, ends: list[tuple[Any, ...]]) -> list[None]:
        """Note the ends of what was delivered at about the same time."""
        with self._database.unit_of_work() as session:
            for end in ends:
                queue.end(session, self._channel.name, *end)
        return [None] * len(ends)

    def _breaker_hears(self, error: delivery.DeliveryError) -> None:
        if isinstance(error, delivery.ChannelPaused):
            self._breaker.pause(error.seconds)
        elif isinstance(error, delivery.NeedsStaff):
            self._breaker.failed(error.reason, at_once=True)
        elif isinstance(error, delivery.PlatformDown):
            self._breaker.failed(error.reason)
        else:
            self._breaker.went_well()  # it answered, if only with a no

    def _failed(self, session: Session, taken: Taken, error: delivery.DeliveryError) -> None:
        """Decide what becomes of a message that was not delivered."""
        name = self._channel.name
        if isinstance(error, (delivery.Unreachable, delivery.WindowClosed)):
            if isinstance(error, delivery.Unreachable):
                queue.blocked(session, taken.address_id)
            if taken.asked_for:
                return queue.end(session, name, taken, "unreachable", error.reason)
            return self._other_way(session, taken, error.reason)
        if isinstance(error, delivery.Refused):
            return queue.end(session, name, taken, "refused", error.reason)
        counted = not isinstance(error, (delivery.ChannelPaused, delivery.NeedsStaff))
        queue.again(session, name, taken, error.reason, counted=counted)
        return None

    def _other_way(self, session: Session, taken: Taken, reason: str) -> None:
        kind = str(taken.line.custom.get("kind"))
        tried = [*taken.tried, [self._channel.name, taken.address_id]]
        way = self._ways.choose(session, taken.conversation_id, kind, tried=tried)
        queue.other_way(session, taken, way, tried, reason)

    def _write(self, work: Callable[[Session], R]) -> R:
        with self._database.unit_of_work() as session:
            return work(session)
