"""Signing in at the desk, as a browser does it."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from .conftest import code_of, csrf_in, secret_in

pytestmark = pytest.mark.parametrize("furnished_database", ["sqlite"], indirect=True)


@pytest.fixture
def browser_client(app: object) -> TestClient:
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)  # type: ignore[arg-type]


def test_the_whole_way_in_and_out(browser_client: TestClient, staff: dict[str, str]) -> None:
    client = browser_client
    turned_away = client.get("/desk/chats")
    assert (turned_away.status_code, turned_away.headers["location"]) == (303, "/desk/sign-in?next=/desk/chats")
    wrong = client.post("/desk/sign-in", data={"username": "agent", "password": "x"})
    assert wrong.status_code == 403 and "chưa đúng" in wrong.text and "mc_desk" not in wrong.cookies

    given = {"username": "agent", "password": staff["agent"], "next": "/desk/chats"}
    half = client.post("/desk/sign-in", data=given)
    assert half.headers["location"] == "/desk/second-factor?next=/desk/chats"
    cookie = half.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "path=/desk" in cookie
    assert client.get("/desk/chats").headers["location"].startswith("/desk/second-factor"), "half is not in"

    page = client.get("/desk/second-factor?next=/desk/chats").text
    secret, csrf = secret_in(page), csrf_in(page)
    refused = client.post("/desk/second-factor", data={"csrf": csrf, "code": "12"})
    assert refused.status_code == 403 and "Mã chưa đúng" in refused.text
    inside = client.post("/desk/second-factor", data={"csrf": csrf, "code": code_of(secret), "next": "/desk/chats"})
    assert inside.headers["location"] == "/desk/chats"
    desk = client.get("/desk/chats")
    assert desk.status_code == 200 and desk.headers["cache-control"] == "no-store"

    out = client.post("/desk/sign-out", data={"csrf": csrf_in(desk.text)})
    assert out.headers["location"] == "/desk/sign-in"
    assert client.get("/desk/chats").status_code == 303


@pytest.mark.parametrize("leads", ["https://evil.example/", "//evil.example", "/desk/\\evil", "/thu-tuc"])
def test_nobody_is_led_elsewhere(browser_client: TestClient, staff: dict[str, str], leads: str) -> None:
    given = {"username": "agent", "password": staff["agent"], "next": leads}
    assert browser_client.post("/desk/sign-in", data=given).headers["location"] == "/desk/second-factor?next=/desk/"


def test_a_script_is_told_and_keeps_what_was_written(browser_client: TestClient) -> None:
    answer = browser_client.post("/desk/chats/1/do", data={"do": "reply"}, headers={"x-requested-with": "desk"})
    assert answer.status_code == 401 and "chữ đang gõ vẫn còn" in answer.json()["error"]["message"]


def test_broken_forms_are_refused(browser_client: TestClient) -> None:
    for body, status in ((b"\xff=%", 400), (b"a" * 300_000, 413)):
        assert browser_client.post("/desk/sign-in", content=body).status_code == status
