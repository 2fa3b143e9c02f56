"""Asking for updates: confirmed only once stored, through every failure, until stopped."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest
from fakes.telegram import FakeTelegram
from prometheus_client import REGISTRY
from sqlalchemy.exc import OperationalError

from bot.channels.telegram import polling
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.listening import Listener
from bot.channels.telegram.polling import BackOff
from bot.clock import UTC

from .conftest import Store, listener, until, use

AWAY = OperationalError("x", {}, Exception())


def listen(telegram: FakeTelegram, store: Store, work: Callable[[Listener], Awaitable[None]]) -> None:
    """Do `work` while somebody listens."""

    async def run(channel: TelegramChannel) -> None:
        listening = listener(channel, store)
        listening.start()
        try:
            await work(listening)
        finally:
            await asyncio.wait_for(listening.stop(), 10)

    use(telegram, run)


def confirmed(telegram: FakeTelegram) -> bool:
    return not telegram.pending


def alarm(reason: str) -> float:
    return REGISTRY.get_sample_value("motcua_telegram_alarm", {"reason": reason}) or 0.0


def test_what_is_written_comes_in_and_is_confirmed(telegram: FakeTelegram, store: Store) -> None:
    an = telegram.person(77)
    telegram.webhook = {"url": "https://old.example"}  # of an earlier life: taken away at start
    an.says("trước khi mở máy")

    async def work(listening: Listener) -> None:
        await until(lambda: store.taken)
        an.says("/start")
        an.sends_photo(b"\xff\xd8" + b"x" * 300)
        an.calls_back("btn:1.2.3")
        an.blocks()
        await until(lambda: len(store.taken) == 4 and store.doors)
        await until(lambda: confirmed(telegram))
        assert listening.username == "motcua_test_bot"
        assert listening.routes == []

    listen(telegram, store, work)
    assert store.texts == ["trước khi mở máy", "start", "", "btn:1.2.3"]
    assert store.doors == [("telegram", "77", True)]
    assert telegram.callbacks == {}
    assert [call.method for call in telegram.calls[:3]] == ["getMe", "setMyCommands", "deleteWebhook"]
    assert all(call.params.get("drop_pending_updates") != "true" for call in telegram.calls)


def test_nothing_is_confirmed_before_it_is_stored(telegram: FakeTelegram, store: Store) -> None:
    an = telegram.person(77)
    store.fail = [AWAY] * 12
    for text in ("một", "hai", "ba"):
        an.says(text)

    async def work(_listening: Listener) -> None:
        await until(lambda: store.calls >= 5)
        assert len(telegram.pending) == 3
        await until(lambda: confirmed(telegram))

    listen(telegram, store, work)
    assert store.texts == ["một", "hai", "ba"]


def test_one_update_that_something_of_ours_chokes_on_does_not_stop_the_others_for_ever(
    telegram: FakeTelegram, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "MOST_TRIES", 3)
    store.fail = [RuntimeError("a fault")] * 4
    an = telegram.person(77)
    an.says("một")
    an.says("hai")

    async def work(_listening: Listener) -> None:
        await until(lambda: confirmed(telegram))

    listen(telegram, store, work)
    assert store.texts == ["hai"]
    assert store.calls == 5


def test_an_update_without_telegrams_form_is_passed_over(telegram: FakeTelegram, store: Store) -> None:
    telegram.bring({"message": {"text": 5}})
    telegram.person(77).says("hai")

    async def work(_listening: Listener) -> None:
        await until(lambda: confirmed(telegram))

    listen(telegram, store, work)
    assert store.texts == ["hai"]


@pytest.mark.parametrize("trouble", ["429:1", "500", "502", "garbage", "odd", "lost", "lost_before", "409", "401"])
def test_after_every_failure_it_goes_on(
    telegram: FakeTelegram, store: Store, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.next(trouble, trouble, method="getUpdates")
    telegram.next(trouble, method="getMe")
    telegram.next(trouble, method="deleteWebhook")
    telegram.person(77).says("một")

    async def work(_listening: Listener) -> None:
        await until(lambda: confirmed(telegram), 20)
        await until(lambda: alarm("token") == alarm("conflict") == 0)

    listen(telegram, store, work)
    assert store.texts == ["một"]
    told = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert bool(told) is (trouble in ("401", "409"))


def test_an_alarm_stays_up_while_somebody_has_to_act(telegram: FakeTelegram, store: Store) -> None:
    telegram.next(*["401"] * 1_000, method="getMe")

    async def work(_listening: Listener) -> None:
        await until(lambda: alarm("token") == 1)
        telegram.trouble["getMe"].clear()
        await until(lambda: alarm("token") == 0)

    listen(telegram, store, work)


def test_it_starts_and_stops_while_telegram_is_away(store: Store) -> None:
    away = FakeTelegram()
    away.server_close()

    async def work(listening: Listener) -> None:
        await asyncio.sleep(0.3)
        assert listening.username is None

    listen(away, store, work)


def test_it_stops_at_whatever_moment(telegram: FakeTelegram, store: Store) -> None:
    """A cancellation that comes at the wrong moment gets lost inside httpx, about once in a hundred times."""

    async def work(channel: TelegramChannel) -> None:
        for number in range(100):
            listening = listener(channel, store, poll_seconds=600)  # a poll that is not ended holds the test up
            listening.start()
            await asyncio.sleep(number % 20 / 400)
            await listening.stop()

    use(telegram, work)


def test_a_stop_in_the_middle_of_storing_lets_it_end(telegram: FakeTelegram, store: Store) -> None:
    stored = []

    def slowly(incoming: Any) -> None:
        store.calls += 1
        time.sleep(1.2)  # longer than the pause after which a stop insists
        stored.append(incoming.text)

    store.accept = slowly  # type: ignore[method-assign]
    an = telegram.person(77)
    an.says("một")
    an.says("hai")

    async def work(_listening: Listener) -> None:
        await until(lambda: store.calls == 1)

    listen(telegram, store, work)
    assert stored == ["một"]
    assert len(telegram.pending) == 2  # comes again, and is found to be known


def test_a_button_keeps_its_place_among_the_texts_of_a_night(telegram: FakeTelegram, store: Store) -> None:
    an = telegram.person(77)
    telegram.advance(-7_200)
    an.says("một")
    telegram.advance(600)
    an.calls_back("btn:1.2.3")
    telegram.advance(600)
    an.says("hai")
    telegram.advance(6_000)

    async def work(_listening: Listener) -> None:
        await until(lambda: len(store.taken) == 3)

    listen(telegram, store, work)

    def moment(incoming: Any) -> tuple[datetime, int]:
        return incoming.sent_at, incoming.order

    assert [incoming.text for incoming in sorted(store.taken, key=moment)] == ["một", "btn:1.2.3", "hai"]
    assert all(incoming.sent_at.tzinfo is UTC for incoming in store.taken if incoming.sent_at)


def test_pauses_grow_up_to_a_minute_and_begin_anew() -> None:
    back_off = BackOff()
    pauses = [back_off.failed() for _ in range(20)]
    for number, pause in enumerate(pauses):
        whole = min(60.0, 2.0**number)
        assert whole / 2 <= pause <= whole
    assert all(30.0 <= back_off.failed() <= 60.0 for _ in range(3_000))  # two days without Telegram
    back_off.succeeded()
    assert back_off.failed() <= 1.0
