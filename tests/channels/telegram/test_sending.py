"""The real client of python-telegram-bot against the fake: what arrives, and what each error becomes."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.telegram import FakeTelegram

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.rendering import NOT_SHARING
from bot.conversation.outbox import delivery
from bot.conversation.outbox.delivery import (
    ChannelPaused,
    DeliveryError,
    NeedsStaff,
    PlatformDown,
    Refused,
    Unreachable,
)

from .conftest import line, picture, use

IMAGE = {"url": "https://motcua.example/1.png", "alt": "Nút ở góc phải."}
FILES = [{"url": "https://motcua.example/giay-to.pdf", "title": "Bản in"}]


@pytest.fixture(autouse=True)
def an(telegram: FakeTelegram) -> Any:
    person = telegram.person(77)
    person.has_written = True
    return person


def deliver(telegram: FakeTelegram, *lines: Any, fetch_own: Any = None, to: str = "77") -> list[str | None]:
    async def pages(url: str) -> bytes:
        return picture() if url.endswith(".png") else b"%PDF-1.7"

    async def work(channel: TelegramChannel) -> list[str | None]:
        return [await channel.send(to, part, "k") for each in lines for part in channel.render(each)]

    return use(telegram, work, fetch_own or pages)


def refused(telegram: FakeTelegram, *, to: str = "77", said: Any = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as error:
        deliver(telegram, said or line(), to=to)
    assert error.value.__suppress_context__ or error.value.__context__ is None  # the library's words go nowhere
    return error.value


def test_a_text_with_buttons_arrives_as_it_is(telegram: FakeTelegram) -> None:
    text = "Dạ, *không* <b>phải</b> _mã_ & [x](y) ạ.\n- hồ sơ: https://motcua.example"
    ids = deliver(telegram, line(text, "Có", "Không"))
    (shown,) = telegram.to(77)
    assert (shown.text, shown.titles, str(shown.id)) == (text, ["Có", "Không"], ids[0])
    params = telegram.calls[-1].params
    assert "parse_mode" not in params
    assert "is_disabled" in params["link_preview_options"]
    assert telegram.violations == []


def test_a_picture_is_uploaded_with_its_words_and_a_file_with_its_name(telegram: FakeTelegram) -> None:
    deliver(telegram, line("Bước 1", "Tiếp", image=IMAGE, files=FILES))
    photo, document, text = telegram.to(77)
    assert (photo.kind, photo.text, photo.body) == ("photo", IMAGE["alt"], picture())
    assert (document.kind, document.text, document.name) == ("document", "Bản in", "giay-to.pdf")
    assert document.body == b"%PDF-1.7"
    assert (text.text, text.titles) == ("Bước 1", ["Tiếp"])


@pytest.mark.parametrize(
    "body",
    [b"", b"no picture", picture(3_000, 100), b"x" * (10 * 1024 * 1024 + 1)],
    ids=["empty", "none", "flat", "large"],
)
def test_a_picture_that_telegram_would_not_take_becomes_a_link(telegram: FakeTelegram, body: bytes) -> None:
    async def fetch_own(_url: str) -> bytes:
        return body

    deliver(telegram, line("Bước 1", image=IMAGE), fetch_own=fetch_own)
    assert [shown.text for shown in telegram.to(77)] == [f"{IMAGE['alt']}\n{IMAGE['url']}", "Bước 1"]


def test_a_page_of_ours_that_fails_does_not_keep_the_answer_back(telegram: FakeTelegram) -> None:
    async def fetch_own(_url: str) -> bytes:
        raise RuntimeError("drawing failed")

    deliver(telegram, line("Bước 1", image=IMAGE), fetch_own=fetch_own)
    assert telegram.to(77)[-1].text == "Bước 1"


def test_a_request_shows_a_keyboard_with_a_way_past_and_a_plain_text_takes_it_away(telegram: FakeTelegram) -> None:
    deliver(telegram, line("Số nào ạ?", request="contact"), line("Ở đâu ạ?", request="location"), line("Dạ, xong."))
    contact, location, plain = telegram.to(77)
    assert contact.keyboard and location.keyboard
    assert contact.keyboard[0][0]["request_contact"] is True
    assert location.keyboard[0][0]["request_location"] is True
    assert contact.keyboard[1][0]["text"] == NOT_SHARING
    assert plain.keyboard == ()


@pytest.mark.parametrize(
    ("trouble", "kind", "reason"),
    [
        ("403", Unreachable, "blocked"),
        ("403:Forbidden: user is deactivated", Unreachable, "deactivated"),
        ("400", Unreachable, "chat_gone"),
        ("400:Bad Request: PEER_ID_INVALID", Unreachable, "chat_gone"),
        ("400:Bad Request: something of next year", Refused, "bad_request"),
        ("400:Bad Request: BUTTON_DATA_INVALID", Refused, "button"),
        ("401", NeedsStaff, "token"),
        ("404", NeedsStaff, "token"),
        ("409", NeedsStaff, "conflict"),
        ("500", PlatformDown, "network"),
        ("502", PlatformDown, "network"),
        ("garbage", PlatformDown, "network"),
        ("odd", PlatformDown, "garbage"),
        ("lost", PlatformDown, "network"),
        ("lost_before", PlatformDown, "network"),
    ],
)
def test_what_each_error_becomes(telegram: FakeTelegram, trouble: str, kind: type, reason: str) -> None:
    telegram.next(trouble)
    error = refused(telegram)
    assert type(error) is kind
    assert error.reason == reason
    assert len(telegram.to(77)) == (trouble == "lost")


def test_a_hanging_platform_is_given_up(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.telegram.client.CALL_SECONDS", 0.2)
    telegram.next("hang:1")
    assert isinstance(error := refused(telegram), PlatformDown)
    assert error.reason == "timeout"


@pytest.mark.parametrize("in_timedelta", [False, True])
def test_telegram_wants_silence_and_the_whole_bot_is_silent(
    telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, in_timedelta: bool
) -> None:
    if in_timedelta:
        monkeypatch.setenv("PTB_TIMEDELTA", "1")
    telegram.person(78).has_written = True
    times = [1_000.0]

    async def work(channel: TelegramChannel) -> None:
        telegram.next("429:7")
        (part,) = channel.render(line())
        for person, seconds in (("77", 7.0), ("78", 7.0), ("77", 3.0)):
            times[0] += 7.0 - seconds
            with pytest.raises(ChannelPaused) as error:
                await channel.send(person, part, "k")
            assert error.value.seconds == seconds
        times[0] += 3.0
        telegram.advance(7.1)
        assert await channel.send("78", part, "k")

    use(telegram, work, monotonic=lambda: times[0])
    assert telegram.count("sendMessage") == 2  # the two in between never left
    assert telegram.violations == []


def test_somebody_who_never_wrote_blocked_us_or_is_gone(telegram: FakeTelegram) -> None:
    assert refused(telegram, to="99").reason == "chat_gone"
    telegram.person(77).has_blocked = True
    assert refused(telegram).reason == "blocked"
    telegram.person(77).is_deleted = True
    assert refused(telegram).reason == "deactivated"


@pytest.mark.parametrize("to", ["", "abc", "77; 78", "9" * 40])
def test_an_address_that_is_none(telegram: FakeTelegram, to: str) -> None:
    assert type(refused(telegram, to=to)) is Refused
    assert not telegram.calls


def test_nobody_listens() -> None:
    async def work(channel: TelegramChannel) -> None:
        with pytest.raises(PlatformDown):
            await channel.send("77", channel.render(line())[0], "k")

    away = FakeTelegram()
    away.server_close()
    use(away, work)


def test_prices_and_limits(telegram: FakeTelegram) -> None:
    async def work(channel: TelegramChannel) -> None:
        as_the_core_sees_it: delivery.Channel = channel
        assert as_the_core_sees_it.name == "telegram"
        assert channel.price(None, "dossier_status") is None
        assert channel.price(0.0, "info") == channel.price(3e7, "dossier_status") == 0
        assert channel.limits.chat_seconds >= 1.0
        assert channel.limits.per_second <= 30

    use(telegram, work)


@pytest.mark.parametrize("token", ["", "abc", "123456", "123456:a b", "123456:a/../b", "123456:a\nb"])
def test_what_cannot_be_a_token_is_one_sentence(token: str) -> None:
    with pytest.raises(ValueError, match="MOTCUA_TELEGRAM_TOKEN"):
        TelegramChannel(token, lambda _url: None)  # type: ignore[arg-type,return-value]
