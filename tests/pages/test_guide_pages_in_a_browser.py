"""The guide pages in a real browser: at 320 px, in the dark, by keyboard; the sketch in the chat."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bot.accounts.guides import guides
from bot.app import not_found
from bot.channels.headers import SecurityHeaders
from bot.channels.web import routes as web
from bot.db.engine import Database
from bot.pages import finding
from bot.pages import guides as guide_pages
from bot.pages import procedures as procedure_pages
from bot.pages.faults import readable

GOAL = "vneid_level_2"
STEPS = [step.id for step in guides()[GOAL].steps]


@pytest.fixture(scope="module")
def pages_url(catalogue_database: Database) -> Iterator[str]:
    """The address of a server with nothing but pages: they need neither the model nor a conversation."""
    static = StaticFiles(directory=Path(web.__file__).parent / "static")
    app = Starlette(
        routes=[*guide_pages.routes, *finding.routes, *procedure_pages.routes, Mount("/static/web", static)],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={404: readable(not_found)},
    )
    app.state.database = catalogue_database
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "address",
    [
        "/huong-dan", f"/huong-dan/{GOAL}", f"/huong-dan/{GOAL}/tai-quay", "/huong-dan/gone", "/tai-quay", "/thu-tuc",
        "/thu-tuc?q=khai+sinh", "/thu-tuc?q=xyzqw", "/thu-tuc/1.001193", "/thu-tuc/1.000031", "/thu-tuc/gone",
        "/khong-co-trang-nay",
    ],
)  # fmt: skip
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


def test_the_times_of_the_last_screen_can_be_read(page: Page, pages_url: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 700})
    page.goto(f"{pages_url}/huong-dan/{GOAL}/tai-quay")
    for _ in STEPS:
        page.keyboard.press("ArrowRight")
    box = page.get_by_text("Thời gian từng bước").bounding_box()
    assert box is not None and box["height"] < 60, "the words stand in one line"
    expect(page.get_by_role("row")).to_have_count(len(STEPS))


@pytest.mark.parametrize(("phone", "shown"), [(True, False), (False, True)])
def test_keys_are_told_only_where_there_is_a_keyboard(
    browser: Browser, pages_url: str, phone: bool, shown: bool
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=phone, has_touch=phone)
    on_it = context.new_page()
    on_it.goto(f"{pages_url}/huong-dan/{GOAL}/tai-quay")
    assert on_it.get_by_text("Bàn phím:").is_visible() is shown
    expect(on_it.get_by_role("button", name="Tiếp →")).to_be_in_viewport()
    context.close()


def test_a_print_of_the_page_ends_on_no_lone_line(page: Page, pages_url: str) -> None:
    """What stands last is kept with what is before it, and every sketch is there though nobody has scrolled."""
    page.goto(f"{pages_url}/huong-dan/{GOAL}")
    page.wait_for_function("[...document.images].every((image) => image.complete && image.naturalWidth)")
    page.emulate_media(media="print")
    last = page.locator("main > *").last
    assert last.evaluate("one => getComputedStyle(one).breakBefore") == "avoid"
    for hidden in ("footer", ".files", "header .label"):
        assert not page.locator(hidden).first.is_visible()


def test_a_procedure_is_found_without_script(page: Page, pages_url: str) -> None:
    page.goto(f"{pages_url}/thu-tuc")
    page.get_by_role("searchbox").fill("dk khai sinh")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="Đăng ký khai sinh").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng ký khai sinh")
    page.get_by_role("navigation", name="Mục trong trang").get_by_role("link", name="Nộp ở đâu").click()
    expect(page.get_by_role("heading", name="Nộp ở đâu")).to_be_in_viewport()


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
        "href", re.compile(rf"/huong-dan/{GOAL}(\?ma=[\w-]+)?#buoc-1$")
    )
    expect(message.locator("ul + .sketch")).to_be_visible()
    expect(message.locator(".card-title")).to_have_text(step.title)
    text = message.inner_text()
    assert "●" not in text and f"Bước 1/{len(STEPS)}" in text and step.do[0] in text
