"""The door for what platforms push: whatever arrives while a transaction runs is stored together in the next one.

A platform waits two seconds for its 200 at most, and a turn holds the database's one writer (SQLite) for a while:
alone, each message would wait in line behind every other one.
"""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor

from bot.conversation import inbox
from bot.conversation.inbox import Accepted, BadMessage
from bot.conversation.incoming import Incoming
from bot.db.engine import Database

MOST_TOGETHER = 100


class DoorClosed(RuntimeError):
    """The process is about to end; the platform sends it again."""


class Door:
    """Stores what arrives. One thread of its own, so that neither turns nor deliveries stand before it."""

    def __init__(self, database: Database, settle_seconds: float) -> None:
        """Keep the database; `settle_seconds`: how long an earlier message may still be under way."""
        self._database = database
        self.settle_seconds = settle_seconds
        self._waiting: deque[tuple[Incoming, asyncio.Future[Accepted]]] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="door")
        self._storing: asyncio.Task[None] | None = None
        self._open = False

    def open(self) -> None:
        """Begin to take; inside the event loop."""
        self._open = True

    async def close(self) -> None:
        """Store what is waiting, and take nothing more."""
        self._open = False
        if self._storing is not None:
            await asyncio.gather(self._storing, return_exceptions=True)
        self._thread.shutdown()

    async def take(self, incoming: Incoming) -> Accepted:
        """Return once the message is stored. Raises BadMessage, and what the database raises."""
        if not self._open:
            raise DoorClosed("closed")
        stored: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        self._waiting.append((incoming, stored))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store_all())
        return await stored

    async def _store_all(self) -> None:
        while self._waiting:
            together = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER))]
            arrived = [incoming for incoming, _ in together]
            try:
                stored = await asyncio.get_running_loop().run_in_executor(self._thread, self._store, arrived)
            except Exception as error:  # the database is away: whoever waits hears it, and the platform sends again
                for _, waiting in together:
                    if not waiting.done():
                        waiting.set_exception(error)
                continue
            for (_, waiting), outcome in zip(together, stored, strict=True):
                if waiting.done():
                    continue  # the platform has gone; it is stored all the same
                if isinstance(outcome, BadMessage):
                    waiting.set_exception(outcome)
                else:
                    waiting.set_result(outcome)

    def _store(self, arrived: list[Incoming]) -> list[Accepted | BadMessage]:
        return inbox.accept_many(self._database, arrived, settle_seconds=self.settle_seconds)
