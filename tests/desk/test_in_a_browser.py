"""The desk in Chromium: a member of the staff signs in, takes a chat, writes, gives back; every page is audited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pyotp
import pytest
from live_server import MONDAY_MORNING, LiveServer, motcua

from bot import clock

from .conftest import secret_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PAGES = (
    "/desk/phone", "/desk/chats?tab=all", "/desk/chats/1?tab=all", "/desk/tickets", "/desk/learning", "/desk/figures",
    "/desk/practice", "/desk/settings", "/desk/staff", "/desk/me",
)  # fmt: skip
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"target-size": {"enabled": True}},
}


@pytest.fixture(scope="module")
def desk(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A running server with a citizen who waits, and an administrator who has signed in once."""
    folder = tmp_path_factory.mktemp("desk")
    url = f"sqlite:///{folder / 'desk.db'}"
    server = LiveServer(url, folder / "server.log", now=MONDAY_MORNING, model=model).start()
    made = motcua("staff", "add", "hoa.le", "--name", "Lê Thị Hoa", "--role", "admin", database_url=url)
    password = made.stdout.strip()
    with httpx.Client(base_url=server.url, follow_redirects=True) as client:
        half = client.post("/desk/sign-in", data={"username": "hoa.le", "password": password})
        secret, csrf = secret_in(half.text), re.search(r'name="csrf" value="(\w+)"', half.text)
        assert csrf
        with clock.frozen(MONDAY_MORNING):
            code = pyotp.TOTP(secret).at(clock.now())
        client.post("/desk/second-factor", data={"csrf": csrf[1], "code": code})
        cookie = client.cookies["mc_desk"]
        say(server.url, "cô Ba", "em ơi cho cô gặp nhân viên")
    yield {"url": server.url, "cookie": cookie, "password": password, "database": url}
    server.stop()


def say(url: str, sender: str, text: str) -> list[dict[str, Any]]:
    body = {"sender": sender, "message": text}
    found: list[dict[str, Any]] = httpx.post(f"{url}/webhooks/rest/webhook", json=body, timeout=30).json()
    return found


@pytest.fixture
def inside(browser: Browser, desk: dict[str, Any]) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="vi-VN", viewport={"width": 1366, "height": 768})
    context.add_cookies([{"name": "mc_desk", "value": desk["cookie"], "url": f"{desk['url']}/desk"}])
    yield context
    context.close()


def test_a_chat_from_the_queue_to_its_end(inside: BrowserContext, desk: dict[str, Any]) -> None:
    from playwright.sync_api import expect

    page = inside.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{desk['url']}/desk/chats")
    expect(page.locator("[data-count=waiting]")).to_have_text("1")
    page.locator("[data-rows] a").first.click()
    page.get_by_role("button", name="Nhận cuộc này").click()
    field = page.get_by_label("Trả lời")
    expect(field).to_be_visible()
    assert say(desk["url"], "cô Ba", "khai sinh cho cháu cần giấy gì con") == []
    expect(page.locator("[data-talk] li").last).to_contain_text("khai sinh cho cháu", timeout=30_000)  # by itself
    expect(page.locator("[data-suggested]")).to_contain_text("Tờ khai", timeout=30_000)

    field.fill("Dạ, con đang xem, cô chờ con chút.")
    page.reload()
    expect(page.get_by_label("Trả lời")).to_have_value("Dạ, con đang xem, cô chờ con chút.")  # nothing typed is lost
    page.get_by_label("Trả lời").press("Control+Enter")
    expect(page.locator("[data-talk] li").last).to_contain_text("cô chờ con chút")
    expect(page.get_by_label("Trả lời")).to_have_value("")

    page.get_by_label("Chỉ đồng nghiệp thấy").fill("<img src=x onerror=alert(1)> cô nghe không rõ")
    page.get_by_role("button", name="Ghi lại").click()
    expect(page.get_by_text("cô nghe không rõ")).to_be_visible()
    assert page.locator("img[src=x]").count() == 0, "what somebody wrote is text"

    page.get_by_role("button", name="Xong, trả lại cho trợ lý").click()
    expect(page.get_by_role("button", name="Nhận cuộc này")).to_be_visible()
    got = say(desk["url"], "cô Ba", "lệ phí khai sinh")
    assert [message["custom"]["kind"] for message in got] == ["staff", "info", "procedure"]
    assert errors == []


def test_what_is_typed_survives_a_lost_network(inside: BrowserContext, desk: dict[str, Any]) -> None:
    from playwright.sync_api import expect

    say(desk["url"], "chú Tư", "cho gặp nhân viên")
    page = inside.new_page()
    page.goto(f"{desk['url']}/desk/chats")
    page.locator("[data-rows] a").first.click()
    page.get_by_role("button", name="Nhận cuộc này").click()
    page.get_by_label("Trả lời").fill("Dạ chú đợi con")
    inside.set_offline(True)
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.locator("[data-told]")).to_contain_text("chữ đang gõ vẫn còn")
    expect(page.get_by_label("Trả lời")).to_have_value("Dạ chú đợi con")
    inside.set_offline(False)
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.locator("[data-talk] li").last).to_contain_text("Dạ chú đợi con")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 360])
def test_every_page_is_accessible_and_fits(
    inside: BrowserContext, desk: dict[str, Any], theme: str, width: int
) -> None:
    page = inside.new_page()
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 768})
    found: dict[str, list[str]] = {}
    for path in PAGES:
        page.goto(desk["url"] + path)
        found[path] = faults(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
            found[path].append("wider than the window")
    assert {path: faulty for path, faulty in found.items() if faulty} == {}


def test_the_sign_in_is_accessible(page: Page, desk: dict[str, Any]) -> None:
    page.goto(f"{desk['url']}/desk/sign-in")
    assert faults(page) == []
    page.get_by_label("Tên đăng nhập").fill("hoa.le")
    page.get_by_label("Mật khẩu").fill(desk["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/second-factor**")
    assert faults(page) == []


def faults(page: Page) -> list[str]:
    """Return the violations of WCAG 2.2 A and AA on a page."""
    from axe_playwright_python.sync_playwright import Axe

    violations = Axe().run(page, options=WCAG).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in violations for node in rule["nodes"]]
