"""The assistant as channels see it: hand a message in, get the answer, whatever happens in between."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress

from bot import clock
from bot.conversation import inbox, transcript
from bot.conversation.door import Door
from bot.conversation.easing import Ease
from bot.conversation.incoming import Incoming
from bot.conversation.transcript import Line
from bot.conversation.turn import TurnDone, Turns
from bot.db.engine import Database

log = logging.getLogger(__name__)

# Another process may be answering: then only the database tells when it is done. On SQLite there is hardly ever
# another one, and looking costs the writer's time.
LOOK_AGAIN_SECONDS, LOOK_AGAIN_SQLITE_SECONDS = 0.25, 3.0
SWEEP_SECONDS = 1.0
# Webhooks of one person may overtake each other: so long an earlier message may still come (measured from arrival).
SETTLE_SECONDS = 0.3


class NotYetAnswered(TimeoutError):
    """The answer takes longer than the caller wants to wait; the message is stored and will be answered."""


class Assistant:
    """Takes messages of pull channels and waits for their answers; sweeps up what was left waiting."""

    def __init__(
        self,
        database: Database,
        turns: Turns,
        workers: Executor,
        reply_timeout_seconds: float,
        written: Callable[[], None] = lambda: None,
        ease: Ease | None = None,
        *,
        answers: bool = True,
        looks_every: float = SWEEP_SECONDS,
    ) -> None:
        """Keep the parts; `start` must run inside the event loop.

        `workers` run the turns: one thread on SQLite, which has one writer, a few on PostgreSQL. `written` hears that
        a turn is done, so that senders need not look for what it wrote. `answers`: False in a process that only takes
        in, while others answer. `looks_every`: seconds between two looks for what others took in.
        """
        self._written, self._ease = written, ease or Ease()
        self._answers, self._looks_every = answers, looks_every
        self._door = Door(database, 0.0 if clock.is_fixed() else SETTLE_SECONDS)
        self._database = database
        self._turns = turns
        self._workers = workers
        self._timeout = reply_timeout_seconds
        self._look_again = LOOK_AGAIN_SQLITE_SECONDS if database.is_sqlite else LOOK_AGAIN_SECONDS
        self._waiters: dict[int, list[asyncio.Future[list[Line]]]] = defaultdict(list)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._sweeper: asyncio.Task[None] | None = None
        self._queued: set[int] = set()

    def start(self) -> None:
        """Begin to sweep up waiting messages: those of a process that died, and turns that failed."""
        self._loop = asyncio.get_running_loop()
        self._sweeper = self._loop.create_task(self._sweep()) if self._answers else None
        self._door.open()
        self._ease.start()

    async def stop(self) -> None:
        """Close the door and stop sweeping; turns that run are finished by the workers."""
        await self._door.close()
        await self._ease.stop()
        if self._sweeper:
            self._sweeper.cancel()
            await asyncio.gather(self._sweeper, return_exceptions=True)

    async def take(self, incoming: Incoming) -> inbox.Accepted:
        """Store what a platform pushed to us and have it answered; the replies go by the outbox.

        Raises bot.conversation.inbox.BadMessage for what cannot be taken.
        """
        accepted = await self._door.take(incoming)
        if not accepted.again:
            asyncio.get_running_loop().call_later(
                self._door.settle_seconds, self._queue_turns, accepted.conversation_id
            )
        return accepted

    def ready(self, conversation_id: int) -> None:
        """Answer what waits in a conversation: something that was under way has come (inside the event loop)."""
        self._queue_turns(conversation_id)

    async def answer(self, channel: str, sender: str, text: str, message_id: str) -> tuple[int, list[Line]]:
        """Store one message and return (its inbox id, the replies to it), in order.

        Raises bot.conversation.inbox.BadMessage, and NotYetAnswered when it takes too long.
        """
        running = asyncio.get_running_loop().run_in_executor(
            self._workers, self._accept_and_answer, channel, sender, text, message_id
        )
        try:
            # Shielded: a caller that gives up stops nothing that is under way.
            accepted, done = await asyncio.wait_for(asyncio.shield(running), self._timeout)
        except asyncio.TimeoutError:
            raise NotYetAnswered from None
        if done is not None:
            self._hand_out(done)
            if done.inbox_id == accepted.inbox_id:
                return accepted.inbox_id, done.replies
        return accepted.inbox_id, await self._wait(accepted)

    def _accept_and_answer(
        self, channel: str, sender: str, text: str, message_id: str
    ) -> tuple[inbox.Accepted, TurnDone | None]:
        """Store a message, then answer the oldest one that waits in its conversation (on a worker)."""
        accepted = inbox.accept(self._database, Incoming(channel, sender, message_id, text), confirmed_later=True)
        answered_here = self._answers and not accepted.again
        return accepted, self._run_next(accepted.conversation_id) if answered_here else None

    async def _wait(self, accepted: inbox.Accepted) -> list[Line]:
        """Wait for a message that another turn answers: an earlier one was before it, or another process has it."""
        assert self._loop is not None
        waiter: asyncio.Future[list[Line]] = self._loop.create_future()
        self._waiters[accepted.inbox_id].append(waiter)
        until = self._loop.time() + self._timeout
        try:
            while True:
                lines = await self._read(accepted.inbox_id)
                if lines is not None:
                    return lines
                self._queue_turns(accepted.conversation_id)
                left = until - self._loop.time()
                if left <= 0:
                    raise NotYetAnswered
                with suppress(asyncio.TimeoutError):
                    return await asyncio.wait_for(asyncio.shield(waiter), min(left, self._look_again))
        finally:
            waiters = self._waiters[accepted.inbox_id]
            waiters.remove(waiter)
            if not waiters:
                del self._waiters[accepted.inbox_id]

    async def _read(self, inbox_id: int) -> list[Line] | None:
        def read() -> list[Line] | None:
            with self._database.reading() as session:
                return transcript.replies_to(session, inbox_id)

        return await asyncio.to_thread(read)

    def _queue_turns(self, conversation_id: int) -> None:
        """Have a worker answer what waits in the conversation; once is enough while it is queued."""
        if not self._answers or conversation_id in self._queued:
            return
        self._queued.add(conversation_id)
        self._workers.submit(self._run_queued, conversation_id)

    def _run_queued(self, conversation_id: int) -> None:
        """Answer one message (on a worker); if one was there, get in line again, so that nobody starves."""
        assert self._loop is not None
        self._ease.wait()
        done = self._run_next(conversation_id)
        self._loop.call_soon_threadsafe(self._ran, conversation_id, done)

    def _ran(self, conversation_id: int, done: TurnDone | None) -> None:
        self._queued.discard(conversation_id)
        if done is not None:
            self._hand_out(done)
            self._written()
            self._queue_turns(conversation_id)

    def _run_next(self, conversation_id: int) -> TurnDone | None:
        try:
            return self._turns.run_next(conversation_id)
        except Exception as error:  # the database may be away: the message is stored, the sweep tries again
            log.error("no turn could be run: %s", type(error).__name__)
            return None

    def _hand_out(self, done: TurnDone) -> None:
        for waiter in self._waiters.get(done.inbox_id, []):
            if not waiter.done():
                waiter.set_result(done.replies)

    async def _sweep(self) -> None:
        while True:
            try:
                for conversation_id in await asyncio.to_thread(self._turns.waiting):
                    self._queue_turns(conversation_id)
            except Exception as error:
                log.error("the sweep could not read the inbox: %s", type(error).__name__)
            await asyncio.sleep(self._looks_every)
