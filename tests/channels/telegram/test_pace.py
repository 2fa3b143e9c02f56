"""The core's pace with this channel's limits, against a Telegram that counts; on a clock that only waiting moves."""

from __future__ import annotations

import pytest
from fakes.telegram import FakeTelegram

from bot.channels.telegram.channel import TelegramChannel
from bot.conversation.outbox.delivery import ChannelPaused, Limits
from bot.conversation.outbox.pace import Pace

from .conftest import line, use

MESSAGES = 200


class Time:
    """Seconds that pass only while somebody waits."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def send_all(limits: Limits | None, troubles: tuple[str, ...] = ()) -> FakeTelegram:
    """Send as fast as the limits allow; returns the fake with what it noted."""
    clock = Time()
    with FakeTelegram(strict=True, clock=lambda: clock.now) as telegram:
        for number in range(MESSAGES):
            telegram.person(number).has_written = True

        async def work(channel: TelegramChannel) -> None:
            pace = Pace(limits or channel.limits, lambda: clock.now, clock.sleep)
            (part,) = channel.render(line())
            to = "0"
            for sent in range(MESSAGES):
                if sent % 100 == 50:
                    telegram.next(*troubles)
                to = to if sent % 60 == 59 else str(sent)  # a stranger each time, and now and then the same again
                while True:
                    await pace.turn(to)
                    try:
                        await channel.send(to, part, "k")
                        break
                    except ChannelPaused as error:
                        await clock.sleep(error.seconds)

        use(telegram, work, monotonic=lambda: clock.now)
    return telegram


def test_telegrams_limits_are_never_exceeded() -> None:
    telegram = send_all(None)
    assert telegram.violations == []
    assert len(telegram.shown) == MESSAGES
    assert telegram.flood.most_in_a_second <= 30


def test_silence_is_kept_when_it_is_wanted() -> None:
    telegram = send_all(None, ("429:9",))
    assert telegram.violations == []
    assert len(telegram.shown) == MESSAGES


@pytest.mark.parametrize("limits", [Limits(0.0, 25.0), Limits(1.1, 200.0)])
def test_this_test_would_notice(limits: Limits) -> None:
    assert send_all(limits).violations
