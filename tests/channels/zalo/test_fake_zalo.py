"""The fake itself, where no other test leads: its control API, calls that are gone, echoes of what we sent."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from fakes.zalo import FakeZalo

from bot.channels.zalo.parts import TextPart
from bot.channels.zalo.wiring import Zalo
from channels.zalo.conftest import CITIZEN, MORNING, Run, Served, Store


def call(zalo: FakeZalo, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    """Call the fake as any program would."""
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(zalo.url + path, content, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@pytest.fixture
def token(zalo: FakeZalo) -> str:
    return zalo.oauth.pair()[0]


@pytest.mark.parametrize("path", ["/v3.0/oa/message", "/v2.0/oa/message/cs", "/x"])
def test_an_empty_path_is_404_with_zalos_words(zalo: FakeZalo, token: str, path: str) -> None:
    assert call(zalo, f"/openapi{path}", {}, access_token=token) == (404, b"You are accessing an empty or invalid API")


@pytest.mark.parametrize("kind_", ["transaction", "promotion"])
def test_calls_that_were_shut_down(zalo: FakeZalo, token: str, kind_: str) -> None:
    status, answer = call(zalo, f"/openapi/v3.0/oa/message/{kind_}", {}, access_token=token)
    assert (status, answer["error"]) == (200, -240)


def test_errors_come_with_200_and_a_bearer_token_is_none(zalo: FakeZalo, token: str) -> None:
    status, answer = call(zalo, "/openapi/v2.0/oa/getoa", Authorization=f"Bearer {token}")
    assert (status, answer["error"]) == (200, -216)
    zalo.world.advance(90_001)
    assert call(zalo, "/openapi/v2.0/oa/getoa", access_token=token)[1]["error"] == -220


def test_a_call_to_the_wrong_host_is_404(zalo: FakeZalo, token: str) -> None:
    for path in ("/business/v3.0/oa/message/cs", "/openapi/message/template", "/oauth/v2.0/oa/getoa"):
        assert call(zalo, path, {}, access_token=token)[0] == 404


def test_the_quota_call_tells_the_last_interaction(zalo: FakeZalo, token: str) -> None:
    zalo.oa.touch(CITIZEN)
    answer = call(zalo, "/openapi/v3.0/oa/quota/message", {"user_id": CITIZEN}, access_token=token)[1]
    assert answer["data"]["last_interaction"] == str(int(MORNING.timestamp() * 1000))


def test_the_control_api(zalo: FakeZalo, ours: Zalo, serve: Callable[[Zalo], Served], store: Store, token: str) -> None:
    served = serve(ours)
    assert call(zalo, "/__ctl/webhook", {"url": f"{served.url}/webhooks/zalo"}) == (200, {})
    assert call(zalo, "/__ctl/say", {"user": CITIZEN, "text": "xin chào"}) == (200, {"status": 200})
    assert [one.text for one in store.taken] == ["xin chào"]
    call(zalo, "/__ctl/inject", {"path": "/oa/getoa", "trouble": "-32"})
    codes = [call(zalo, "/openapi/v2.0/oa/getoa", access_token=token)[1]["error"] for _ in range(2)]
    assert codes == [-32, 0]
    call(zalo, "/__ctl/advance", {"seconds": 60})
    assert (zalo.world.now - MORNING).total_seconds() == 60
    assert [one["path"] for one in call(zalo, "/__ctl/calls")[1]] == ["/openapi/v2.0/oa/getoa"] * 2


def test_what_we_send_echoes_and_is_never_answered(
    zalo: FakeZalo, granted: Zalo, serve: Callable[[Zalo], Served], store: Store, run: Run[Any]
) -> None:
    serve(granted)
    zalo.oa.echo = True
    assert zalo.webhooks.deliver(zalo.oa.says(CITIZEN, "xin chào")) == 200
    run(granted.channel.send(CITIZEN, TextPart("Dạ, em chào anh/chị."), "1.0"))
    assert [one.text for one in store.taken] == ["xin chào"]
    assert store.humans == [] and store.receipts == [] and store.doors == []


def test_events_out_of_order_keep_their_times(
    zalo: FakeZalo, ours: Zalo, serve: Callable[[Zalo], Served], store: Store
) -> None:
    serve(ours)
    said = []
    for number in range(5):
        said.append(zalo.oa.says(CITIZEN, f"tin {number}"))
        zalo.world.advance(1)
    for event in [*reversed(said), *said]:
        assert zalo.webhooks.once(event) == 200
    ordered = sorted(store.taken, key=lambda one: one.sent_at or MORNING)
    assert [one.text for one in ordered] == [f"tin {number}" for number in range(5)]
