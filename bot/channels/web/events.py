"""The stream of one open page, as Server-Sent Events: what is new, from where the page left off."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator, Callable

import msgspec
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from bot.channels.web.live import Happened, Live, Stream

# After a restart the pages come back one by one, not all in the same second.
RETRY_MS, RETRY_SPREAD_MS = 2_000, 3_000
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would hold small pieces back
_PLACE = re.compile(r"(?:([0-9a-f]{16})|-)\.(\d{1,9})")


class Place(msgspec.Struct, frozen=True):
    """How far a page has got: in which conversation (None: in none yet), up to which number."""

    conversation: str | None = None
    seq: int = 0

    def __str__(self) -> str:
        """Return it as the id of an event, which the browser brings back as Last-Event-ID."""
        return f"{self.conversation or '-'}.{self.seq}"


def place(text: str) -> Place | None:
    """Return the place that an id names; None for anything else."""
    match = _PLACE.fullmatch(text)
    return Place(match[1], int(match[2])) if match else None


Read = Callable[[Place], tuple[Place, bytes | None]]


class EventStream(StreamingResponse):
    """Tells one page what is new until it goes, is overtaken by newer ones, or the server stops."""

    media_type = "text/event-stream"

    def __init__(self, live: Live, stream: Stream, read: Read, start: Place) -> None:
        """Begin at `start`; `read` returns, on a thread, what came after a place, and the place after that."""
        self._live, self._stream = live, stream
        super().__init__(self._events(read, start), headers=HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve it; however it ends, the stream is closed."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._live.close(self._stream)

    async def _events(self, read: Read, at: Place) -> AsyncIterator[bytes]:
        yield b"retry: %d\n\n" % (RETRY_MS + random.randrange(RETRY_SPREAD_MS))  # noqa: S311 (no secret)
        # Something may have been said between the page's last look and now.
        at, news = await asyncio.to_thread(read, at)
        yield _event("news", at, news) if news else _event("ready", at, b"{}")
        async for happened in self._stream.happenings():
            if happened is Happened.NOTHING:
                yield b": still here\n\n"
            elif happened is Happened.NEWS:
                at, news = await asyncio.to_thread(read, at)
                if news:
                    yield _event("news", at, news)
            elif happened is Happened.OVERTAKEN:
                yield _event("overtaken", at, b"{}")


def _event(name: str, at: Place, data: bytes) -> bytes:
    return b"id: %s\nevent: %s\ndata: %s\n\n" % (str(at).encode(), name.encode(), data)
