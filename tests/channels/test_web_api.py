"""The page's own calls: who somebody is, a cookie says; what is posted is checked like everywhere."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from contract import check_error
from httpx import Response
from starlette.testclient import TestClient
from talking import inbox_rows, tickets

from bot.channels.web.sessions import PAGE
from bot.db.engine import Database

URL, END = "/web/messages", "/web/end"


@pytest.fixture
def visitor(client: TestClient) -> TestClient:
    """A visitor who has opened the page."""
    assert client.get("/").status_code == 200
    return client


def post(client: TestClient, **body: Any) -> Response:
    return client.post(
        URL, content=json.dumps({"message_id": "m1"} | body).encode(), headers={"content-type": "application/json"}
    )


def messages(response: Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["messages"]
    return found


def test_the_page_gives_a_session_that_scripts_cannot_read(client: TestClient) -> None:
    response = client.get("/")
    cookie = response.headers["set-cookie"]
    assert cookie.startswith(f"{PAGE.cookie}=") and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}\.[A-Za-z0-9_-]{43}", client.cookies[PAGE.cookie])
    assert "private" in response.headers["cache-control"], "no proxy keeps the cookie for others"
    assert "default-src 'self'" in response.headers["content-security-policy"]
    assert "unsafe" not in response.headers["content-security-policy"]


def test_every_visit_keeps_the_session_for_thirty_days_more(visitor: TestClient) -> None:
    before = visitor.cookies[PAGE.cookie]
    again = visitor.get("/").headers["set-cookie"]
    assert again.startswith(f"{PAGE.cookie}={before};") and f"; Max-Age={30 * 24 * 3600};" in again
    assert "HttpOnly" in again and "SameSite=Lax" in again


def test_the_end_gives_another_session_with_nothing_in_it(visitor: TestClient) -> None:
    messages(post(visitor, text="xin chào"))
    before = visitor.cookies[PAGE.cookie]
    response = visitor.post(END, content=b"{}", headers={"content-type": "application/json"})
    assert messages(response) == []
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert visitor.cookies[PAGE.cookie] != before
    assert messages(visitor.get(URL)) == []
    assert messages(post(visitor, text="xin chào"))[0]["seq"] == 1, "the same message_id is a new message there"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_site_cannot_end_a_session(visitor: TestClient, kind: str) -> None:
    response = visitor.post(END, content=b"", headers={"content-type": kind})
    assert response.status_code == 415 and "set-cookie" not in response.headers
    assert visitor.get(END).status_code == 405


def test_a_message_comes_back_with_its_replies(visitor: TestClient) -> None:
    own, *replies = messages(post(visitor, text="xin chào"))
    assert (own["from"], own["text"]) == ("citizen", "xin chào")
    assert replies and {reply["from"] for reply in replies} == {"bot"}
    assert [m["seq"] for m in (own, *replies)] == list(range(1, 2 + len(replies)))
    assert messages(visitor.get(URL)) == [own, *replies]
    assert messages(visitor.get(f"{URL}?after={own['seq']}")) == replies
    assert messages(visitor.get(f"{URL}?after={replies[-1]['seq']}")) == []


def test_the_same_message_again_has_one_effect(visitor: TestClient, furnished: Database) -> None:
    first = messages(post(visitor, text="gặp nhân viên"))
    assert messages(post(visitor, text="gặp nhân viên")) == first
    assert tickets(furnished) == 1 and len(inbox_rows(furnished)) == 1


def test_a_button_is_pressed(visitor: TestClient) -> None:
    payload = messages(post(visitor, text="xin chào"))[1]["buttons"][0]["payload"]
    own, *replies = messages(post(visitor, message_id="m2", button=payload))
    assert own["text"] and not own["text"].startswith("btn:")
    assert replies[0]["custom"]["kind"] != "fallback"


def test_visitors_do_not_see_each_other(visitor: TestClient) -> None:
    messages(post(visitor, text="xin chào"))
    visitor.cookies.clear()
    visitor.get("/")
    assert messages(visitor.get(URL)) == []


@pytest.mark.parametrize(
    "cookie", [None, "", "short", "x" * 200, "x" * 31, "x" * 33, "x" * 31 + ".", "web:" + "x" * 28]
)
def test_without_a_session_nothing_is_taken(client: TestClient, furnished: Database, cookie: str | None) -> None:
    headers = {"content-type": "application/json"}
    if cookie is not None:
        headers["cookie"] = f"{PAGE.cookie}={cookie}"
    response = client.post(URL, content=b'{"message_id": "m1", "text": "xin"}', headers=headers)
    assert response.status_code == 401 and set(response.json()["error"]) == {"code", "message"}
    assert client.get(URL, headers=headers).json() == {"session": False, "conversation": None, "messages": []}
    assert inbox_rows(furnished) == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_form_of_another_site_cannot_speak_for_the_visitor(
    visitor: TestClient, furnished: Database, kind: str
) -> None:
    response = visitor.post(URL, content=b'{"message_id": "m1", "text": "xin"}', headers={"content-type": kind})
    assert response.status_code == 415 and response.json()["error"]["code"]
    assert inbox_rows(furnished) == []


@pytest.mark.parametrize(
    "body",
    [
        {}, {"text": 1}, {"text": None}, {"text": ""}, {"text": " \u200b"}, {"text": "a" * 4_001}, {"text": ["xin"]},
        {"text": "xin", "message_id": 5}, {"text": "xin", "message_id": None}, {"text": "xin", "message_id": ""},
        {"text": "xin", "message_id": "m" * 129}, {"button": "xin chào"}, {"button": "/restart"}, {"button": 5},
        {"button": ""}, {"text": "a" * 70_000}, {"text": "\ud800 xin"},
    ],
    ids=lambda body: ascii(body)[:40],
)  # fmt: skip
def test_a_wrong_message_is_a_clear_error(visitor: TestClient, furnished: Database, body: dict[str, Any]) -> None:
    response = post(visitor, **body)
    check_error(response.status_code, response.json())
    assert inbox_rows(furnished) == []


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"12", b"\xff", b"[" * 20_000])
def test_a_wrong_body_is_a_clear_error(visitor: TestClient, raw: bytes) -> None:
    response = visitor.post(URL, content=raw, headers={"content-type": "application/json"})
    check_error(response.status_code, response.json())


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 30, "²", "٣", "", "1 OR 1=1", "null"])
def test_a_wrong_number_is_a_clear_error_or_is_read(visitor: TestClient, after: str) -> None:
    response = visitor.get(URL, params={"after": after})
    assert response.status_code in (200, 400), response.text


@pytest.mark.parametrize("text", ["\x00xin\x00", "😀", "/restart", "btn:9.9", "\u202eabc", "<b>x</b>"])
def test_an_odd_text_is_answered(visitor: TestClient, text: str) -> None:
    assert len(messages(post(visitor, text=text))) >= 2


@pytest.mark.parametrize("path", ["/static/web/../routes.py", "/static/web/%2e%2e/routes.py", "/static/web/x.js"])
def test_no_file_outside_of_the_page_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
