"""Sessions of the page: signed by us, so that nobody picks one; old ones live on; a key may change."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from httpx import Response
from starlette.requests import Request
from starlette.testclient import TestClient
from talking import inbox_rows

from bot import clock
from bot.channels.web.sessions import PAGE, SIGNED_SINCE, WIDGET, Door, Sessions
from bot.db import keys
from bot.db.engine import Database

OLD, NEW = b"o" * 32, b"n" * 32


def value_of(cookie: str) -> str:
    return cookie.partition("=")[2].partition(";")[0]


def given(sessions: Sessions, door: Door, session: str, scheme: str = "https") -> str:
    """Return the Set-Cookie of a session."""
    response: Any = SimpleNamespace(headers=[])
    response.headers = SimpleNamespace(append=lambda _name, cookie: setattr(response, "cookie", cookie))
    sessions.give(door, request_with("", door, scheme), response, session)
    cookie: str = response.cookie
    return cookie


def request_with(value: str, door: Door = PAGE, scheme: str = "https") -> Request:
    header = (b"cookie", f"{door.cookie}={value}".encode())
    return Request({"type": "http", "scheme": scheme, "path": "/", "headers": [header], "server": ("example.vn", 443)})


def signed(sessions: Sessions, door: Door, session: str) -> str:
    return value_of(given(sessions, door, session))


SESSION = "s" * 32


def test_what_we_signed_is_read_and_nothing_else() -> None:
    sessions = Sessions([NEW])
    value = signed(sessions, PAGE, SESSION)
    assert sessions.read(PAGE, request_with(value)) == SESSION
    flipped = value[:-2] + ("A" if value[-2] != "A" else "B") + value[-1]
    for forged in (
        SESSION,
        "t" + value[1:],
        flipped,
        value[:-1],
        value + "A",
        value.replace(".", ""),
        "",
        f"{SESSION}.",
    ):
        assert sessions.read(PAGE, request_with(forged)) is None, forged
    assert Sessions([OLD]).read(PAGE, request_with(value)) is None


def test_a_key_changes_without_losing_anybody() -> None:
    before = signed(Sessions([OLD]), PAGE, SESSION)
    both = Sessions([NEW, OLD])
    assert both.read(PAGE, request_with(before)) == SESSION
    after = signed(both, PAGE, SESSION)
    assert after != before and Sessions([NEW]).read(PAGE, request_with(after)) == SESSION


def test_a_session_of_one_door_opens_no_other() -> None:
    sessions = Sessions([NEW])
    assert sessions.read(WIDGET, request_with(signed(sessions, PAGE, SESSION), WIDGET)) is None
    assert sessions.read(PAGE, request_with(signed(sessions, WIDGET, SESSION), PAGE)) is None


@pytest.mark.parametrize(
    ("door", "scheme", "end"),
    [
        (PAGE, "https", "SameSite=Lax; Secure"),
        (PAGE, "http", "SameSite=Lax"),
        (WIDGET, "https", "SameSite=None; Secure; Partitioned"),
        (WIDGET, "http", "SameSite=Lax"),
    ],
)
def test_how_far_a_cookie_goes(door: Door, scheme: str, end: str) -> None:
    cookie = given(Sessions([NEW]), door, SESSION, scheme)
    assert cookie.endswith(end) and "; Path=/; " in cookie and "; HttpOnly; " in cookie


def test_a_tag_tells_conversations_apart_and_nothing_else() -> None:
    sessions, others = Sessions([NEW]), Sessions([OLD])
    tags = {sessions.tag(number) for number in range(100)} | {others.tag(number) for number in range(100)}
    assert len(tags) == 200 and all(len(tag) == 16 for tag in tags)


# --- the keys ---


def test_without_a_setting_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: keys.load(None, database), range(16)))
    assert len(made) == 1 and made == {keys.load("", database)}
    (key,) = made.pop()
    assert len(key) >= keys.LEAST_LETTERS
    assert stat.S_IMODE((tmp_path / keys.FILE).stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir() if ".key" in file.name] == [keys.FILE], "no draft is left"


def test_the_setting_comes_first_and_may_hold_several(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    assert keys.load(f" {'n' * 32} ,{'o' * 32},", database) == (NEW, OLD)
    assert not (tmp_path / keys.FILE).exists(), "none is made that nobody needs"
    (made,) = keys.load(None, database)
    assert keys.load("n" * 32, database) == (NEW, made), "whose session began before the setting is not lost"
    assert keys.load("n" * 32, Database("sqlite://")) == (NEW,)
    assert keys.load(None, Database("sqlite://")) != keys.load(None, Database("sqlite://"))


def test_a_bad_key_is_one_sentence_without_the_key(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(keys.KeyProblem) as raised:
        keys.load("hunter2", database)
    assert "hunter2" not in str(raised.value) and "MOTCUA_SECRET_KEY" in str(raised.value)
    (tmp_path / keys.FILE).write_text("cut o")
    with pytest.raises(keys.KeyProblem, match="hỏng"):
        keys.load(None, database)
    (tmp_path / keys.FILE).unlink()
    (tmp_path / keys.FILE).mkdir()
    with pytest.raises(keys.KeyProblem, match="MOTCUA_SECRET_KEY"):
        keys.load(None, database)


# --- through the page ---


def post(client: TestClient, text: str = "xin chào", message_id: str = "m1") -> Response:
    return client.post("/web/messages", json={"text": text, "message_id": message_id})


def history(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/web/messages").json()
    return found


def come_with(client: TestClient, value: str) -> None:
    client.cookies.clear()
    client.cookies.set(PAGE.cookie, value)


@pytest.mark.parametrize("change", ["another session", "another signature", "no signature", "a new one"])
def test_a_forged_cookie_gets_a_new_session(client: TestClient, furnished: Database, change: str) -> None:
    client.get("/")
    assert post(client).status_code == 200
    value = client.cookies[PAGE.cookie]
    session, _, signature = value.partition(".")
    # "no signature": the session of a conversation that began after cookies were signed
    forged = {
        "another session": f"{'x' * 32}.{signature}",
        "another signature": f"{session}.{signature[::-1]}",
        "no signature": session,
        "a new one": "x" * 32,
    }[change]
    if change == "no signature":
        age(furnished, SIGNED_SINCE)
    come_with(client, forged)
    assert post(client, "gặp nhân viên", "m2").status_code == 401
    assert history(client) == {"session": False, "conversation": None, "messages": []}
    assert client.get("/web/events").status_code == 401
    come_with(client, value_of(client.get("/").headers["set-cookie"]))
    assert client.cookies[PAGE.cookie] not in (value, forged)
    assert history(client) == {"session": True, "conversation": None, "messages": []}
    assert len(inbox_rows(furnished)) == 1
    come_with(client, value)
    assert len(history(client)["messages"]) >= 2, "the true owner has lost nothing"


def age(database: Database, began: Any) -> None:
    """Let everybody have written for the first time at this moment."""
    from bot.conversation.models import Address

    with database.unit_of_work() as session:
        for row in session.query(Address).all():
            row.created_at = began


@pytest.mark.parametrize("by", ["the page", "its poll"])
def test_an_old_unsigned_cookie_lives_on_signed(client: TestClient, furnished: Database, by: str) -> None:
    client.get("/")
    post(client)
    before = history(client)["messages"]
    age(furnished, SIGNED_SINCE - timedelta(days=20))
    session = client.cookies[PAGE.cookie].partition(".")[0]
    client.cookies.clear()
    response = client.get("/" if by == "the page" else "/web/messages", headers={"cookie": f"{PAGE.cookie}={session}"})
    signed_now = value_of(response.headers["set-cookie"])
    assert signed_now.startswith(f"{session}.")
    come_with(client, signed_now)
    assert history(client)["messages"] == before
    assert "set-cookie" not in client.get("/web/messages").headers, "once is enough"
    assert post(client, message_id="m2").status_code == 200


def test_an_old_cookie_without_a_conversation_is_nobody(client: TestClient) -> None:
    with clock.frozen("2026-11-01T09:00:00+07:00"):
        come_with(client, "x" * 32)
        assert post(client).status_code == 401
        assert not history(client)["session"]
