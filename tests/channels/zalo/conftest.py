"""A fake Zalo, the channel that speaks to it, one clock for both, and a place where messages are stored."""

from __future__ import annotations

import asyncio
import io
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import uvicorn
from fakes.zalo import FakeZalo
from PIL import Image
from starlette.applications import Starlette

from bot import clock
from bot.channels.zalo import alarms
from bot.channels.zalo.config import Config, from_settings
from bot.channels.zalo.oauth import Pair
from bot.channels.zalo.webhook import Hands
from bot.channels.zalo.wiring import Zalo
from bot.conversation.inbox import LONGEST_TEXT, BadMessage
from bot.conversation.incoming import Incoming
from bot.conversation.transcript import Line
from bot.db.engine import Database
from bot.privacy.sealing import Sealer, new_key
from bot.settings import Settings
from bot.tables import metadata

MORNING = clock.parse("2026-11-23T09:00:00+07:00")
CITIZEN = "7000000000000000001"
T = TypeVar("T")
Run = Callable[[Awaitable[T]], T]


class Time:
    """The clock of both sides."""

    def __init__(self, zalo: FakeZalo, monkeypatch: pytest.MonkeyPatch) -> None:
        self._zalo, self._monkeypatch = zalo, monkeypatch
        self.sync()

    def sync(self) -> None:
        """Take the fake's time: it goes on by itself on the retry ladder."""
        self._monkeypatch.setattr(clock, "_frozen", self._zalo.world.now)

    def advance(self, seconds: float = 0, *, hours: float = 0, days: float = 0) -> None:
        self._zalo.world.advance(seconds + 3600 * hours + 86_400 * days)
        self.sync()


class Store:
    """Where everything ends up: messages once per (sender, id), as in the inbox. `fail` has the next ones fail."""

    def __init__(self) -> None:
        self.taken: list[Incoming] = []
        self.doors: list[tuple[str, str, bool]] = []
        self.receipts: list[tuple[str, datetime | None]] = []
        self.humans: list[str] = []
        self.withdrawn: list[str] = []
        self.fail: list[Exception] = []
        self.calls = 0
        self._known: set[tuple[str, str]] = set()

    def accept(self, incoming: Incoming) -> None:
        self.calls += 1
        if self.fail:
            raise self.fail.pop(0)
        if len(incoming.text) > LONGEST_TEXT or (incoming.kind == "text" and not incoming.text.strip()):
            raise BadMessage("Dạ, tin nhắn dài quá.")
        json.dumps(incoming.media)
        if (incoming.sender, incoming.message_id) not in self._known:
            self._known.add((incoming.sender, incoming.message_id))
            self.taken.append(incoming)

    async def take(self, incoming: Incoming) -> None:
        await asyncio.to_thread(self.accept, incoming)

    def hands(self) -> Hands:
        return Hands(
            self.take,
            lambda channel, sender, blocked: self.doors.append((channel, sender, blocked)),
            lambda key, at: self.receipts.append((key, at)),
            self.humans.append,
            self.withdrawn.append,
        )


def picture(width: int = 40, height: int = 30, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, kind)
    return out.getvalue()


PDF = b"%PDF-1.7\n" + b"x" * 2000


def line(text: str, buttons: int = 0, **custom: Any) -> Line:
    """Return a message of ours with so many buttons."""
    shown = [{"title": f"Chọn {number}", "payload": f"btn:7.{number}"} for number in range(buttons)]
    return Line(7, "bot", MORNING, text, shown, {"kind": "info", **custom})


@pytest.fixture(params=["enterprise"])
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of account; tests parametrize it."""
    return str(request.param)


@pytest.fixture
def zalo(kind: str) -> Iterator[FakeZalo]:
    with FakeZalo(kind=kind, now=MORNING) as zalo:
        yield zalo


@pytest.fixture
def time_(zalo: FakeZalo, monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(zalo, monkeypatch)


@pytest.fixture
def sealer() -> Sealer:
    return Sealer(new_key())


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def own() -> dict[str, bytes]:
    """Our own pages by address; one that is missing cannot be drawn."""
    return {"https://mc.example/a.png": picture(), "https://mc.example/b.pdf": PDF}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A small database of this channel's own; only what the database itself decides is tested on both kinds."""
    database = Database(f"sqlite:///{tmp_path / 'zalo.db'}")
    tables = [table for table in metadata.sorted_tables if table.name.startswith("zalo_")]
    metadata.create_all(database.engine, tables)
    yield database
    database.dispose()


Build = Callable[..., Zalo]


@pytest.fixture
def build(
    zalo: FakeZalo, time_: Time, database: Database, sealer: Sealer, store: Store, own: dict[str, bytes]
) -> Iterator[Build]:
    """Put the product's channel together; keyword arguments change its configuration."""
    alarms.clear(*alarms.SENTENCES)

    async def fetch_own(url: str) -> bytes:
        return own[url]

    def made(**changes: Any) -> Zalo:
        config = from_settings(Settings(**zalo.settings()))
        assert config is not None
        return Zalo(replace(config, **changes), database, sealer, store.hands(), fetch_own)

    yield made
    alarms.clear(*alarms.SENTENCES)


@pytest.fixture
def ours(build: Build) -> Zalo:
    """The product's channel, without a grant."""
    return build()


def grant(zalo: FakeZalo, ours: Zalo, seconds: int | None = None) -> Pair:
    """Give the product a grant that the fake knows."""
    if seconds is not None:
        zalo.oauth.access_seconds = seconds
    access, refresh = zalo.oauth.pair()
    pair = Pair(access, refresh, timedelta(seconds=zalo.oauth.access_seconds))
    ours.account.grants.save(pair)
    return pair


@pytest.fixture
def granted(zalo: FakeZalo, ours: Zalo) -> Zalo:
    """The product's channel with a fresh grant."""
    grant(zalo, ours)
    return ours


@pytest.fixture
def run() -> Iterator[Run[Any]]:
    """One event loop for the whole test: the clients keep their connections in it."""
    loop = asyncio.new_event_loop()
    yield loop.run_until_complete
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


class Served:
    """Our addresses on a real port."""

    def __init__(self, ours: Zalo) -> None:
        self._server = uvicorn.Server(
            uvicorn.Config(Starlette(routes=ours.routes), port=0, log_level="warning", access_log=False)
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        until = time.monotonic() + 20
        while not self._server.started:
            assert self._thread.is_alive() and time.monotonic() < until
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)


@pytest.fixture
def serve(zalo: FakeZalo) -> Iterator[Callable[[Zalo], Served]]:
    """Serve a channel's addresses, and tell the fake where its webhook is."""
    running: list[Served] = []

    def started(ours: Zalo) -> Served:
        served = Served(ours)
        running.append(served)
        secret = ours.account.config.webhook_secret
        zalo.webhooks.url = served.url + "/webhooks/zalo" + (f"/{secret}" if secret else "")
        return served

    yield started
    for served in running:
        served.stop()


def a_config(**changes: Any) -> Config:
    """Return a configuration without a fake."""
    given = {"app_id": "1", "app_secret": "app-secret", "oa_id": "3000000000000000001", "oa_secret_key": "oa-secret"}
    return Config(**{**given, "redirect_uri": "https://mc.example/zalo/oauth/callback", **changes})
