"""With `MOTCUA_POST_URL` the server itself hands bookings over and asks for news; without it, nobody is called."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from fakes.post import FakePost
from pydantic import ValidationError

from bot import app
from bot.background import Background
from bot.conversation.ways import Ways
from bot.db.engine import Database
from bot.settings import Settings

from .conftest import row


async def run(background: Background, until: Callable[[], bool]) -> None:
    background.start()
    for _ in range(400):
        if until():
            break
        await asyncio.sleep(0.05)
    await background.stop()


def test_the_server_hands_over_and_asks(
    town: Database, book: Callable[..., str], post: FakePost, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pause in ("POST_ORDERS", "POST_EVENTS", "POST_CANCELLING"):
        monkeypatch.setattr(app, pause, 0.05)
    number = book()
    background = app._background(Settings(post_url=post.url, post_token=post.token), town, Ways())

    def confirmed() -> bool:
        known = post.order(number)
        if known and not known.events:
            post.report(number, "confirmed", "2026-11-22T09:00:00+07:00")
        return bool(row(town, number).state == "confirmed")

    asyncio.run(run(background, confirmed))
    assert confirmed() and row(town, number).post_order == post.orders[0].number


def test_without_the_setting_nobody_is_called_and_with_it_each_thing_is_done_by_one_task(town: Database) -> None:
    def names(**settings: str) -> list[str]:
        return [name for name, _seconds, _work in app._background(Settings(**settings), town, Ways())._wanted]

    tasks = ["orders for the post", "cancelling of orders", "news of the post"]
    assert names(post_url="https://post.example") == [*names(), *tasks]


def test_an_address_that_is_none_stops_the_start() -> None:
    with pytest.raises(ValidationError, match="http"):
        Settings(post_url="ftp://post")
