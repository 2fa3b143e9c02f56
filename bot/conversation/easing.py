"""Who waits for whom when everybody comes at once: what arrives is taken first, answering and delivering ease off.

A platform gives us two seconds for its 200 and then sends the message again, while an answer may take a little longer.
All of them share one interpreter: a turn that runs costs every request several waits for it. So the event loop
watches how late it is, and while it is late no new turn begins and no message leaves, each for a moment at most.
"""

from __future__ import annotations

import asyncio
import time

TICK_SECONDS = 0.01
LATE_SECONDS = 0.008  # of the loop; beyond that somebody waits for us
CALM_SECONDS = 0.03  # so long it must have been on time
LONGEST_SECONDS = 0.5  # what waits for us must not wait for ever


class Ease:
    """How pressed this process is; one for all that answers and delivers in it."""

    def __init__(self) -> None:
        """Begin calm."""
        self._pressed_until = 0.0
        self._watching: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to watch the event loop (inside it)."""
        self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Watch no longer."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        self._pressed_until = 0.0

    @property
    def pressed(self) -> bool:
        """Return whether what arrives waits for us."""
        return time.monotonic() < self._pressed_until

    def wait(self) -> None:
        """Wait, on a thread, until it is calm; half a second at most."""
        until = time.monotonic() + LONGEST_SECONDS
        while self.pressed and time.monotonic() < until:
            time.sleep(TICK_SECONDS)

    async def pause(self) -> None:
        """Wait, in the event loop, until it is calm; half a second at most."""
        until = time.monotonic() + LONGEST_SECONDS
        while self.pressed and time.monotonic() < until:
            await asyncio.sleep(TICK_SECONDS)

    async def _watch(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(TICK_SECONDS)
            now = time.monotonic()
            if now - before - TICK_SECONDS > LATE_SECONDS:
                self._pressed_until = now + CALM_SECONDS
