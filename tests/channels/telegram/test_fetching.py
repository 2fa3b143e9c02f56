"""What citizens sent is fetched from Telegram, within bounds; and nothing but what they sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fakes.telegram import FakeTelegram

from bot.channels.telegram import reading
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.updates import parse
from bot.clock import now
from bot.conversation.media import MediaAway, MediaError, MediaRefused

from .conftest import use

PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 8


def media(raw: dict[str, Any]) -> dict[str, Any]:
    update = parse(raw)
    assert update is not None
    found = reading.read(update, raw, now()).incoming
    assert found is not None
    return found.media


def fetch(telegram: FakeTelegram, given: dict[str, Any]) -> bytes:
    async def work(channel: TelegramChannel) -> bytes:
        return await channel.fetch(given)

    return use(telegram, work)


@pytest.fixture
def photo(telegram: FakeTelegram) -> dict[str, Any]:
    return media(telegram.person(77).sends_photo(PHOTO))


def test_a_photo_and_a_voice_message_arrive_whole(telegram: FakeTelegram, photo: dict[str, Any]) -> None:
    assert fetch(telegram, photo) == PHOTO
    assert fetch(telegram, media(telegram.person(77).sends_voice(b"OggS" * 300))) == b"OggS" * 300
    picture = telegram.person(77).sends_file("giấy hẹn.png", "image/png", PHOTO)
    assert fetch(telegram, media(picture)) == PHOTO


def test_one_known_to_be_too_large_is_not_even_asked_for(telegram: FakeTelegram, photo: dict[str, Any]) -> None:
    with pytest.raises(MediaRefused, match="too_large"):
        fetch(telegram, {**photo, "size": reading.LARGEST_FETCHED + 1})
    assert telegram.calls == []


def test_one_that_turns_out_larger_than_said_is_cut_off(
    telegram: FakeTelegram, photo: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGEST_FETCHED", len(PHOTO) * 20)
    telegram.next("swollen", method="file")
    with pytest.raises(MediaRefused, match="too_large"):
        fetch(telegram, photo)


def test_more_than_telegram_gives_to_a_bot(telegram: FakeTelegram) -> None:
    raw = telegram.person(77).sends_photo(b"x" * ((20 << 20) + 1))
    with pytest.raises(MediaRefused, match="too_large"):
        fetch(telegram, {"file_id": raw["message"]["photo"][1]["file_id"]})


def test_a_redirect_is_not_followed(telegram: FakeTelegram, photo: dict[str, Any]) -> None:
    telegram.next("302", method="file")
    with pytest.raises(MediaRefused, match="redirect"):
        fetch(telegram, photo)


def test_a_path_on_our_own_disk_is_not_read(telegram: FakeTelegram, photo: dict[str, Any], tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"of this machine")
    telegram.files[photo["file_id"]] = (str(secret), PHOTO)
    with pytest.raises(MediaRefused, match="local_file"):
        fetch(telegram, photo)


@pytest.mark.parametrize("path", ["file:///etc/hostname", "http://127.0.0.1:9/x", "//127.0.0.1:9/x"])
def test_a_path_that_looks_like_another_address_stays_on_telegrams_server(
    telegram: FakeTelegram, photo: dict[str, Any], path: str
) -> None:
    telegram.files[photo["file_id"]] = (path, PHOTO)
    assert fetch(telegram, photo) == PHOTO


@pytest.mark.parametrize(
    ("trouble", "kind", "reason"),
    [
        ("502", MediaAway, "network"),
        ("429:2", MediaAway, "rate"),
        ("401", MediaAway, "token"),
        ("400:Bad Request: wrong file_id or the file is temporarily unavailable", MediaRefused, "gone"),
    ],
)
def test_what_goes_wrong_says_whether_trying_again_helps(
    telegram: FakeTelegram, photo: dict[str, Any], trouble: str, kind: type, reason: str
) -> None:
    telegram.next(trouble, method="getFile")
    with pytest.raises(MediaError) as error:
        fetch(telegram, photo)
    assert (type(error.value), error.value.reason) == (kind, reason)


@pytest.mark.parametrize("given", [{}, {"file_id": 5}, {"file_id": "unknown"}])
def test_nothing_to_fetch(telegram: FakeTelegram, given: dict[str, Any]) -> None:
    with pytest.raises(MediaRefused):
        fetch(telegram, given)
