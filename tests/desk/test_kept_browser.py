"""What was typed into a plain form outlives a session that ended before it was sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from .test_in_a_browser import desk, inside

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

__all__ = ["desk", "inside"]
WORDS = "Dạ, anh/chị chờ em xem lại hồ sơ một chút ạ."


def test_a_phrase_that_was_not_saved_stands_there_again(inside: BrowserContext, desk: dict[str, Any]) -> None:
    page = inside.new_page()
    page.goto(f"{desk['url']}/desk/settings")
    field = page.locator("#text-new")
    page.locator("#shortcut-new").fill("chochut")
    field.fill(WORDS)
    inside.clear_cookies()
    page.get_by_role("button", name="Thêm", exact=True).click()
    expect(page.get_by_text("Phiên làm việc đã hết")).to_be_visible()
    inside.add_cookies([{"name": "mc_desk", "value": desk["cookie"], "url": f"{desk['url']}/desk"}])
    page.goto(f"{desk['url']}/desk/settings")
    expect(field).to_have_value(WORDS)
    page.locator("#shortcut-new").fill("chochut")
    page.get_by_role("button", name="Thêm", exact=True).click()
    page.wait_for_url(re.compile("done="))
    expect(page.get_by_text("/chochut")).to_be_visible()
    expect(field).to_have_value("")
    page.reload()
    expect(field).to_have_value("")
