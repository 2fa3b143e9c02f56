"""Telegram's updates: whatever comes with the right secret is a 200, whatever else is a plain 4xx, and never a 500."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot import clock
from bot.channels.telegram import polling, reading, updates, webhook
from bot.channels.telegram.client import Client
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.limits import SECRET_HEADER
from bot.conversation.inbox import BadMessage
from bot.conversation.incoming import COMMANDS, KINDS, Incoming
from bot.conversation.outbox.delivery import DeliveryError
from fuzz.strategies import HUGE, any_json, any_text, damaged, damaged_bytes, dumped, few, nested_json

SECRET = "a-secret-of-the-tests_01"
NOW = clock.parse("2026-11-23T09:00:00+07:00")
AN = {"id": 77, "is_bot": False, "first_name": "An", "last_name": "Lê"}
BASE = {"message_id": 1, "date": 1_790_000_000, "chat": {"id": 77, "type": "private"}, "from": AN}
FILE = {"file_id": "f", "file_size": 9, "mime_type": "image/png", "file_name": "a.png", "duration": 3}
HELD: list[dict[str, Any]] = [
    {"text": "/start xin chào"}, {"photo": [FILE, FILE], "caption": "giấy hẹn"}, {"voice": FILE}, {"document": FILE},
    {"contact": {"phone_number": "84900001234", "user_id": 77}}, {"location": {"latitude": 11.9, "longitude": 108.4}},
    {"sticker": {}}, {"pinned_message": {}},
]  # fmt: skip
UPDATES: list[Any] = [
    *({"update_id": 1, "message": {**BASE, **held}} for held in HELD),
    {"update_id": 2, "edited_message": {**BASE, "edit_date": 1_790_000_009, "text": "sửa"}},
    {"update_id": 3, "callback_query": {"id": "9", "from": AN, "data": "btn:1.2.0", "message": BASE}},
    {"update_id": 4, "my_chat_member": {"chat": BASE["chat"], "new_chat_member": {"status": "kicked"}}},
]


async def accept(incoming: Incoming) -> None:
    """Take what the inbox takes, as far as its form goes."""
    assert incoming.kind in KINDS and incoming.sender.lstrip("-").isdigit() and len(incoming.message_id) < 400
    assert incoming.kind != "command" or incoming.text in COMMANDS
    assert incoming.name is None or len(incoming.name) <= reading.LONGEST_NAME
    json.dumps(incoming.media)
    if len(incoming.text) > 4_000:
        raise BadMessage("Dạ, tin nhắn dài quá.")


def intake() -> Intake:
    return Intake(SimpleNamespace(client=None), accept, lambda *_: None)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def web() -> Iterator[TestClient]:
    taking = intake()
    taking._answer = lambda _callback: None  # type: ignore[method-assign]
    with TestClient(Starlette(routes=webhook.routes(taking, SECRET))) as web:  # a 500 comes out as an exception
        yield web


def post(web: TestClient, body: bytes, secret: str = SECRET) -> int:
    return web.post(webhook.PATH, content=body, headers={SECRET_HEADER: secret}).status_code


@few()
@example(dumped({**UPDATES[0], "update_id": HUGE}))
@example(b'{"update_id": 1, "message": ' + nested_json(3_000) + b"}")
@given(damaged(*UPDATES).map(dumped) | damaged_bytes(*map(dumped, UPDATES)) | any_json.map(dumped))
def test_a_damaged_update_is_taken_or_is_a_400(web: TestClient, body: bytes) -> None:
    assert post(web, body) in (200, 400)


@few(0.3)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_no_other_secret_opens(web: TestClient, secret: str) -> None:
    assert post(web, b"{}", secret) == (200 if secret == SECRET else 403)


@few()
@given(damaged(*UPDATES) | any_json)
def test_what_is_parsed_is_read(raw: Any) -> None:
    update = updates.parse(raw)
    if update is None:
        return
    seen = reading.read(update, raw, NOW)
    assert seen.result and "\n" not in seen.result and len(seen.result) < 20
    if seen.incoming is not None:
        asyncio.run(intake()._store(seen.incoming))


@pytest.mark.parametrize("update", UPDATES)
def test_the_examples_are_whole(update: Any) -> None:
    assert updates.parse(copy.deepcopy(update)) is not None


@few()
@given(st.lists(damaged(*UPDATES) | any_json, max_size=5))
def test_the_moments_of_a_night_are_in_order(found: list[Any]) -> None:
    moments = polling._moments(found, NOW)
    assert moments == sorted(moments) and len(moments) == len(found) and all(moment <= NOW for moment in moments)


@few()
@given(any_json)
def test_an_answer_that_is_no_list_of_updates_is_the_platforms_fault(answer: Any) -> None:
    async def asked() -> Any:
        client = Client.__new__(Client)
        client._url = "https://api.telegram.org/bot1:x"

        async def answered(*_: Any, **__: Any) -> Any:
            return answer

        client._polling = SimpleNamespace(post=answered)  # type: ignore[assignment]
        return await client.updates(None, 1)

    try:
        assert isinstance(asyncio.run(asked()), list)
    except DeliveryError as error:
        assert error.reason == "garbage"


@few()
@given(any_text)
def test_a_text_or_the_command_that_it_is(text: str) -> None:
    found = reading._text(text)
    assert found.get("kind") != "command" or found["text"] in COMMANDS
    assert len(found["text"]) <= max(len(text) + 4, 6)
