"""Phone mode in Chromium: a call by keyboard alone, a network that drops, words that are markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .test_in_a_browser import WCAG, desk, inside

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

__all__ = ["desk", "inside"]
CALL = re.compile(r"/desk/phone/\d+$")


@pytest.fixture
def call(inside: BrowserContext, desk: dict[str, Any]) -> Page:
    """A call that has just begun, by one key; a fault of a script fails the test."""
    page = inside.new_page()
    page.errors = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.errors.append(str(error)))  # type: ignore[attr-defined]
    page.goto(f"{desk['url']}/desk/phone")
    expect(page.get_by_role("button", name="Bắt đầu cuộc gọi")).to_be_focused()  # on a busy machine it takes a moment
    page.keyboard.press("Enter")
    page.wait_for_url(CALL)
    expect(page.get_by_label("Người gọi nói gì")).to_be_focused()
    return page


def said(page: Page) -> Any:
    return page.get_by_label("Người gọi nói gì")


def test_a_call_by_keyboard_alone(call: Page) -> None:
    call.keyboard.type("khai sinh cần gì", delay=15)
    suggestion = call.locator("[data-suggestion]")
    expect(suggestion).to_contain_text("Giấy chứng sinh")
    expect(suggestion.locator("[data-source]")).to_contain_text("kiểm tra")
    expect(suggestion.locator("[data-ask]")).to_contain_text("Lệ phí")
    expect(call.locator("[data-procedures] button").first).to_contain_text("Đăng ký khai sinh")
    call.keyboard.press("Enter")
    expect(call.locator(".answer")).to_contain_text("Giấy chứng sinh")
    expect(suggestion).to_be_hidden()
    expect(said(call)).to_have_value("")
    call.keyboard.press("Alt+1")
    expect(call.locator(".answer p").first).to_contain_text("Lệ phí")
    paper = call.locator("[data-paper]").first
    paper.check()
    call.locator("[data-listed]").click(position={"x": 2, "y": 2})
    call.keyboard.press("/")
    expect(said(call)).to_be_focused()
    for scheme in ("light", "dark"):
        call.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(call, options=WCAG).response["violations"]
        assert found == [], [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
    call.reload()
    expect(call.locator("[data-paper]").first).to_be_checked()
    call.get_by_label("Người gọi cần gì").fill("Hỏi giấy khai sinh")
    call.get_by_label("Phiếu việc").select_option("feedback")
    call.keyboard.press("Alt+KeyK")
    call.wait_for_url("**/desk/phone")
    expect(call.get_by_role("listitem").filter(has_text="khai sinh cần gì").first).to_contain_text("phiếu T-")
    assert not call.errors  # type: ignore[attr-defined]


def test_what_was_typed_outlives_the_network_and_is_answered_once(call: Page) -> None:
    happens = ["never sent", "answer lost"]

    def network(route: Any) -> None:
        what = happens.pop(0) if happens else "works"
        if what == "answer lost":
            route.fetch()
        route.continue_() if what == "works" else route.abort()

    call.route("**/say", network)
    told = call.get_by_role("status").filter(has_text="chập chờn")
    call.keyboard.type("lệ phí đăng ký kết hôn", delay=5)
    call.keyboard.press("Enter")
    expect(told).to_be_visible()
    expect(said(call)).to_have_value("lệ phí đăng ký kết hôn")
    call.reload()
    expect(said(call)).to_have_value("lệ phí đăng ký kết hôn")
    said(call).press("Enter")
    expect(told).to_be_visible()
    said(call).press("Enter")
    expect(call.locator(".answer")).to_contain_text("miễn lệ phí")
    assert not happens
    expect(call.locator(".talk li[data-from=citizen]")).to_have_count(1)  # the same message, answered once


def test_words_of_a_caller_are_never_run(call: Page) -> None:
    call.keyboard.type("<img src=x onerror=document.title='bad'> khai sinh", delay=2)
    expect(call.locator("[data-suggestion]")).to_be_visible()
    call.keyboard.press("Enter")
    expect(call.locator(".answer")).to_contain_text("<img")
    expect(call).not_to_have_title("bad")
    assert call.locator("main img").count() == 0


def test_a_whole_dossier_needs_a_reason(call: Page) -> None:
    call.keyboard.type("hồ sơ H36.12-261118-0042 ra sao", delay=2)
    code = call.get_by_label("Mã hồ sơ", exact=True)
    expect(code).to_have_value("H36.12-261118-0042")
    call.get_by_label("Lý do xem").select_option("Khác")
    expect(call.get_by_label("Ghi rõ lý do")).to_be_visible()
    call.get_by_label("Ghi rõ lý do").fill("Công an xã hỏi")
    call.get_by_role("button", name="Xem hồ sơ").click()
    expect(call.locator("[data-card]")).to_contain_text("Trần Văn Lộc Nam")
    call.set_viewport_size({"width": 360, "height": 740})
    assert call.evaluate("document.documentElement.scrollWidth") <= 360
