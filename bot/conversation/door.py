"""The door for what platforms push: whatever arrives while a transaction runs is stored together in the next one.

A platform waits two seconds for its 200 at most, and a turn holds the database's one writer (SQLite) for a while:
alone, each message would wait in line behind every other one.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bot.conversation import inbox
from bot.conversation.inbox import Accepted, BadMessage
from bot.conversation.incoming import Incoming
from bot.conversation.together import Together
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
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="door")
        self._together = Together(self._store, MOST_TOGETHER, self._thread)
        self._open = False

    def open(self) -> None:
        """Begin to take; inside the event loop."""
        self._open = True

    async def close(self) -> None:
        """Store what is waiting, and take nothing more."""
        self._open = False
        await self._together.finished()
        self._thread.shutdown()

    async def take(self, incoming: Incoming) -> Accepted:
        """Return once the message is stored. Raises BadMessage, and what the database raises."""
        if not self._open:
            raise DoorClosed("closed")
        return await self._together.do(incoming)

    def _store(self, arrived: list[Incoming]) -> list[Accepted | BadMessage]:
        return inbox.accept_many(self._database, arrived, settle_seconds=self.settle_seconds)
