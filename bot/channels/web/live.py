"""News for the pages that are open: one look at the database a second serves every open page of this process."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from enum import Enum

from prometheus_client import Gauge

from bot.conversation.heads import Head

log = logging.getLogger(__name__)

_OPEN = Gauge("motcua_web_pages_open", "Pages that are told of news as they come")

LOOK_SECONDS = 1.0
# Below the 60 s after which proxies and phone networks give up a silent connection.
HEARTBEAT_SECONDS = 15.0
# Browsers open six connections to a server that speaks HTTP/1.1: some must be left for messages.
MOST_PER_SESSION = 3
MOST = 500  # with what else is open, below the 1,024 files that systems grant a process


class Happened(Enum):
    """What an open page is told next."""

    NEWS = "news"
    NOTHING = "nothing"  # for so long that the connection needs a sign of life
    OVERTAKEN = "overtaken"  # the same person has opened newer pages
    CLOSING = "closing"  # the server stops


class Full(Exception):
    """As many pages are open as this process serves; the page asks now and then instead."""


class Stream:
    """One open page."""

    def __init__(self, sender: str) -> None:
        """Nothing is known yet."""
        self.sender = sender
        self.head: Head | None = None
        self._end: Happened | None = None
        self._wake = asyncio.Event()

    @property
    def ended(self) -> bool:
        """Return whether it is at its end, though its page may not have read so yet."""
        return self._end is not None

    def tell(self, head: Head | None) -> None:
        """Say where the conversation stands; whoever waits is woken when that is new."""
        if head != self.head:
            self.head = head
            self._wake.set()

    def end(self, why: Happened) -> None:
        """End it at the next moment."""
        self._end = why
        self._wake.set()

    async def happenings(self) -> AsyncIterator[Happened]:
        """Yield what happens, until it ends."""
        while self._end is None:
            try:
                await asyncio.wait_for(self._wake.wait(), HEARTBEAT_SECONDS)
            except asyncio.TimeoutError:
                yield Happened.NOTHING
                continue
            self._wake.clear()
            if self._end is None:
                yield Happened.NEWS
        yield self._end


class Live:
    """Every open page of this process. All of it runs in one event loop; only the look is in a thread."""

    def __init__(self, look: Callable[[Collection[str]], Mapping[str, Head]]) -> None:
        """Keep how the database is asked where people's conversations stand."""
        self._look = look
        self._streams: dict[str, list[Stream]] = defaultdict(list)
        self._count = 0
        self._closing = False
        self._watching: asyncio.Task[None] | None = None

    @property
    def count(self) -> int:
        """Return how many pages are open."""
        return self._count

    def open(self, sender: str) -> Stream:
        """Return the stream of a page; its caller closes it. Raises Full.

        The newest pages win: a phone that changed its network leaves connections behind that nobody reads.
        """
        if self._closing or self._count >= MOST:
            raise Full
        stream = Stream(sender)
        self._streams[sender].append(stream)
        self._count += 1
        _OPEN.inc()
        living = [other for other in self._streams[sender] if not other.ended]
        for older in living[:-MOST_PER_SESSION]:
            older.end(Happened.OVERTAKEN)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.get_running_loop().create_task(self._watch())
        return stream

    def close(self, stream: Stream) -> None:
        """Forget a page that has gone."""
        streams = self._streams.get(stream.sender, [])
        if stream not in streams:
            return
        streams.remove(stream)
        self._count -= 1
        _OPEN.dec()
        if not streams:
            del self._streams[stream.sender]

    def end_all(self) -> None:
        """End every stream and take no more: a server that stops must not wait for pages that stay open."""
        self._closing = True
        for streams in self._streams.values():
            for stream in streams:
                stream.end(Happened.CLOSING)

    async def _watch(self) -> None:
        """Look while somebody waits; with no page open nothing is asked."""
        reachable = True
        while self._streams and not self._closing:
            try:
                found = await asyncio.to_thread(self._look, list(self._streams))
            except Exception as error:  # the database may be away; the error's text may hold what a citizen wrote
                if reachable:
                    log.error("no news for open pages, trying again: %s", type(error).__name__)
                reachable = False
            else:
                reachable = True
                for sender, streams in self._streams.items():
                    for stream in streams:
                        stream.tell(found.get(sender))
            await asyncio.sleep(LOOK_SECONDS)
