"""The whole product with its platforms, in this process: fakes over HTTP on one side, a browser on the other."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from fakes.telegram import TOKEN, FakeTelegram
from fakes.zalo import FakeZalo
from live_server import MONDAY_MORNING, free_port
from rich.console import Console

from bot import clock
from bot.app import build
from bot.conversation.engine import Engine
from bot.db import migrate
from bot.db.engine import Database
from bot.loading import load_content, load_demo
from bot.privacy.sealing import Sealer, new_key
from bot.settings import Settings

PATIENCE = 60.0


class Time:
    """The clock of both sides: it stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = clock.parse(MONDAY_MORNING)
        self.zalo: FakeZalo | None = None
        self._set()

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)
        self._set()
        if self.zalo:
            self.zalo.world.fixed = self.now

    def _set(self) -> None:
        clock._frozen = self.now


@pytest.fixture
def hand() -> Iterator[Time]:
    before = clock._frozen
    yield Time()
    clock._frozen = before


def furnish(path: Path) -> Database:
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    load_content(database, Console(quiet=True))
    load_demo(database, Console(quiet=True))
    return database


@contextmanager
def serving(database: Database, engine: Engine, port: int, **settings: object) -> Iterator[str]:
    """Serve the product until the block ends; yields its address."""
    own = Settings(public_url=f"http://127.0.0.1:{port}", **settings)
    config = uvicorn.Config(build(own, database, engine), port=port, log_level="warning", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    wait_for(lambda: server.started, "the server starts")
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)
    assert not thread.is_alive(), "the server stops in time"


def wait_for(reached: Callable[[], object], what: str) -> None:
    """Wait until something is so; fails after a minute."""
    until = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < until, f"waited in vain: {what}"
        time.sleep(0.03)


@contextmanager
def telegram_world(engine: Engine, database: Database) -> Iterator[FakeTelegram]:
    """Telegram, and the product connected to it by webhook."""
    secret = "w" * 32
    with FakeTelegram() as fake:
        settings = {"telegram_token": TOKEN, "telegram_api_url": fake.url, "telegram_webhook_secret": secret}
        with serving(database, engine, free_port(), **settings):
            wait_for(lambda: fake.webhook["url"], "the webhook is set")
            yield fake


@contextmanager
def zalo_world(engine: Engine, database: Database, hand: Time, kind: str) -> Iterator[FakeZalo]:
    """A Zalo account of a kind, and the product connected to it."""
    from bot.channels.zalo.config import from_settings
    from bot.channels.zalo.oauth import Pair
    from bot.channels.zalo.wiring import account

    key, port = new_key(), free_port()
    with FakeZalo(kind=kind, now=hand.now) as fake:
        hand.zalo = fake
        own = {**fake.settings(), "secret_key": key}
        settings = Settings(public_url=f"http://127.0.0.1:{port}", **own)
        config = from_settings(settings)
        assert config is not None
        pair = Pair(*fake.oauth.pair(), timedelta(hours=25))
        account(config, database, Sealer(key)).grants.save(pair)
        with serving(database, engine, port, **own) as address:
            fake.webhooks.url = f"{address}/webhooks/zalo"
            yield fake
