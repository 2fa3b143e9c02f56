"""Bodies over HTTP: JSON of every call and forms of the desk are taken whole, or refused with one plain 4xx."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from bot.api.understand import Text
from bot.channels.rest import RestMessage, _location
from bot.channels.web.calls import WebMessage
from bot.channels.web.events import place
from bot.desk.access import DeskRoute, form_of
from bot.http_json import LARGEST_BODY, HttpError, decode, json_response, read_body
from bot.places.location import shared
from bot.reports import period
from fuzz.strategies import (
    DEEPER_THAN_PYTHON,
    HUGE,
    any_json,
    any_text,
    damaged,
    damaged_bytes,
    dumped,
    few,
    mixed,
    nested_json,
)

REST = {
    "sender": "an", "message": "xin chào", "message_id": "m-1",
    "metadata": {"location": {"lat": 11.94, "lon": 108.46}},
}  # fmt: skip
WEB = {"message_id": "m-1", "text": "xin chào", "button": None}
BODIES = st.binary(max_size=80) | damaged_bytes(dumped(REST), dumped(WEB)) | damaged(REST, WEB).map(dumped)
SECRET = "0900001234"


def request(body: bytes, **headers: str) -> Request:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    raw = [(name.replace("_", "-").encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": raw, "query_string": b""}, receive)


@few()
@given(BODIES, st.sampled_from([RestMessage, WebMessage, Text, dict[str, Any]]))
def test_a_body_is_decoded_or_is_a_400(body: bytes, kind: Any) -> None:
    try:
        found = decode(body, kind)
    except HttpError as error:
        assert error.status == 400 and error.code == "bad_request" and len(error.message) < 300
    else:
        assert isinstance(found, dict if kind == dict[str, Any] else kind)


@pytest.mark.parametrize("levels", [100, 990, DEEPER_THAN_PYTHON, 30_000])
def test_no_depth_of_lists_is_a_fault(levels: int) -> None:
    for body in (nested_json(levels), b'{"message":' + nested_json(levels) + b"}"):
        with pytest.raises(HttpError) as error:
            decode(body, RestMessage)
        assert error.value.status == 400


@few()
@given(damaged(REST), st.sampled_from(["sender", "message", "message_id", "metadata"]))
def test_an_error_quotes_no_value(body: Any, key: str) -> None:
    if isinstance(body, dict):
        body[key] = [SECRET]
    try:
        decode(dumped(body), RestMessage)
    except HttpError as error:
        assert SECRET not in error.message


@few()
@example({"location": {"lat": HUGE, "lon": 108}})
@given(damaged({"location": {"lat": 11.94, "lon": 108.46}}) | any_json)
def test_a_location_is_a_place_or_a_400(metadata: Any) -> None:
    try:
        found = _location(metadata if isinstance(metadata, dict) else {"location": metadata})
    except HttpError as error:
        assert error.status == 400
    else:
        assert found is None or shared(found) is not None


@few()
@given(
    st.binary(max_size=80)
    | damaged_bytes(urlencode({"csrf": "a" * 64, "text": "Dạ, em nghe", "next": "/desk"}).encode())
    | st.dictionaries(any_text, any_text, max_size=4).map(lambda pairs: urlencode(pairs, errors="replace").encode())
)
def test_a_form_of_the_desk_is_read_or_is_a_400(body: bytes) -> None:
    try:
        found = asyncio.run(form_of(request(body)))
    except HttpError as error:
        assert error.status == 400
    else:
        for name, value in found.items():
            value.encode(), name.encode("utf-8", "surrogatepass")


@few()
@given(st.integers(-2, 2))
def test_a_body_ends_where_it_grows_too_large(more: int) -> None:
    body = b" " * (LARGEST_BODY + more)
    if more <= 0:
        assert asyncio.run(read_body(request(body))) == body
        return
    with pytest.raises(HttpError) as error:
        asyncio.run(read_body(request(body)))
    assert error.value.status == 413


@few()
@given(any_text | st.from_regex(r"([0-9a-f]{16}|-)\.\d{1,12}", fullmatch=True))
def test_a_place_in_a_conversation_is_read_as_it_was_written(text: str) -> None:
    found = place(text)
    if found is not None:
        assert place(str(found)) == found and found.seq < 10**9


@few()
@given(mixed("2026", "-", "11", "00", "13", "/", " ") | any_text)
def test_a_month_is_one_or_a_value_error(written: str) -> None:
    try:
        found = period.month(written)
    except ValueError:
        return
    assert 1 <= found.number <= 12


@few(0.5)
@given(st.integers(0, 9_000))
def test_no_number_in_an_address_is_too_long_for_us(length: int) -> None:
    async def nothing(_request: Request) -> Response:
        raise AssertionError("not called")

    route = DeskRoute("/desk/x/{id:id}", nothing, roles=frozenset())
    match, child = route.matches({"type": "http", "method": "GET", "path": "/desk/x/" + "9" * length})
    assert match is Match.NONE or child["path_params"]["id"] < 2**63


@few()
@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.integers(), max_size=4))
def test_an_answer_is_kept_by_nobody(value: dict[str, Any]) -> None:
    assert json_response(value).headers["cache-control"] == "no-store"
