"""The door that Telegram calls: the secret, the sizes, bodies of every bad kind, and 200 only once it is stored."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fakes.telegram import TOKEN, FakeTelegram
from prometheus_client import REGISTRY
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.limits import LARGEST_BODY, OFFICIAL, SECRET_HEADER

from .conftest import SECRET, Serving, Store, listener, no_page, until, use

PATH = "/webhooks/telegram"
MESSAGE = {
    "message_id": 1,
    "date": 1_790_000_000,
    "chat": {"id": 77, "type": "private", "first_name": "An"},
    "from": {"id": 77, "is_bot": False, "first_name": "An"},
    "text": "xin chào",
}
UPDATE = {"update_id": 1, "message": MESSAGE}
BOMB = gzip.compress(b" " * 50_000_000)[:LARGEST_BODY]


@pytest.fixture
def web(store: Store, telegram: FakeTelegram) -> Iterator[TestClient]:
    channel = TelegramChannel(TOKEN, no_page, telegram.url)
    listening = listener(channel, store, secret=SECRET, public_url="http://127.0.0.1:1")

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await listening.stop()
        await channel.close()

    # What nothing catches comes out here as an exception: a 500 would be seen.
    with TestClient(Starlette(routes=listening.routes, lifespan=lifespan)) as web:
        yield web


def post(web: TestClient, body: bytes, secret: str | None = SECRET, **headers: str) -> int:
    given = {"Content-Type": "application/json", **({SECRET_HEADER: secret} if secret is not None else {}), **headers}
    return web.post(PATH, content=body, headers=given).status_code


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_a_message_is_stored_and_the_same_again_is_harmless(web: TestClient, store: Store) -> None:
    body = json.dumps(UPDATE).encode()
    assert [post(web, body) for _ in range(3)] == [200, 200, 200]
    assert store.texts == ["xin chào"]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper(), "ằ"])
def test_without_the_secret_nobody_gets_in(web: TestClient, store: Store, secret: str | None) -> None:
    before = counted("motcua_telegram_webhook_refused_total", reason="secret")
    headers = [(b"content-type", b"application/json")]
    if secret is not None:
        headers.append((SECRET_HEADER.encode(), secret.encode()))
    assert web.post(PATH, content=json.dumps(UPDATE).encode(), headers=headers).status_code == 403
    assert counted("motcua_telegram_webhook_refused_total", reason="secret") == before + 1
    assert store.calls == 0


def test_a_body_of_256_kib_is_taken_and_one_byte_more_is_not(web: TestClient, store: Store) -> None:
    empty = json.dumps({**UPDATE, "filler": ""}).encode()
    largest = json.dumps({**UPDATE, "filler": "x" * (LARGEST_BODY - len(empty))}).encode()
    assert len(largest) == LARGEST_BODY
    assert post(web, largest) == 200
    assert post(web, largest + b" ") == 413


def test_a_body_in_pieces_is_cut_off_at_the_same_size(web: TestClient) -> None:
    pieces = (b" " * 1_000 for _ in range(LARGEST_BODY // 1_000 + 2))
    answer = web.post(PATH, content=pieces, headers={SECRET_HEADER: SECRET})
    assert answer.status_code == 413


@pytest.mark.parametrize("how", ["gzip", "br", "deflate", "gzip, gzip", "GZIP", "unheard-of"])
def test_a_packed_body_is_refused_unread(web: TestClient, store: Store, how: str) -> None:
    assert post(web, BOMB, **{"Content-Encoding": how}) == 415
    assert post(web, json.dumps(UPDATE).encode(), **{"Content-Encoding": "identity"}) == 200
    assert store.calls == 1


def test_only_post(web: TestClient) -> None:
    assert [web.request(method, PATH).status_code for method in ("GET", "PUT", "DELETE")] == [405] * 3


@pytest.mark.parametrize("raw", [[], 7, "x", None, {}, {"update_id": 5}, {"update_id": 5, "poll": {"id": "1"}}])
def test_what_we_do_not_know_is_taken_counted_and_left_alone(web: TestClient, store: Store, raw: Any) -> None:
    assert post(web, json.dumps(raw).encode()) == 200
    assert store.calls == 0


@pytest.mark.parametrize("error", [OperationalError("x", {}, Exception()), RuntimeError("a fault")])
def test_what_could_not_be_stored_is_brought_again(web: TestClient, store: Store, error: Exception) -> None:
    store.fail = [error]
    body = json.dumps(UPDATE).encode()
    assert post(web, body) == 503
    assert post(web, body) == 200
    assert store.texts == ["xin chào"]


def test_a_text_longer_than_ours_may_be_is_told_so(web: TestClient, store: Store) -> None:
    assert post(web, json.dumps({"update_id": 1, "message": {**MESSAGE, "text": "x" * 4_090}}).encode()) == 200
    assert [(taken.kind, taken.text) for taken in store.taken] == [("unknown", "")]


def damaged(seed: int) -> bytes:
    """Return a body that is wrong in one way or another; the same for the same seed."""
    dice = random.Random(seed)
    whole = json.dumps(dice.choice(SAMPLES), ensure_ascii=dice.random() < 0.5).encode()
    way = dice.randrange(9)
    if way == 0:
        return whole[: dice.randrange(len(whole))]
    if way == 1:
        return bytes(dice.randrange(256) for _ in range(dice.randrange(60)))
    if way == 2:
        place = dice.randrange(len(whole))
        return whole[:place] + bytes([dice.randrange(256)]) + whole[place + 1 :]
    if way == 3:
        return b"[" * dice.randrange(1, 60_000)
    if way == 4:
        return b'{"update_id":' + b"9" * dice.randrange(1, 5_000) + b"}"
    if way == 5:
        return b"\xef\xbb\xbf" + whole
    if way == 6:
        return whole.replace(b"77", dice.choice([b"-1e400", b"null", b'"\\ud800"', b"1.5", b"true", b"[]"]))
    if way == 7:
        return whole.replace(b"private", b"\\u0000").replace(b"An", "\u202e🙂".encode())
    update = json.loads(whole)
    _break(update, dice)
    return json.dumps(update).encode()


def _break(value: Any, dice: random.Random) -> None:
    """Put something else in the place of one value, somewhere inside."""
    while isinstance(value, (dict, list)) and value:
        key = dice.choice(list(value) if isinstance(value, dict) else range(len(value)))
        if not isinstance(value[key], (dict, list)) or dice.random() < 0.3:
            value[key] = dice.choice([None, [], {}, "", "x" * 5_000, -1, 10**19, 1e308, True, "\ud800", [[]], {"": {}}])
            return
        value = value[key]


SAMPLES: list[dict[str, Any]] = [
    UPDATE,
    {"update_id": 2, "message": {**MESSAGE, "contact": {"phone_number": "84900001234", "user_id": 77}, "text": None}},
    {"update_id": 3, "message": {**MESSAGE, "location": {"latitude": 11.9, "longitude": 108.4}}},
    {"update_id": 4, "message": {**MESSAGE, "photo": [{"file_id": "p", "width": 9, "height": 9, "file_size": 7}]}},
    {"update_id": 5, "edited_message": {**MESSAGE, "edit_date": 1_790_000_001}},
    {"update_id": 6, "callback_query": {"id": "1", "from": MESSAGE["from"], "data": "btn:1.2.3", "message": MESSAGE}},
    {"update_id": 7, "my_chat_member": {"chat": MESSAGE["chat"], "new_chat_member": {"status": "kicked"}}},
    {"update_id": 8, "message": {**MESSAGE, "document": {"file_id": "d", "mime_type": "image/png"}, "text": None}},
]


def test_thousands_of_bad_bodies_are_refused_without_a_500_and_without_a_flood(
    web: TestClient, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    before = counted("motcua_telegram_updates_total", result="malformed")
    statuses: dict[int, int] = {}
    with caplog.at_level(logging.INFO, logger="bot"):
        for seed in range(5_500):
            # Every fourth does not know the secret.
            secret = SECRET if seed % 4 else f"{SECRET[:-1]}{seed % 10}"
            status = post(web, damaged(seed), secret)
            statuses[status] = statuses.get(status, 0) + 1
    assert set(statuses) <= {200, 400, 403, 413}
    assert statuses[403] >= 1_200 and statuses[400] > 500
    assert counted("motcua_telegram_updates_total", result="malformed") > before + 100
    assert len(caplog.records) <= 8  # each kind of refusal once a minute
    for incoming in store.taken:  # what got through could be stored, and has an owner
        assert incoming.sender.lstrip("-").isdecimal()
        assert len(incoming.message_id) <= 128


def test_a_caller_that_hangs_up_in_the_middle_is_nobodys_problem(telegram: FakeTelegram, store: Store) -> None:
    async def work(channel: TelegramChannel) -> None:
        listening = listener(channel, store, secret=SECRET, public_url="http://127.0.0.1:1")
        async with Serving(Starlette(routes=listening.routes)) as web:
            port = int(web.url.rsplit(":", 1)[1])
            before = counted("motcua_telegram_webhook_refused_total", reason="gone")
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}\r\nContent-Length: 500\r\n\r\n"
            writer.write(head.encode() + b'{"update_id": 1')
            await writer.drain()
            await asyncio.sleep(0.1)
            writer.close()
            await until(lambda: counted("motcua_telegram_webhook_refused_total", reason="gone") > before)

    use(telegram, work)
    assert store.calls == 0


def test_telegram_calls_and_what_it_brings_late_and_twice_is_stored_once(telegram: FakeTelegram, store: Store) -> None:
    async def work(channel: TelegramChannel) -> None:
        app = Starlette()
        async with Serving(app) as web:
            listening = listener(channel, store, secret=SECRET, public_url=web.url)
            app.router.routes.extend(listening.routes)
            listening.start()
            await until(lambda: telegram.webhook["url"])
            assert telegram.webhook["url"] == f"{web.url}{PATH}"
            assert telegram.webhook["secret_token"] == SECRET
            assert "edited_message" in telegram.webhook["allowed_updates"]
            person = telegram.person(77)
            await asyncio.to_thread(person.says, "một")
            telegram.hold()
            for text in ("hai", "ba"):
                await asyncio.to_thread(person.says, text)
            await asyncio.to_thread(lambda: telegram.release(backwards=True, times=2))
            store.fail = [RuntimeError("the database is away")]
            await asyncio.to_thread(person.says, "bốn")
            await asyncio.to_thread(person.calls_back, "btn:1.2.3")
            await until(lambda: telegram.count("answerCallbackQuery"))
            await asyncio.to_thread(person.blocks)
            await listening.stop()

    use(telegram, work)
    # Out of order as it came; `sent_at` and `order` say how it was.
    assert sorted(store.texts) == sorted(["một", "hai", "ba", "bốn", "btn:1.2.3"])
    in_order = sorted(store.taken, key=lambda incoming: incoming.order)
    assert [incoming.text for incoming in in_order] == ["một", "hai", "ba", "bốn", "btn:1.2.3"]
    assert 503 in telegram.answers
    assert telegram.pending == [] and telegram.callbacks == {}
    assert store.doors == [("telegram", "77", True)]


@pytest.mark.parametrize("url", ["http://motcua.example", "https://motcua.example:8080", "motcua.example"])
def test_an_address_that_telegram_does_not_call_is_one_sentence(store: Store, url: str) -> None:
    channel = TelegramChannel(TOKEN, no_page, OFFICIAL)
    with pytest.raises(ValueError, match="MOTCUA_PUBLIC_URL"):
        listener(channel, store, secret=SECRET, public_url=url)
    listener(channel, store, secret=SECRET, public_url="https://motcua.example:8443/")
    asyncio.run(channel.close())
