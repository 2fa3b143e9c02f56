"""The pages of the guides: list, one guide whole, its sketches and PDF, and the counter page with its reports."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from bot.accounts.guides import guides
from bot.accounts.models import GuideRun, GuideRunStep
from bot.accounts.wording import SCAM, doubt
from bot.channels.headers import HEADERS, SecurityHeaders
from bot.db.engine import Database
from bot.http_json import HttpError, on_http_error
from bot.pages import counter
from bot.pages import guides as pages

GOAL = "vneid_level_2"
RUN = "a1B2-c3D4_e5"


def application() -> Starlette:
    return Starlette(
        routes=pages.routes,
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={HttpError: on_http_error},
    )


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A client of the pages: they need no database."""
    with TestClient(application()) as browser:
        yield browser


@pytest.fixture
def counting(database: Database) -> Iterator[TestClient]:
    """A client whose reports are written down."""
    app = application()
    app.state.database = database
    counter._ticks.clear()
    with TestClient(app) as browser:
        yield browser


def test_the_list_names_every_guide(client: TestClient) -> None:
    page = client.get("/huong-dan")
    assert page.status_code == 200
    assert {goal for goal in re.findall(r'href="/huong-dan/(\w+)"', page.text)} == set(guides())


def test_helpers_at_a_counter_have_a_list_of_their_own(client: TestClient) -> None:
    page = client.get("/tai-quay")
    assert page.status_code == 200
    assert {goal for goal in re.findall(r'href="/huong-dan/(\w+)/tai-quay"', page.text)} == set(guides())


@pytest.mark.parametrize("goal", list(guides()))
def test_a_guide_stands_whole_on_its_page(client: TestClient, goal: str) -> None:
    guide = guides()[goal]
    page = client.get(f"/huong-dan/{goal}")
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
    assert " style=" not in page.text and "<script>" not in page.text and "onclick" not in page.text
    assert re.findall(r'id="buoc-(\d+)"', page.text) == [str(n) for n in range(1, len(guide.steps) + 1)]
    assert len(re.findall(r'<img src="/huong-dan/[^"]+" alt="[^"]{10,}" width="316" height="\d+"', page.text)) == len(
        guide.steps
    )
    for text in ("Giữ an toàn", f"/huong-dan/{goal}.pdf", "giao diện có thể khác", 'id="print"'):
        assert text in page.text


@pytest.mark.parametrize("goal", list(guides()))
def test_what_is_said_everywhere_is_read_nowhere(client: TestClient, goal: str) -> None:
    """The scam rule at most twice, the source once, and no fingerprint of the text."""
    text = client.get(f"/huong-dan/{goal}").text
    assert 1 <= text.count(SCAM) <= 2
    assert text.count("Nguồn:") == 1 and all(step.as_of in text for step in guides()[goal].steps)
    assert guides()[goal].version not in re.sub(r'src="[^"]+"', "", text)
    for step in guides()[goal].steps:
        assert bool(doubt(step.tag)) is (step.tag in "CX")
    assert text.count("có thể hơi khác") == sum(step.tag in "CX" for step in guides()[goal].steps)


def test_an_unknown_guide_or_step_is_said_in_vietnamese(client: TestClient) -> None:
    for address in ("/huong-dan/gone", "/huong-dan/gone/tai-quay", "/huong-dan/%3Cscript%3E"):
        page = client.get(address)
        assert page.status_code == 404 and "Không thấy hướng dẫn" in page.text and "<script>" not in page.text
    for address in ("/huong-dan/gone.pdf", f"/huong-dan/{GOAL}/gone.png", f"/huong-dan/{GOAL}/prepare.exe"):
        answer = client.get(address)
        assert answer.status_code == 404 and answer.json()["error"]["code"] == "not_found"
    assert client.post("/huong-dan/gone/luot", json={}).status_code == 404


@pytest.mark.parametrize(("form", "kind", "begins"), [("png", "image/png", b"\x89PNG"), ("svg", "image/svg", b"<svg")])
def test_a_sketch_is_served_and_kept(client: TestClient, form: str, kind: str, begins: bytes) -> None:
    step = guides()[GOAL].steps[1].id
    answer = client.get(f"/huong-dan/{GOAL}/{step}.{form}")
    assert answer.status_code == 200 and answer.content.startswith(begins)
    assert answer.headers["content-type"].startswith(kind) and "max-age" in answer.headers["cache-control"]
    again = client.get(f"/huong-dan/{GOAL}/{step}.{form}", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304 and again.content == b""


def test_the_print_is_served(client: TestClient) -> None:
    answer = client.get(f"/huong-dan/{GOAL}.pdf")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF") and 'filename="huong-dan-' in answer.headers["content-disposition"]


def test_the_counter_page_has_a_tick_for_every_step(client: TestClient) -> None:
    page = client.get(f"/huong-dan/{GOAL}/tai-quay").text
    assert re.findall(r'data-step="(\w+)"', page) == [step.id for step in guides()[GOAL].steps]
    assert page.count("data-tick") == len(guides()[GOAL].steps)
    assert f'data-address="/huong-dan/{GOAL}/luot"' in page and "<noscript>" in page
    assert re.findall(r"<input(?![^>]*checkbox)|<textarea|<form", page) == [], "nothing personal can be typed"


def tick(counting: TestClient, **change: Any) -> int:
    body = {"run": RUN, "step": guides()[GOAL].steps[0].id, "event": "shown", **change}
    return int(counting.post(f"/huong-dan/{GOAL}/luot", json=body).status_code)


def test_ticks_are_written_down(counting: TestClient, database: Database) -> None:
    first, second = (step.id for step in guides()[GOAL].steps[:2])
    for step, event in ((first, "shown"), (first, "done"), (second, "shown"), (second, "stuck")):
        assert tick(counting, step=step, event=event) == 204
    with database.reading() as session:
        (run,) = session.execute(select(GuideRun)).scalars()
        assert (run.goal, run.channel, run.version, run.step_id) == (GOAL, "counter", guides()[GOAL].version, second)
        assert run.conversation_id is None
        assert set(session.execute(select(GuideRunStep.step_id)).scalars()) == {first, second}


def test_a_step_that_is_gone_is_no_fault(counting: TestClient) -> None:
    assert tick(counting, step="gone") == 204


@pytest.mark.parametrize(
    "change",
    [
        {"event": "left"},
        {"event": 1},
        {"run": "short"},
        {"run": "x" * 41},
        {"run": "a b c d e f"},
        {"name": "An"},
        {"step": None},
    ],
)
def test_a_report_that_does_not_fit_is_refused(
    counting: TestClient, database: Database, change: dict[str, Any]
) -> None:
    assert tick(counting, **change) == 400
    with database.reading() as session:
        assert session.execute(select(GuideRun)).first() is None


def test_another_site_cannot_report(counting: TestClient) -> None:
    body = json.dumps({"run": RUN, "step": "prepare", "event": "shown"})
    answer = counting.post(f"/huong-dan/{GOAL}/luot", content=body, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415
    assert counting.post(f"/huong-dan/{GOAL}/luot", json={"run": "x" * 2000}).status_code == 413
    assert counting.get(f"/huong-dan/{GOAL}/luot").status_code == 405


def test_more_reports_than_all_counters_could_make_are_refused(
    counting: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter, "MOST", 3)
    monkeypatch.setattr(counter, "_ticks", counter.deque(maxlen=3))
    assert [tick(counting) for _ in range(4)] == [204, 204, 204, 503]
