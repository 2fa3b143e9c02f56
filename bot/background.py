"""Work that repeats beside the turns: each task in a thread, so that the event loop stays free; errors end no task."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

log = logging.getLogger(__name__)


class Background:
    """Tasks that run again and again until stopped."""

    def __init__(self) -> None:
        """Start with none."""
        self._wanted: list[tuple[str, float, Callable[[], object]]] = []
        self._running: list[asyncio.Task[None]] = []

    def every(self, seconds: float, name: str, work: Callable[[], object]) -> None:
        """Have `work` done every so many seconds, counted from its end; it must be safe in several processes."""
        self._wanted.append((name, seconds, work))

    def start(self) -> None:
        """Begin; must be called inside the event loop."""
        self._running = [asyncio.create_task(self._repeat(*wanted)) for wanted in self._wanted]

    async def stop(self) -> None:
        """Stop; what is under way in a thread is finished."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _repeat(self, name: str, seconds: float, work: Callable[[], object]) -> None:
        while True:
            try:
                await asyncio.to_thread(work)
            except Exception as error:  # the database may be away; the error's text may hold what a citizen wrote
                log.error("%s failed, trying again: %s", name, type(error).__name__)
            await asyncio.sleep(seconds)
