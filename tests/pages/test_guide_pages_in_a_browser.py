"""The guide pages in a real browser: at 320 px, in the dark, by keyboard; the sketch in the chat."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bot.accounts.guides import guides
from bot.channels.headers import SecurityHeaders
from bot.channels.web import routes as web
from bot.db.engine import Database
from bot.pages import guides as guide_pages
from bot.pages import procedures as procedure_pages
from bot.tables import metadata

GOAL = "vneid_level_2"
STEPS = [step.id for step in guides()[GOAL].steps]


@pytest.fixture(scope="module")
def pages_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with nothing but pages: they need neither the model nor a conversation."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('pages') / 'pages.db'}")
    metadata.create_all(database.engine)
    static = StaticFiles(directory=Path(web.__file__).parent / "static")
    app = Starlette(
        routes=[*guide_pages.routes, *procedure_pages.routes, Mount("/static/web", static)],
        middleware=[Middleware(SecurityHeaders)],
    )
    app.state.database = database
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
    database.dispose()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "address", ["/huong-dan", f"/huong-dan/{GOAL}", f"/huong-dan/{GOAL}/tai-quay", "/huong-dan/gone"]
)
def test_the_pages_are_readable_on_a_small_phone(page: Page, pages_url: str, address: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(pages_url + address)
        assert fits(page)
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []


def test_a_step_has_its_address(page: Page, pages_url: str) -> None:
    page.goto(f"{pages_url}/huong-dan/{GOAL}#buoc-3")
    expect(page.locator("#buoc-3 h2")).to_be_in_viewport()
    expect(page.get_by_role("button", name="In trang này")).to_be_visible()
    image = page.locator("#buoc-3 img")
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.naturalWidth") == 632


def test_the_counter_goes_by_keyboard_and_reports_each_tick(page: Page, pages_url: str) -> None:
    sent: list[dict[str, str]] = []
    page.on(
        "request",
        lambda request: sent.append(json.loads(request.post_data or "{}")) if request.method == "POST" else None,
    )
    page.goto(f"{pages_url}/huong-dan/{GOAL}/tai-quay")
    first, second = (page.locator(f'[data-step="{step}"]') for step in STEPS[:2])
    expect(first).to_be_visible()
    page.keyboard.press("x")
    expect(first.get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("ArrowRight")
    expect(second).to_be_visible()
    expect(first).to_be_hidden()
    expect(second.get_by_role("heading")).to_be_focused()
    expect(page.locator("#this-step")).to_have_text("0:01", timeout=5_000)
    page.keyboard.press("v")
    page.keyboard.press("ArrowLeft")
    expect(first).to_be_visible()
    expect(page.locator("#progress")).to_have_js_property("value", 1)
    for _ in STEPS:
        page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Thời gian từng bước")).to_be_visible()
    for _ in range(100):  # the last reports are on their way when the page has already gone on
        if len(sent) >= 4 + len(STEPS[2:]):
            break
        page.wait_for_timeout(50)
    assert len({report["run"] for report in sent}) == 1
    told = [(report["step"], report["event"]) for report in sent]
    assert told[:4] == [(STEPS[0], "shown"), (STEPS[0], "done"), (STEPS[1], "shown"), (STEPS[1], "stuck")]
    assert sorted(told[4:]) == sorted((step, "shown") for step in STEPS[2:])
    page.get_by_role("button", name="Người tiếp theo").click()
    expect(first).to_be_visible()
    expect(first.get_by_role("checkbox")).not_to_be_checked()
    expect(page.locator("#total")).to_have_text("0:00")


def test_without_a_network_reports_wait_and_the_work_goes_on(page: Page, pages_url: str) -> None:
    page.add_init_script(
        "const late = window.setTimeout; window.setTimeout = (act, ms) => late(act, Math.min(ms, 300));"
    )
    page.goto(f"{pages_url}/huong-dan/{GOAL}/tai-quay")
    page.context.set_offline(True)
    page.keyboard.press("x")
    page.keyboard.press("ArrowRight")
    expect(page.locator(f'[data-step="{STEPS[1]}"]')).to_be_visible()
    with page.expect_response(lambda answer: answer.url.endswith("/luot") and answer.status == 204):
        page.context.set_offline(False)


def test_the_chat_shows_the_sketch_with_its_sentence(page: Page, server_url: str) -> None:
    page.goto(server_url)
    page.get_by_role("textbox").fill("hướng dẫn em làm vneid mức 2")
    page.get_by_role("textbox").press("Enter")
    message = page.locator('[data-kind="account_guide"]').last
    image = message.locator(".sketch img")
    expect(image).to_be_visible(timeout=20_000)
    step = guides()[GOAL].steps[0]
    expect(image).to_have_attribute("alt", step.screen.alt)
    expect(image).to_have_js_property("naturalWidth", 632)
    expect(message.get_by_role("link", name="Xem cả hướng dẫn, chữ lớn")).to_have_attribute(
        "href", f"/huong-dan/{GOAL}#buoc-1"
    )
    expect(message.locator("ul + .sketch")).to_be_visible()
    expect(message.locator(".card-title")).to_have_text(step.title)
    text = message.inner_text()
    assert "●" not in text and f"Bước 1/{len(STEPS)}" in text and step.do[0] in text
