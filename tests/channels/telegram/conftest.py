"""A fake Telegram, a channel to it, and a place where messages are stored, so that each can fail when a test wants."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import pytest
import uvicorn
from fakes.telegram import TOKEN, FakeTelegram
from PIL import Image
from starlette.applications import Starlette

from bot import clock
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.listening import Listener
from bot.channels.telegram.polling import BackOff
from bot.conversation.inbox import LONGEST_TEXT, BadMessage
from bot.conversation.incoming import Incoming
from bot.conversation.transcript import Line

SECRET = "a-secret-of-the-tests_01"
T = TypeVar("T")


class Store:
    """Where messages end up: once per (sender, message id), as in the inbox. `fail` has the next ones fail."""

    def __init__(self) -> None:
        self.taken: list[Incoming] = []
        self.doors: list[tuple[str, str, bool]] = []
        self.fail: list[Exception] = []
        self.calls = 0
        self._known: set[tuple[str, str]] = set()

    async def take(self, incoming: Incoming) -> None:
        await asyncio.to_thread(self.accept, incoming)

    def accept(self, incoming: Incoming) -> None:
        self.calls += 1
        if self.fail:
            raise self.fail.pop(0)
        if len(incoming.text) > LONGEST_TEXT or (incoming.kind == "text" and not incoming.text.strip()):
            raise BadMessage("Dạ, tin nhắn dài quá.")
        if (incoming.sender, incoming.message_id) not in self._known:
            self._known.add((incoming.sender, incoming.message_id))
            self.taken.append(incoming)

    def blocked(self, channel: str, sender: str, is_blocked: bool) -> None:
        self.doors.append((channel, sender, is_blocked))

    @property
    def texts(self) -> list[str]:
        return [incoming.text for incoming in self.taken]


def picture(width: int = 40, height: int = 30) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "PNG")
    return out.getvalue()


async def no_page(_url: str) -> bytes:
    raise LookupError("no such page")


def line(text: str = "Dạ, em chào anh/chị.", *titles: str, **custom: Any) -> Line:
    buttons = [{"title": title, "payload": f"btn:7.3.{index}"} for index, title in enumerate(titles)]
    return Line(3, "bot", clock.now(), text, buttons, {"kind": "info", **custom})


def use(
    telegram: FakeTelegram, work: Callable[[TelegramChannel], Awaitable[T]], fetch_own: Any = no_page, **more: Any
) -> T:
    """Do `work` with a channel, in an event loop of its own."""

    async def run() -> T:
        channel = TelegramChannel(TOKEN, fetch_own, telegram.url, **more)
        try:
            return await asyncio.wait_for(work(channel), 30)
        finally:
            await channel.close()

    return asyncio.run(run())


def quick() -> BackOff:
    return BackOff(0.01, 0.05)


def listener(channel: TelegramChannel, store: Store, poll_seconds: int = 5, **more: Any) -> Listener:
    return Listener(channel, store.take, store.blocked, poll_seconds=poll_seconds, back_off=quick, **more)


async def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until something has come about; raises AssertionError if it does not."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not condition():
        assert loop.time() < end, "it did not come about"
        await asyncio.sleep(0.01)


class Serving:
    """An app on a port of its own, in this event loop."""

    def __init__(self, app: Starlette) -> None:
        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
        self._task: asyncio.Task[None] | None = None
        self.url = ""

    async def __aenter__(self) -> Serving:
        self._task = asyncio.create_task(self._server.serve())
        await until(lambda: self._server.started)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self._server.should_exit = True
        assert self._task is not None
        await self._task


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as telegram:
        yield telegram


@pytest.fixture
def store() -> Store:
    return Store()
