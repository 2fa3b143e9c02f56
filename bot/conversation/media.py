"""Photos and voice messages of a platform: fetched after the webhook was answered, read, and dropped at once.

Until its content is there, the message waits, and so does what the person wrote after it. Three tries; then the person
is asked for the code in words.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from prometheus_client import Counter
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation import guard
from bot.conversation.models import Address, InboxMessage
from bot.db.engine import Database
from bot.dossiers import slip_photo

log = logging.getLogger(__name__)

AT_ONCE = 2  # each may take a core and 200 MB
LEASE = timedelta(seconds=60)  # then another process may try
MOST_TRIES = 3
LOOK_SECONDS = 1.0

Fetch = Callable[[dict[str, Any]], Awaitable[bytes]]
Listen = Callable[[bytes], str]  # speech to text; raises OSError when it cannot now
FETCHED = Counter("motcua_media", "Photos and voice messages by kind and what became of them", ["kind", "outcome"])


class MediaError(Exception):
    """Why a file could not be had; `reason` is a short word for states and metrics, never an address."""

    def __init__(self, reason: str) -> None:
        """Keep the reason ("too_large", "inside", "timeout")."""
        super().__init__(reason)
        self.reason = reason


class MediaRefused(MediaError):
    """The file is not to be had, now or later: its address is not allowed, it is too large, or it is gone."""


class MediaAway(MediaError):
    """The file could not be had just now; trying again may help."""


@dataclass(frozen=True)
class _Wanted:
    inbox_id: int
    conversation_id: int
    kind: str
    channel: str
    media: dict[str, Any]


class MediaReader:
    """Fetches what waits and turns it into text."""

    def __init__(
        self, database: Database, fetch: Mapping[str, Fetch], listen: Listen | None, ready: Callable[[int], None]
    ) -> None:
        """Keep the channels' `fetch` by name; `ready` hears of each conversation that can go on."""
        self._database, self._fetch, self._listen, self._ready = database, fetch, listen, ready

    async def run(self) -> None:
        """Read until cancelled."""
        while True:
            try:
                read = await self.round()
            except Exception as error:  # the database may be away
                log.error("media could not be read, trying again: %s", type(error).__name__)
                read = 0
            if not read:
                await asyncio.sleep(LOOK_SECONDS)

    async def round(self) -> int:
        """Read what waits now, a few at a time; returns how many were looked at."""
        wanted = await asyncio.to_thread(self._take)
        await asyncio.gather(*(self._read(each) for each in wanted))
        return len(wanted)

    def _take(self) -> list[_Wanted]:
        waiting = (
            select(
                InboxMessage.id, InboxMessage.conversation_id, InboxMessage.kind, Address.channel, InboxMessage.media
            )
            .join(Address, Address.id == InboxMessage.address_id)
            .where(InboxMessage.state == "fetching", InboxMessage.ready_at <= clock.now())
            .order_by(InboxMessage.id)
            .limit(AT_ONCE)
        )
        with self._database.reading() as session:
            if session.execute(waiting).first() is None:
                return []
        with self._database.unit_of_work() as session:
            rows = session.execute(waiting.with_for_update(of=InboxMessage, skip_locked=True)).all()
            wanted = [_Wanted(*row) for row in rows]
            session.execute(
                update(InboxMessage)
                .where(InboxMessage.id.in_([each.inbox_id for each in wanted]))
                .values(ready_at=clock.now() + LEASE)
                .execution_options(synchronize_session=False)
            )
        return wanted

    async def _read(self, wanted: _Wanted) -> None:
        text, outcome = await self._text(wanted)
        tries = int(wanted.media.get("tries", 0)) + 1
        FETCHED.labels(wanted.kind, outcome).inc()
        if text is None and tries < MOST_TRIES:
            await asyncio.to_thread(self._again, wanted, tries)
            return
        await asyncio.to_thread(self._fill, wanted, text or "")
        self._ready(wanted.conversation_id)

    async def _text(self, wanted: _Wanted) -> tuple[str | None, str]:
        """Return (the text that the content becomes, what happened); None when it may be tried again."""
        if wanted.kind == "voice" and self._listen is None:
            return "", "not_offered"
        fetch = self._fetch.get(wanted.channel)
        if fetch is None:
            return "", "no_channel"
        try:
            content = await fetch({name: value for name, value in wanted.media.items() if name != "tries"})
        except MediaRefused as error:
            if wanted.kind == "photo" and error.reason == "too_large":
                return slip_photo.SlipReading(problem=slip_photo.Problem.TOO_LARGE).text, "too_large"
            return "", "refused"
        except Exception as error:  # whatever a platform's file server does must not end the reader
            log.warning("media of message %d could not be fetched: %s", wanted.inbox_id, type(error).__name__)
            return None, "not_fetched"
        try:
            if wanted.kind == "voice":
                assert self._listen is not None
                return await asyncio.to_thread(self._listen, content), "heard"
            reading = await asyncio.to_thread(slip_photo.read, content)
        except OSError as error:
            log.warning("media of message %d could not be read: %s", wanted.inbox_id, type(error).__name__)
            return None, "not_read"
        return reading.text, "read"

    def _again(self, wanted: _Wanted, tries: int) -> None:
        with self._database.unit_of_work() as session:
            self._set(
                session, wanted, media={**wanted.media, "tries": tries}, ready_at=clock.now() + timedelta(seconds=5)
            )

    def _fill(self, wanted: _Wanted, text: str) -> None:
        """Put the text where the content stood; from here on it is a message like any other."""
        screened = guard.screen(text, guard.NOTHING)
        found = screened.found.value if screened.found else None
        with self._database.unit_of_work() as session:
            now = clock.now()
            self._set(session, wanted, text=screened.text, guard=found, media=None, state="waiting", ready_at=now)

    def _set(self, session: Session, wanted: _Wanted, **values: Any) -> None:
        session.execute(
            update(InboxMessage)
            .where(InboxMessage.id == wanted.inbox_id, InboxMessage.state == "fetching")
            .values(**values)
            .execution_options(synchronize_session=False)
        )
