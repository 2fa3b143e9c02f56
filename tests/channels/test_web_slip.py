"""A photo of the slip over the page's own call: it becomes a message like any other, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import io
import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import segno
from contract import check_error
from httpx import Response
from starlette.testclient import TestClient
from talking import inbox_rows

from bot.channels.web import photos
from bot.channels.web.sessions import PAGE
from bot.db.engine import Database
from bot.dossiers import slip_photo
from bot.dossiers.slip_photo import Problem, SlipReading
from bot.http_json import HttpError

URL = "/web/slip"
CODE, DIGITS = "H36.12-261118-0033", "4567"


def slip(content: str = f"https://example.org/tra-cuu?ma={CODE}") -> bytes:
    buffer = io.BytesIO()
    segno.make_qr(content).save(buffer, kind="png", scale=4)
    return buffer.getvalue()


@pytest.fixture
def visitor(client: TestClient) -> TestClient:
    """A visitor who has opened the page."""
    assert client.get("/").status_code == 200
    return client


def send(client: TestClient, image: Any, message_id: str | None = "p1", kind: str = "image/png") -> Response:
    where = {} if message_id is None else {"message_id": message_id}
    return client.post(URL, params=where, content=image, headers={"content-type": kind})


def say(client: TestClient, text: str, message_id: str) -> list[dict[str, Any]]:
    return messages(client.post("/web/messages", json={"text": text, "message_id": message_id}))


def messages(response: Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["messages"]
    return found


def test_the_photo_stands_for_the_code(
    visitor: TestClient, furnished: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        own, proof = messages(send(visitor, slip()))
    assert (own["from"], own["text"], own["seq"]) == ("citizen", slip_photo.SAID, 1)
    assert (proof["custom"]["kind"], proof["custom"]["code"]) == ("dossier_proof", CODE)
    status = say(visitor, DIGITS, "m2")[1]
    assert (status["custom"]["kind"], status["custom"]["code"]) == ("dossier_status", CODE)
    assert messages(visitor.get("/web/messages"))[:2] == [own, proof]
    assert [row.text for row in inbox_rows(furnished)] == [slip_photo.SAID, "••••"], "the factor is masked"
    assert CODE not in caplog.text


def test_the_same_photo_again_has_one_effect(visitor: TestClient, furnished: Database) -> None:
    first = messages(send(visitor, slip()))
    assert messages(send(visitor, slip())) == first
    assert messages(send(visitor, b"cut off on its way")) == first, "the message id decides"
    assert len(inbox_rows(furnished)) == 1


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (b"", "chưa mở được"),
        (b"<svg/>", "chưa mở được"),
        (slip("EB125966888VN"), "mã bưu gửi"),
        (slip("H36.12-241332-0001"), "chưa đọc được"),
    ],
)
def test_a_photo_without_the_code_is_helped_on(visitor: TestClient, image: bytes, words: str) -> None:
    own, help_ = messages(send(visitor, image))
    assert own["text"] == slip_photo.SAID
    assert help_["custom"]["kind"] == "dossier_question" and help_["custom"]["slot"] == "code"
    assert words in help_["text"]
    assert say(visitor, CODE, "m2")[1]["custom"]["kind"] == "dossier_proof", "typing goes on from there"


def test_a_photo_answers_the_question_for_the_code(visitor: TestClient) -> None:
    assert say(visitor, "hồ sơ tới đâu rồi", "m1")[1]["custom"]["kind"] == "dossier_question"
    assert messages(send(visitor, b"x", "p1"))[1]["custom"]["kind"] == "dossier_question"
    assert messages(send(visitor, slip(), "p2"))[1]["custom"]["kind"] == "dossier_proof"


@pytest.mark.parametrize("text", [f"slip:{CODE}", "slip:h36.12 - 261118 - 0033"])
def test_typed_by_hand_it_is_worth_the_code(visitor: TestClient, text: str) -> None:
    assert say(visitor, text, "m1")[1]["custom"] == say(visitor, CODE, "m2")[1]["custom"]


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data", "ximage/png", ""])
def test_a_form_of_another_site_cannot_send_a_photo(visitor: TestClient, furnished: Database, kind: str) -> None:
    response = send(visitor, slip(), kind=kind)
    assert response.status_code == 415 and response.json()["error"]["code"] == "wrong_type"
    assert inbox_rows(furnished) == []


def in_pieces(total: int) -> Iterator[bytes]:
    for _ in range(total // 65_536 + 1):
        yield bytes(65_536)


def test_a_photo_too_large_is_refused(visitor: TestClient, furnished: Database) -> None:
    for body in (bytes(slip_photo.LARGEST_BYTES + 1), in_pieces(slip_photo.LARGEST_BYTES)):
        response = send(visitor, body)
        assert response.status_code == 413 and response.json()["error"]["message"].startswith("Dạ, ")
    assert inbox_rows(furnished) == []


@pytest.mark.parametrize("message_id", [None, "", "m" * 129])
def test_a_photo_needs_a_message_id(visitor: TestClient, furnished: Database, message_id: str | None) -> None:
    response = send(visitor, b"x", message_id)
    check_error(response.status_code, response.json())
    assert response.status_code == 400 and inbox_rows(furnished) == []


def test_without_a_session_nothing_is_taken(client: TestClient, furnished: Database) -> None:
    assert send(client, slip()).status_code == 401 and inbox_rows(furnished) == []


def test_a_visitor_may_send_ten_photos_in_ten_minutes(visitor: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr(photos.time, "monotonic", lambda: now)
    for number in range(photos.MOST_PER_VISITOR):
        assert send(visitor, b"x", f"p{number}").status_code == 200
    response = send(visitor, b"x", "one more")
    assert response.status_code == 429 and "10 phút" in response.json()["error"]["message"]
    assert say(visitor, "xin chào", "m1"), "typing goes on"
    first = visitor.cookies[PAGE.cookie]
    visitor.cookies.clear()
    visitor.get("/")
    assert send(visitor, b"x", "p1").status_code == 200, "another visitor"
    visitor.cookies.clear()
    visitor.cookies.set(PAGE.cookie, first)
    assert send(visitor, b"x", "still").status_code == 429
    now += photos.WITHIN_SECONDS + 1
    assert send(visitor, b"x", "later").status_code == 200


def test_who_sent_photos_is_not_remembered_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MOST_VISITORS", 3)
    desk = photos.PhotoDesk()
    for visitor in ("a", "b", "a", "c", "d"):
        desk.count(visitor)
    assert list(desk._sent) == ["a", "c", "d"]


def test_two_photos_are_read_at_once_and_few_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()

    def slowly(_image: bytes) -> SlipReading:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return SlipReading(problem=Problem.NO_CODE)

    monkeypatch.setattr(slip_photo, "read", slowly)
    desk = photos.PhotoDesk()

    async def crowd() -> list[Any]:
        many = (desk.read(b"") for _ in range(photos.MOST_WAITING + 3))
        return await asyncio.gather(*many, return_exceptions=True)

    for _ in range(2):  # the second time: every place was given back
        came = asyncio.run(crowd())
        refused = [one for one in came if isinstance(one, HttpError)]
        assert {one.status for one in refused} == {503} and len(refused) == 3
        assert len(came) - len(refused) == photos.MOST_WAITING
    assert most == photos.AT_ONCE
