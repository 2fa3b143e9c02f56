"""What the post, the speech service and the hosts of pictures answer: a value in its bounds, or the known error."""

from __future__ import annotations

import asyncio
import io
import json
import urllib.error
import urllib.request
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import outgoing, speech
from bot.channels import media
from bot.conversation.media import MediaError
from bot.pickups.post.http_system import HttpSystem
from bot.pickups.post.reports import MAX_EVENT_ID, MAX_NOTE
from bot.pickups.post.system import Order, PostAwayError, PostRefusedError
from fuzz.strategies import HUGE, any_json, any_text, damaged, damaged_bytes, dumped, few, nested_json

EVENT = {"event_id": "e-1", "state": "confirmed", "at": "2026-11-24T09:00:00+07:00", "tracking": "EB125966888VN"}
ANSWER = {"order": "VN-4711", "tracking": "EB125966888VN", "events": [EVENT, EVENT]}
ORDER = Order("k", "MC-1234566", "deliver", "province", "Người Nhận", "0900001234", "số 1", "cash")
json_bytes = any_json.map(dumped) | st.binary(max_size=40) | st.just(nested_json(3_000))


class Answer(io.BytesIO):
    """An open answer, as urllib gives it."""


@few()
@given(damaged(ANSWER).map(dumped) | damaged_bytes(dumped(ANSWER)) | json_bytes)
def test_an_answer_of_the_post_is_read_or_the_post_is_away(body: bytes) -> None:
    system = HttpSystem("https://post.example")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outgoing, "call", lambda _request, _timeout: Answer(body))
        for work in (lambda: system.place(ORDER), lambda: system.events("k"), lambda: system.cancel("k")):
            try:
                found: Any = work()
            except PostAwayError as error:
                assert len(str(error)) < 40
                continue
            for report in found if isinstance(found, list) else []:
                assert len(report.event_id) <= MAX_EVENT_ID and len(report.note or "") <= MAX_NOTE


@few()
@given(damaged({"error": {"code": "no_such_office"}}).map(dumped) | json_bytes, st.sampled_from([400, 404, 422, 503]))
def test_a_refusal_of_the_post_is_a_short_word(body: bytes, status: int) -> None:
    refusal = urllib.error.HTTPError("https://post.example", status, "", {}, Answer(body))  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outgoing, "call", lambda *_: (_ for _ in ()).throw(refusal))
        try:
            HttpSystem("https://post.example").place(ORDER)
        except PostRefusedError as error:
            assert len(error.reason) <= 40 and error.reason.isascii()
        except PostAwayError as error:
            assert len(str(error)) < 40


@few()
@example(b'{"text": null}')
@given(damaged({"text": "xin chào"}).map(dumped) | json_bytes)
def test_what_the_speech_service_heard_is_a_text(body: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outgoing, "call", lambda _request, _timeout: Answer(body))
        try:
            heard = speech.service("https://speech.example", None)(b"sound")
        except OSError as error:
            assert len(str(error)) < 80
        else:
            assert isinstance(heard, str) and heard == heard.strip() and isinstance(json.loads(body)["text"], str)


@few()
@given(st.integers(100, 599), st.dictionaries(st.sampled_from(["content-length", "content-encoding"]), any_text))
def test_the_head_of_a_file_lets_it_pass_or_is_a_media_error(status: int, headers: dict[str, str]) -> None:
    raw = [(name.encode(), value.encode("utf-8", "ignore")) for name, value in headers.items()]
    try:
        media._check(httpx.Response(status, headers=raw), HUGE)
    except MediaError as error:
        assert len(error.reason) < 20


def test_an_answer_that_is_no_http_is_an_os_error() -> None:
    async def serve(body: bytes) -> str:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(body)
            writer.close()

        async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            asked = urllib.request.Request(f"http://127.0.0.1:{port}/")
            try:
                with await asyncio.to_thread(outgoing.call, asked, 5) as answer:
                    return str(answer.status)
            except OSError as error:
                return type(error).__name__

    for body in (
        b"",
        b"hello\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://[x\r\n\r\n",
        b"HTTP/1.1 9999 \r\n\r\n",
    ):
        assert asyncio.run(serve(body))
