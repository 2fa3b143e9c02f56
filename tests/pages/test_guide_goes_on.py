"""The resume code of a guide, on its page and at the counter: it shows the place, and nothing about anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from bot import clock
from bot.accounts import runs, runs_codes
from bot.accounts.guides import guides, links
from bot.channels.headers import SecurityHeaders
from bot.db.engine import Database
from bot.http_json import HttpError, on_http_error
from bot.pages import counter
from bot.pages import guides as pages

GOAL = "vneid_level_2"
GUIDE = guides()[GOAL]
RUN = "a1B2-c3D4_e5"


@pytest.fixture
def client(database: Database) -> Iterator[TestClient]:
    app = Starlette(
        routes=pages.routes,
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={HttpError: on_http_error},
    )
    app.state.database = database
    counter._ticks.clear()
    with TestClient(app) as browser:
        yield browser


def begun(database: Database, number: int) -> str:
    """Begin a run in a chat, and return its code."""
    with database.unit_of_work() as session:
        run = runs.record(session, "web", RUN, GOAL, GUIDE.version, GUIDE.steps[number - 1].id, "shown")
        assert run is not None
        return runs.give_code(session, run)


def test_the_page_shows_the_code_and_the_step(client: TestClient, database: Database) -> None:
    code = begun(database, 4)
    address = links.page(GOAL, 4, code)
    assert address.endswith(f"/huong-dan/{GOAL}?ma={code}#buoc-4")
    answer = client.get(f"/huong-dan/{GOAL}", params={"ma": code})
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    until = clock.to_vietnam(clock.now() + timedelta(days=runs_codes.DAYS))
    assert f"<b>{code}</b>" in answer.text and f"{until:%d/%m/%Y}" in answer.text
    assert '<a href="#buoc-4">bước 4/' in answer.text
    assert RUN not in answer.text, "the run's own key is never shown"


@pytest.mark.parametrize("written", ["", "HD-222222", "HD-7K3M9", "<script>", "'; drop table guide_runs"])
def test_without_a_run_the_page_is_as_always(client: TestClient, database: Database, written: str) -> None:
    begun(database, 2)
    answer = client.get(f"/huong-dan/{GOAL}", params={"ma": written})
    assert answer.status_code == 200 and "Mã làm tiếp" not in answer.text and "no-store" not in str(answer.headers)


def test_a_code_of_another_guide_or_one_that_has_expired_shows_nothing(client: TestClient, database: Database) -> None:
    code = begun(database, 2)
    assert "Mã làm tiếp" not in client.get("/huong-dan/activation", params={"ma": code}).text
    with clock.frozen((clock.now() + timedelta(days=runs_codes.DAYS + 1)).isoformat()):
        assert "Mã làm tiếp" not in client.get(f"/huong-dan/{GOAL}", params={"ma": code}).text


def tick(client: TestClient, number: int) -> None:
    body = {"run": RUN, "step": GUIDE.steps[number - 1].id, "event": "shown"}
    assert client.post(f"/huong-dan/{GOAL}/luot", json=body).status_code == 204


def test_the_counter_gives_a_code_to_go_on_with_at_home(client: TestClient, database: Database) -> None:
    tick(client, 1)
    tick(client, 3)
    given = client.post(f"/huong-dan/{GOAL}/ma", json={"run": RUN})
    assert given.status_code == 200 and given.headers["cache-control"] == "no-store"
    told = given.json()
    assert runs_codes.find(told["code"]) == told["code"] and told["step"] == 3
    assert re.fullmatch(r"\d\d/\d\d/\d{4}", told["until"])
    assert client.post(f"/huong-dan/{GOAL}/ma", json={"run": RUN}).json()["code"] == told["code"], "it stays the same"
    with database.reading() as session:
        run = runs.by_code(session, told["code"])
        assert run is not None and run.conversation_id is None
    assert 'id="later"' in client.get(f"/huong-dan/{GOAL}/tai-quay").text


@pytest.mark.parametrize(
    ("goal", "body", "status"),
    [
        (GOAL, {"run": "nobodys-run-key"}, 404),
        ("activation", {"run": RUN}, 404),
        ("gone", {"run": RUN}, 404),
        (GOAL, {"run": RUN, "name": "An"}, 400),
        (GOAL, {"run": 7}, 400),
        (GOAL, [], 400),
        (GOAL, {"run": "x" * 2000}, 413),
    ],
)
def test_no_run_no_code(client: TestClient, goal: str, body: Any, status: int) -> None:
    tick(client, 1)
    answer = client.post(f"/huong-dan/{goal}/ma", json=body)
    assert answer.status_code == status and "code" in answer.json()["error"]


def test_another_site_gets_no_code(client: TestClient) -> None:
    tick(client, 1)
    answer = client.post(f"/huong-dan/{GOAL}/ma", content='{"run": "x"}', headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415
    assert client.get(f"/huong-dan/{GOAL}/ma").status_code == 405
