"""Zalo's webhook: signed events of any shape are a 200, wrongly signed ones a 403, and nothing is ever a 500."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fakes.zalo import OA_ID, World
from fakes.zalo_webhooks import Webhooks, body_of
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot import clock
from bot.channels.zalo import contents, events, signature
from bot.channels.zalo.config import Config
from bot.channels.zalo.events import Said
from bot.channels.zalo.webhook import PATH, Hands, Webhook
from bot.conversation.incoming import COMMANDS, KINDS, Incoming
from bot.places.location import shared
from fuzz.strategies import HUGE, any_json, any_text, damaged, damaged_bytes, dumped, few, mixed, nested_json

CITIZEN = "7000000000000000001"
MORNING = clock.parse("2026-11-23T09:00:00+07:00")
ZALO = Webhooks(World(fixed=MORNING))
CONFIG = Config(ZALO.world.app_id, ZALO.world.app_secret, OA_ID, ZALO.world.oa_secret_key, "https://mc.example/")
KIND = "image file audio gif video sticker link business_card location".split()
EVENTS: list[dict[str, Any]] = [
    ZALO.message(CITIZEN, "user_send_text", {"text": "Hồ sơ tới đâu rồi?", "msg_id": "m-01"}),
    *(ZALO.media(CITIZEN, f"user_send_{kind}") for kind in KIND),
    ZALO.submit_info(CITIZEN, {"name": "Nguyễn Thị Ví Dụ", "phone": "84900001234"}),
    ZALO.follow(CITIZEN), ZALO.follow(CITIZEN, "unfollow"),
    {"event_name": "user_withdraw", "user_id": CITIZEN, "timestamp": "1790000000000"},
    ZALO.from_account(CITIZEN, "oa_send_text", {"text": "Dạ", "msg_id": "m-02"}),
    {"event_name": "user_received_message", "timestamp": "1790000000000",
     "message": {"tracking_id": "1.0", "delivery_time": "1790000000000"}},
]  # fmt: skip


async def accept(incoming: Incoming) -> None:
    assert incoming.kind in KINDS and incoming.sender.isdigit() and incoming.message_id
    assert incoming.kind != "command" or incoming.text in COMMANDS
    assert not incoming.text.startswith("geo:") or incoming.kind == "text"
    json.dumps(incoming.media)


@pytest.fixture(scope="module")
def web() -> Iterator[TestClient]:
    with clock.frozen(MORNING):
        routes = Webhook(CONFIG, Hands(accept, lambda *_: None, lambda *_: None, str, str)).routes
        with TestClient(Starlette(routes=routes)) as web:
            yield web


@few()
@example(dumped({**EVENTS[0], "timestamp": HUGE}))
@example(b'{"event_name": "user_send_file", "message": ' + nested_json(900, "{}") + b"}")
@given(damaged(*EVENTS).map(dumped) | damaged_bytes(*map(dumped, EVENTS)) | any_json.map(dumped))
def test_a_signed_event_of_any_shape_is_taken_or_is_no_json(web: TestClient, body: bytes) -> None:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        event = None
    written = contents.text_of(event.get("timestamp")) if isinstance(event, dict) else None
    mac = signature.mac(CONFIG.app_id, body, "7", CONFIG.oa_secret_key)
    headers = {signature.HEADER: f"mac={mac}", signature.TIME_HEADER: "7"}
    status = web.post(PATH, content=body, headers=headers).status_code
    assert status == 200 if isinstance(event, dict) or not body.strip() else status == 400, written


@few(0.3)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=80))
def test_no_made_up_signature_passes(web: TestClient, given_: str) -> None:
    body = body_of(EVENTS[0])
    headers = [(signature.HEADER.encode(), given_.encode("latin-1"))]
    assert web.post(PATH, content=body, headers=headers).status_code == 403


def test_no_depth_that_was_decoded_is_too_deep_to_be_read(web: TestClient) -> None:
    event = b'{"event_name": "user_send_file", "sender": {"id": "7"}, "message": {"attachments": [{"payload": %b}]}}'
    for levels in range(800, 1_000, 9):
        payload = b'{"type": ' + nested_json(levels) + b', "name": ' + nested_json(levels) + b"}"
        mac = signature.mac(CONFIG.app_id, body := event % payload, "7", CONFIG.oa_secret_key)
        headers = {signature.HEADER: mac, signature.TIME_HEADER: "7"}
        assert web.post(PATH, content=body, headers=headers).status_code in (200, 400)


@few()
@given(damaged(*EVENTS))
def test_an_event_has_a_name_for_counters_and_an_id_of_bounded_length(event: Any) -> None:
    if not isinstance(event, dict):
        return
    assert len(events.name_of(event)) < 40
    for happening in events.read(event, OA_ID):
        if isinstance(happening, Said):
            assert len(happening.incoming.message_id) <= events.LONGEST_ID
            assert events.read(event, OA_ID)[0] is not None


@few()
@given(damaged({"latitude": 11.94, "longitude": 108.46}) | any_json)
def test_a_place_is_a_rounded_one_or_unknown(place: Any) -> None:
    (found,) = contents.READERS["location"]({"message": {"location": place}})
    assert found.kind == "unknown" or shared(found.text) is not None


@few()
@given(any_json | damaged("84900001234", 84900001234) | mixed("84", "0", "900001234", "+", " "))
def test_a_phone_out_of_a_form_is_one_to_dial(value: Any) -> None:
    phone = contents._phone(value)
    assert phone is None or (phone.isdigit() and phone[0] == "0" and 10 <= len(phone) <= 11)


@few()
@given(any_text, any_text | st.none(), st.binary(max_size=40), any_text)
def test_a_signature_of_any_form_is_compared(header: str, time: str | None, body: bytes, other: str) -> None:
    assert signature.matching(CONFIG, header, body, time, other, widely=True) is None
