"""The assistant as channels see it: hand a message in, get the answer, whatever happens in between."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

from bot.conversation import inbox, transcript
from bot.conversation.transcript import Line
from bot.conversation.turn import TurnDone, Turns
from bot.conversation.workers import Priority, Workers
from bot.db.engine import Database

Result = TypeVar("Result")
log = logging.getLogger(__name__)

# Another process may be answering: then only the database tells when it is done.
LOOK_AGAIN_SECONDS = 0.25
SWEEP_SECONDS = 1.0


class NotYetAnswered(TimeoutError):
    """The answer takes longer than the caller wants to wait; the message is stored and will be answered."""


class Assistant:
    """Takes messages of pull channels and waits for their answers; sweeps up what was left waiting."""

    def __init__(self, database: Database, turns: Turns, workers: Workers, reply_timeout_seconds: float) -> None:
        """Keep the parts; `start` must run inside the event loop."""
        self._database = database
        self._turns = turns
        self._workers = workers
        self._timeout = reply_timeout_seconds
        self._waiters: dict[int, list[asyncio.Future[list[Line]]]] = defaultdict(list)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._sweeper: asyncio.Task[None] | None = None
        self._queued: set[int] = set()

    def start(self) -> None:
        """Begin to sweep up waiting messages: those of a process that died, and turns that failed."""
        self._loop = asyncio.get_running_loop()
        self._sweeper = self._loop.create_task(self._sweep())

    async def stop(self) -> None:
        """Stop sweeping; turns that run are finished by the workers."""
        if self._sweeper:
            self._sweeper.cancel()
            await asyncio.gather(self._sweeper, return_exceptions=True)

    async def answer(self, channel: str, sender: str, text: str, message_id: str) -> tuple[int, list[Line]]:
        """Store one message and return (its inbox id, the replies to it), in order.

        Raises bot.conversation.inbox.BadMessage, and NotYetAnswered when it takes too long.
        """
        accepted = await self._on_worker(
            Priority.STORE, lambda: inbox.accept(self._database, channel, sender, text, message_id)
        )
        waiter: asyncio.Future[list[Line]] = asyncio.get_running_loop().create_future()
        self._waiters[accepted.inbox_id].append(waiter)
        try:
            if accepted.again:
                lines = await self._read(accepted.inbox_id)
                if lines is not None:
                    return accepted.inbox_id, lines
            self._queue_turns(accepted.conversation_id)
            return accepted.inbox_id, await self._wait(accepted.inbox_id, waiter)
        finally:
            waiters = self._waiters[accepted.inbox_id]
            waiters.remove(waiter)
            if not waiters:
                del self._waiters[accepted.inbox_id]

    async def _wait(self, inbox_id: int, waiter: asyncio.Future[list[Line]]) -> list[Line]:
        assert self._loop is not None
        until = self._loop.time() + self._timeout
        while (left := until - self._loop.time()) > 0:
            try:
                return await asyncio.wait_for(asyncio.shield(waiter), min(left, LOOK_AGAIN_SECONDS))
            except asyncio.TimeoutError:
                lines = await self._read(inbox_id)
                if lines is not None:
                    return lines
        raise NotYetAnswered

    async def _read(self, inbox_id: int) -> list[Line] | None:
        def read() -> list[Line] | None:
            with self._database.reading() as session:
                return transcript.replies_to(session, inbox_id)

        return await asyncio.to_thread(read)

    def _queue_turns(self, conversation_id: int) -> None:
        """Have a worker answer all that waits in the conversation; once is enough while it is queued."""
        if conversation_id in self._queued:
            return
        self._queued.add(conversation_id)
        self._workers.submit(Priority.ANSWER, lambda: self._run(conversation_id))

    def _run(self, conversation_id: int) -> None:
        """Answer one message (on a worker); if more wait, get in line again, so that nobody starves."""
        assert self._loop is not None
        done: TurnDone | None = None
        try:
            done = self._turns.run_next(conversation_id)
        except Exception as error:
            log.error("no turn could be run: %s", type(error).__name__)
        finally:
            self._loop.call_soon_threadsafe(self._ran, conversation_id, done)

    def _ran(self, conversation_id: int, done: TurnDone | None) -> None:
        self._queued.discard(conversation_id)
        if done is None:
            return
        for waiter in self._waiters.get(done.inbox_id, []):
            if not waiter.done():
                waiter.set_result(done.replies)
        self._queue_turns(conversation_id)

    async def _sweep(self) -> None:
        while True:
            try:
                for conversation_id in await asyncio.to_thread(self._turns.waiting):
                    self._queue_turns(conversation_id)
            except Exception as error:
                log.error("the sweep could not read the inbox: %s", type(error).__name__)
            await asyncio.sleep(SWEEP_SECONDS)

    async def _on_worker(self, priority: Priority, function: Callable[[], Result]) -> Result:
        return await asyncio.wrap_future(self._workers.submit(priority, function))
