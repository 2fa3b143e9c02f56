"""Takes one update in, whichever way it came: what it means is stored before Telegram is told that we have it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from prometheus_client import Counter

from bot.channels.rare_log import RareLog
from bot.channels.telegram import reading, updates
from bot.channels.telegram.channel import TelegramChannel
from bot.conversation.inbox import BadMessage
from bot.conversation.incoming import Incoming
from bot.conversation.outbox.delivery import DeliveryError

log = logging.getLogger(__name__)

UPDATES = Counter("motcua_telegram_updates", "Updates that Telegram brought, by what they were", ["result"])
MOST_CALLBACKS = 64  # answers to button presses under way; a spinning button ends by itself

Accept = Callable[[Incoming], Awaitable[object]]
Blocked = Callable[[str, str, bool], object]


class Intake:
    """Reads updates and hands them on. `accept` returns once a message is stored; `blocked` runs in a thread."""

    def __init__(self, channel: TelegramChannel, accept: Accept, blocked: Blocked) -> None:
        """Keep where things go."""
        self._channel, self._accept, self._blocked = channel, accept, blocked
        self._answering: set[asyncio.Task[None]] = set()
        self._rarely = RareLog(log)

    async def take(self, raw: Any, received_at: datetime) -> None:
        """Take one update (decoded JSON); returns once it is stored, or is nothing to store.

        Raises what `accept` and `blocked` raise: then Telegram must bring it again.
        """
        update = updates.parse(raw)
        if update is None:
            UPDATES.labels("malformed").inc()
            self._rarely.warning("an update did not have Telegram's form")
            return
        seen = reading.read(update, raw, received_at)
        if seen.callback is not None:
            self._answer(seen.callback)
        if seen.blocked is not None:
            await asyncio.to_thread(self._blocked, reading.CHANNEL, *seen.blocked)
        if seen.incoming is not None:
            await self._store(seen.incoming)
        UPDATES.labels(seen.result).inc()

    async def close(self) -> None:
        """End what is still under way: answers to button presses, which nothing hangs on."""
        for task in self._answering:
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)

    async def _store(self, incoming: Incoming) -> None:
        try:
            await self._accept(incoming)
        except BadMessage:
            # Telegram's texts may be longer than ours. The citizen hears that it could not be read.
            UPDATES.labels("unusable").inc()
            try:
                await self._accept(replace(incoming, kind="unknown", text="", media={}))
            except BadMessage:
                self._rarely.warning("a message could not be taken in any form")

    def _answer(self, callback_id: str) -> None:
        """Stop the citizen's button from spinning, beside everything else."""
        if len(self._answering) >= MOST_CALLBACKS:
            UPDATES.labels("callback_unanswered").inc()
            return
        task = asyncio.create_task(self._answered(callback_id))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answered(self, callback_id: str) -> None:
        try:
            await self._channel.client.call(lambda bot: bot.answer_callback_query(callback_id))
        except DeliveryError as error:  # too old, mostly; or Telegram is away, and the button stops by itself
            UPDATES.labels("callback_unanswered").inc()
            log.debug("a button press was not answered: %s", error.reason)
