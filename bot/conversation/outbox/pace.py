"""The pace of a channel: never faster than the platform allows, to one person and to everybody together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from bot.conversation.outbox.delivery import Limits

MOST_REMEMBERED = 10_000


class Pace:
    """Hands out moments to speak, in the order they were asked for."""

    def __init__(
        self,
        limits: Limits,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Keep the limits; the clock and the waiting can be set by hand in tests."""
        self._limits, self._monotonic, self._sleep = limits, monotonic, sleep
        self._next = 0.0
        self._next_to: dict[str, float] = {}

    async def turn(self, to: str) -> None:
        """Wait until one more part may go to this person."""
        now = self._monotonic()
        moment = max(now, self._next, self._next_to.get(to, 0.0))
        self._next = max(now, self._next) + 1.0 / self._limits.per_second
        self._next_to[to] = moment + self._limits.chat_seconds
        if len(self._next_to) > MOST_REMEMBERED:
            self._next_to = {person: free for person, free in self._next_to.items() if free > now}
        if moment > now:
            await self._sleep(moment - now)

    def spoke(self, to: str) -> None:
        """Count from now on: a part may have been under way for long, and the platform counts when it arrives."""
        self._next_to[to] = max(self._next_to.get(to, 0.0), self._monotonic() + self._limits.chat_seconds)
