"""Neither the token nor what people write gets into a log, an error or a metric, even at DEBUG."""

from __future__ import annotations

import logging
import traceback

import pytest
from fakes.telegram import TOKEN, FakeTelegram
from prometheus_client import generate_latest

from bot.channels.telegram.channel import TelegramChannel
from bot.conversation.outbox.delivery import DeliveryError

from .conftest import SECRET, Store, line, listener, until, use

SAID, NAME, PHONE, NUMBER = "điều riêng tư của tôi", "Tên Riêng", "84900004321", 77 * 10_001


def test_nothing_private_is_told(telegram: FakeTelegram, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    person = telegram.person(NUMBER, NAME)
    errors: list[str] = []

    async def work(channel: TelegramChannel) -> None:
        listening = listener(channel, store)
        telegram.next("409", "garbage", "502", "lost_before", method="getUpdates")
        listening.start()
        store.fail = [RuntimeError(SAID), ValueError(NAME)]
        person.says(SAID)
        person.shares_contact(PHONE)
        person.calls_back("btn:1.2.3")
        await until(lambda: len(store.taken) == 3)
        troubles = ["400:Bad Request: " + SAID, "403", "401", "502", "garbage", "odd", "lost_before"]
        for trouble in troubles:
            telegram.next(trouble)
            try:
                await channel.send(str(NUMBER), channel.render(line(SAID))[0], "k")
            except DeliveryError as error:
                errors.append("".join(traceback.format_exception(error)))
        assert len(errors) == len(troubles)
        await listening.stop()

    use(telegram, work)
    told = "\n".join([caplog.text, *errors, generate_latest().decode()])
    for private in (TOKEN, TOKEN.split(":")[1], SECRET, SAID, NAME, PHONE, str(NUMBER)):
        assert private not in told
    assert "asyncio" not in {record.name for record in caplog.records if record.levelno > logging.DEBUG}


def test_an_error_of_the_library_is_no_cause_of_ours(telegram: FakeTelegram) -> None:
    telegram.person(77).has_written = True

    async def work(channel: TelegramChannel) -> None:
        telegram.next("lost_before")
        with pytest.raises(DeliveryError) as error:
            await channel.send("77", channel.render(line())[0], "k")
        assert error.value.__cause__ is None
        assert TOKEN not in "".join(traceback.format_exception(error.value))

    use(telegram, work)
