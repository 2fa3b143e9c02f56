"""The fake itself: it refuses and notes what Telegram would, or every other test here proves nothing."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import httpx
import pytest
from fakes.telegram import TOKEN, FakeTelegram

from .conftest import picture

# Certificates are read once, and no connection is kept, for each server lives for one test only.
WEB = httpx.Client(headers={"Connection": "close"}, timeout=15)


def call(telegram: FakeTelegram, method: str, token: str = TOKEN, **params: Any) -> tuple[int, dict[str, Any]]:
    given = {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}
    answer = WEB.post(f"{telegram.url}/bot{token}/{method}", data=given)
    return answer.status_code, answer.json()


def text(telegram: FakeTelegram, **params: Any) -> str:
    """Send a text; returns what Telegram says of it, "" for nothing."""
    return str(call(telegram, "sendMessage", **{"chat_id": 77, "text": "x", **params})[1].get("description", ""))


@pytest.fixture(autouse=True)
def an(telegram: FakeTelegram) -> None:
    telegram.person(77).has_written = True


def test_tokens_and_methods(telegram: FakeTelegram) -> None:
    assert call(telegram, "getMe")[1]["result"]["is_bot"] is True
    assert call(telegram, "getMe", "123456:wrong")[0] == 401
    assert call(telegram, "getMe", "wrong")[0] == 404
    assert call(telegram, "noSuchMethod")[0] == 404


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"text": "🙂" * 2_048}, ""),
        ({"text": "🙂" * 2_048 + "x"}, "too long"),
        ({"text": " \n "}, "empty"),
        ({"chat_id": 78}, "chat not found"),
        ({"chat_id": "x"}, "chat not found"),
        ({"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "x" * 64}]]}}, ""),
        ({"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "ằ" * 22}]]}}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": ""}]]}}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": {"inline_keyboard": [[{"text": " ", "callback_data": "x"}]]}}, "buttons"),
    ],
)
def test_texts_and_buttons(telegram: FakeTelegram, params: dict[str, Any], refusal: str) -> None:
    assert refusal in text(telegram, **params) if refusal else text(telegram, **params) == ""


def test_what_is_only_noted(telegram: FakeTelegram) -> None:
    text(telegram, parse_mode="HTML")
    telegram.advance(1.0)
    text(telegram, text="Ho\u0302\u0300 so\u031b")
    assert [violation.split(":")[0] for violation in telegram.violations] == ["parse_mode", "text not in NFC"]


@pytest.mark.parametrize("strict", [False, True])
def test_the_pace_to_one_person_and_to_all(strict: bool) -> None:
    now = [1_000.0]
    with FakeTelegram(strict=strict, clock=lambda: now[0]) as telegram:
        for number in range(40):
            telegram.person(number).has_written = True
        assert text(telegram, chat_id=1) == ""
        now[0] += 0.9
        assert ("retry after" in text(telegram, chat_id=1)) is strict
        now[0] += 1.0
        assert text(telegram, chat_id=1) == ""
        now[0] += 5.0
        refused = [text(telegram, chat_id=number) for number in range(31)]
        assert [bool(words) for words in refused] == [False] * 30 + [strict]
        assert len(telegram.violations) == 2


def test_silence_that_was_wanted(telegram: FakeTelegram) -> None:
    telegram.next("429:5")
    status, body = call(telegram, "sendMessage", chat_id=77, text="x")
    assert (status, body["parameters"]) == (429, {"retry_after": 5})
    assert "retry after" in text(telegram)
    assert telegram.violations == ["a message although silence was wanted"]
    telegram.advance(5.1)
    assert text(telegram) == ""


def test_somebody_who_blocked_the_bot(telegram: FakeTelegram) -> None:
    telegram.person(77).blocks()
    assert text(telegram) == "Forbidden: bot was blocked by the user"


def test_updates_stay_until_they_are_confirmed(telegram: FakeTelegram) -> None:
    first, second = telegram.person(77).says("một"), telegram.person(77).says("hai")

    def ids(**params: Any) -> list[int]:
        return [update["update_id"] for update in call(telegram, "getUpdates", **params)[1]["result"]]

    assert ids() == ids() == [first["update_id"], second["update_id"]]
    assert ids(limit=1) == [first["update_id"]]
    assert ids(offset=second["update_id"]) == ids() == [second["update_id"]]
    assert ids(offset=second["update_id"] + 1) == []
    assert telegram.pending == []


def test_a_long_poll_ends_when_something_comes_and_a_second_one_ends_the_first(telegram: FakeTelegram) -> None:
    answers: list[int] = []
    first = threading.Thread(target=lambda: answers.append(call(telegram, "getUpdates", timeout=9)[0]))
    first.start()
    until = time.monotonic() + 5
    while not telegram.polls and time.monotonic() < until:
        time.sleep(0.01)
    second = threading.Thread(target=lambda: answers.append(call(telegram, "getUpdates", timeout=9)[0]))
    second.start()
    first.join(5)
    assert answers == [409]
    telegram.person(77).says("một")
    second.join(5)
    assert answers == [409, 200]


def test_polling_and_webhook_exclude_each_other(telegram: FakeTelegram) -> None:
    assert call(telegram, "setWebhook", url="http://127.0.0.1:9/x", secret_token="abc")[0] == 200
    assert call(telegram, "getUpdates")[0] == 409
    assert call(telegram, "deleteWebhook")[0] == 200
    assert call(telegram, "getUpdates")[0] == 200
    assert call(telegram, "setWebhook", url="https://x", secret_token="có dấu")[0] == 400
    with FakeTelegram(local=False) as official:
        assert call(official, "setWebhook", url="http://x")[0] == 400


def test_a_press_can_be_answered_once_and_soon(telegram: FakeTelegram) -> None:
    ids = [telegram.person(77).calls_back("x")["callback_query"]["id"] for _ in range(2)]
    assert [call(telegram, "answerCallbackQuery", callback_query_id=ids[0])[0] for _ in range(2)] == [200, 400]
    telegram.advance(61)
    assert "too old" in call(telegram, "answerCallbackQuery", callback_query_id=ids[1])[1]["description"]


@pytest.mark.parametrize(
    ("body", "caption", "status"),
    [
        (picture(), "x" * 1_024, 200),
        (picture(), "x" * 1_025, 400),
        (picture(3_000, 100), "", 400),
        (b"no picture", "", 400),
        (b"x" * (10 * 1024 * 1024 + 1), "", 413),
    ],
    ids=["fits", "long caption", "flat", "no picture", "large"],
)
def test_photos(telegram: FakeTelegram, body: bytes, caption: str, status: int) -> None:
    answer = WEB.post(
        f"{telegram.url}/bot{TOKEN}/sendPhoto",
        data={"chat_id": "77", "caption": caption},
        files={"photo": ("a.png", body)},
    )
    assert answer.status_code == status


def test_it_can_be_driven_over_http(telegram: FakeTelegram) -> None:
    def control(what: str, given: Any = None) -> Any:
        url = f"{telegram.url}/__ctl/{what}"
        return (WEB.get(url) if given is None else WEB.post(url, json=given)).json()

    control("person", {"id": 78, "does": "says", "with": ["xin chào"]})
    assert control("pending")[0]["message"]["text"] == "xin chào"
    control("next", {"trouble": ["403"]})
    assert "blocked" in text(telegram, chat_id=78)
    control("advance", {"seconds": 10})
    assert text(telegram, chat_id=78, text="chào anh") == ""
    assert [shown["text"] for shown in control("shown")] == ["chào anh"]
    assert [made["method"] for made in control("calls")] == ["sendMessage", "sendMessage"]
    assert control("violations") == []
