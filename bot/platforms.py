"""The platforms that this installation speaks on, put together out of its settings: Telegram, Zalo with ZBS.

Each is off without its token. One that is away holds up nothing else: its messages wait in the outbox.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import httpx
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from bot import speech
from bot.background import Background
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.listening import Listener
from bot.channels.zalo import config as zalo_config
from bot.channels.zalo.webhook import Hands
from bot.channels.zalo.wiring import Zalo
from bot.conversation import addresses
from bot.conversation.easing import Ease
from bot.conversation.incoming import Incoming
from bot.conversation.media import Fetch, MediaReader
from bot.conversation.outbox.delivery import Channel
from bot.conversation.outbox.sender import Sender
from bot.conversation.ways import Ways
from bot.db.engine import Database
from bot.privacy.sealing import Sealer
from bot.settings import Settings

log = logging.getLogger(__name__)

LOOK_AFTER_SECONDS = 900.0  # Zalo's grant and alarms
STOP_SECONDS = 8.0  # for what is being sent
LARGEST_OWN = 10 * 1024 * 1024


class Platforms:
    """Brings messages in by `accept`, delivers the outbox, reads photos and voice messages."""

    def __init__(
        self, settings: Settings, database: Database, accept: Callable[[Incoming], Awaitable[object]], ease: Ease
    ) -> None:
        """Put the platforms together; nothing is called yet.

        Raises ValueError or bot.privacy.sealing.SealingError, one sentence each, for settings that do not fit.
        """
        self._settings, self._database, self._ease = settings, database, ease
        self._app: ASGIApp | None = None
        self.channels: list[Channel] = []
        self.routes: list[BaseRoute] = []
        self._fetch: dict[str, Fetch] = {}
        self._starting: list[Callable[[], Awaitable[None]]] = []
        self._listening: list[Callable[[], Awaitable[None]]] = []
        self._ending: list[Callable[[], Awaitable[None]]] = []  # of what brings messages in
        self._closing: list[Callable[[], Awaitable[None]]] = []  # of connections, once nothing uses them
        self._looking: list[Callable[[], object]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._delivering: list[asyncio.Task[None]] = []
        self._senders: list[Sender] = []
        if settings.telegram_token:
            self._add_telegram(settings.telegram_token, accept)
        if (config := zalo_config.from_settings(settings)) is not None:
            self._add_zalo(config, accept)

    def serve(self, app: ASGIApp) -> None:
        """Say where pictures and files of ours come from."""
        self._app = app

    def look_after(self, background: Background) -> None:
        """Have what must be looked at now and then looked at."""
        for work in self._looking:
            background.every(LOOK_AFTER_SECONDS, "looking after a platform", work)

    async def start(self, ways: Ways, ready: Callable[[int], None]) -> None:
        """Begin to listen, read and deliver; `ready` hears of conversations whose photo has been read."""
        starting = self._starting + (self._listening if self._settings.has_role("web") else [])
        self._tasks += [asyncio.create_task(_unless_it_fails(begin)) for begin in starting]
        if self._settings.has_role("senders"):
            self._deliver(ways)
        if self._fetch and self._settings.has_role("turns"):
            self._read(ready)

    def _deliver(self, ways: Ways) -> None:
        self._senders = [Sender(self._database, channel, ways, ease=self._ease) for channel in self.channels]
        self._delivering = [asyncio.create_task(sender.run()) for sender in self._senders]

    def _read(self, ready: Callable[[int], None]) -> None:
        url, token = self._settings.speech_url, self._settings.speech_token
        reader = MediaReader(self._database, self._fetch, speech.service(url, token) if url else None, ready)
        self._tasks.append(asyncio.create_task(reader.run()))

    async def stop(self) -> None:
        """Stop listening, then delivering: what is under way gets its end, or is taken up again after a minute."""
        for end in self._ending:
            await end()
        for sender in self._senders:
            sender.stop()
        if self._delivering:
            await asyncio.wait(self._delivering, timeout=STOP_SECONDS)
        tasks = {task for task in self._delivering + self._tasks if not task.done()}
        while tasks:
            # More than once: on its way through httpx a cancellation gets lost now and then (seen on Python 3.10).
            for task in tasks:
                task.cancel()
            tasks = (await asyncio.wait(tasks, timeout=0.5))[1]
        for close in self._closing:
            await close()

    def written(self) -> None:
        """Hear that a turn has written something (from any thread)."""
        for sender in self._senders:
            sender.wake()

    def _blocked(self, channel: str, sender: str, is_blocked: bool) -> None:
        addresses.blocked(self._database, channel, sender, is_blocked)

    def _add_telegram(self, token: str, accept: Callable[[Incoming], Awaitable[object]]) -> None:
        settings = self._settings
        channel = TelegramChannel(token, self._fetch_own, settings.telegram_api_url)
        listener = Listener(
            channel,
            accept,
            self._blocked,
            secret=settings.telegram_webhook_secret,
            public_url=settings.public_url,
        )
        self.channels.append(channel)
        self.routes += listener.routes
        self._fetch[channel.name] = channel.fetch

        async def start() -> None:
            listener.start()

        self._listening.append(start)
        self._ending.append(listener.stop)
        self._closing.append(channel.close)

    def _add_zalo(self, config: zalo_config.Config, accept: Callable[[Incoming], Awaitable[object]]) -> None:
        sealer = Sealer(self._settings.secret_key)
        zalo = Zalo(config, self._database, sealer, Hands(accept, self._blocked), self._fetch_own)
        self.channels += [zalo.channel, zalo.zbs]
        self.routes += zalo.routes
        self._fetch[zalo.channel.name] = zalo.channel.fetch
        self._starting.append(zalo.start)
        self._closing.append(zalo.close)
        self._looking.append(zalo.check)

    async def _fetch_own(self, address: str) -> bytes:
        """Return what is behind an address of ours, without leaving the house. Raises OSError for everything else."""
        asked, own = urlsplit(address), urlsplit(self._settings.public_url)
        if (asked.scheme, asked.netloc) != (own.scheme, own.netloc) or self._app is None:
            raise OSError("not an address of ours")
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=self._settings.public_url) as client:
            answer = await client.get(asked._replace(scheme="", netloc="", fragment="").geturl())
        if answer.status_code != 200 or len(answer.content) > LARGEST_OWN:
            raise OSError(f"an address of ours answered {answer.status_code}")
        return answer.content


async def _unless_it_fails(begin: Callable[[], Awaitable[None]]) -> None:
    try:
        await begin()
    except Exception as error:  # a platform that does not start must not keep the others from it
        log.error("a platform could not be started: %s", type(error).__name__)
