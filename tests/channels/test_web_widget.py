"""The chat in a frame on other people's sites: where it may stand, what it leaves there, by keyboard, for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import find_browser
import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page, expect
from pydantic import ValidationError

from bot.app import build
from bot.channels.web.sessions import WIDGET
from bot.conversation.engine import Engine
from bot.db.engine import Database
from bot.settings import Settings

from .web_sites import OtherSite, Site, certificate, tell

only_sqlite = pytest.mark.parametrize("furnished_database", ["sqlite"], indirect=True)

REPLY_MS = 20_000
NEWS_MS = 10_000
ASK = "Đăng ký khai sinh cần giấy tờ gì?"
LABEL = "Hỏi Một Cửa"
WCAG_22 = {"rules": {"target-size": {"enabled": True}}}


def script(site: Site, **data: str) -> str:
    more = "".join(f' data-{name}="{value}"' for name, value in data.items())
    return f'<script src="{site.url}/widget.js" async{more}></script>'


@pytest.fixture
def others() -> Iterator[OtherSite]:
    """A commune's own site, which may show the chat."""
    others = OtherSite()
    yield others
    others.stop()


@pytest.fixture
def site(furnished: Database, engine: Engine, others: OtherSite) -> Iterator[Site]:
    """Our application; its script is in the page of the others."""
    site = Site(build(Settings(embed_origins=others.url), furnished, engine)).start()
    others.body = script(site)
    yield site
    site.stop()


def launcher(page: Page) -> Locator:
    return page.get_by_role("button", name=LABEL)


def chat(page: Page) -> FrameLocator:
    return page.frame_locator("[data-motcua] iframe")


def is_wide(page: Page) -> bool:
    size = page.viewport_size
    return bool(size and size["width"] > 480 and size["height"] > 544)


def open_chat(page: Page, others: OtherSite) -> FrameLocator:
    page.goto(others.url)
    launcher(page).click()
    expect(page.locator("[data-motcua] dialog")).to_have_class("panel ready" if is_wide(page) else "whole ready")
    expect(chat(page).get_by_role("log")).to_have_attribute("aria-live", "polite")
    return chat(page)


def ask(inside: FrameLocator, text: str = ASK) -> None:
    bots = inside.locator('[data-from="bot"][data-seq]')
    answered = bots.count()
    inside.get_by_role("textbox").fill(text)
    inside.get_by_role("textbox").press("Enter")
    expect(bots.nth(answered)).to_be_visible(timeout=REPLY_MS)
    expect(inside.locator("[data-state]")).to_have_count(0)


def own(inside: FrameLocator) -> Locator:
    return inside.locator('[data-from="citizen"][data-seq] .as-typed')


def cookie(context: BrowserContext) -> str:
    return next(one["value"] for one in context.cookies() if one["name"] == WIDGET.cookie)


def serious(page: Page) -> list[tuple[str, Any]]:
    found = []
    for part in page.frames:
        # a frame is asked like a page
        for rule in Axe().run(part, options=WCAG_22).response["violations"]:  # type: ignore[arg-type]
            if rule["impact"] in ("serious", "critical") or rule["id"] in ("region", "target-size"):
                found.append((rule["id"], [node["html"] for node in rule["nodes"]]))
    return found


# --- where it may stand ---


@only_sqlite
def test_only_the_widget_may_be_framed_and_only_where_it_is_allowed(site: Site, others: OtherSite) -> None:
    def ancestors(path: str) -> str:
        return httpx.get(f"{site.url}{path}").headers["content-security-policy"].partition("frame-ancestors ")[2]

    assert ancestors("/widget") == f"'self' {others.url}"
    for path in ("/", "/widget.js", "/static/web/index.html", "/web/messages", "/widget/messages", "/huong-dan", "/x"):
        assert ancestors(path) == "'none'", path
    answer = httpx.get(f"{site.url}/widget.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin" and "set-cookie" not in answer.headers
    assert "cross-origin-resource-policy" not in httpx.get(f"{site.url}/").headers


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, None),
        ("", None),
        (" , ", None),
        ("https://xa.example.vn/", "https://xa.example.vn"),
        ("https://A.example.vn:8443 ,http://127.0.0.1:9", "https://a.example.vn:8443,http://127.0.0.1:9"),
        ("http://localhost", "http://localhost"),
    ],
)
def test_origins_are_read(given: str | None, kept: str | None) -> None:
    assert Settings(embed_origins=given).embed_origins == kept


@pytest.mark.parametrize(
    "given",
    ["*", "https://*", "https://*.vn", "xa.example.vn", "http://xa.example.vn", "https://xa.example.vn/trang", "'self'",
     "https://a.vn;script-src *", "https://a.vn https://b.vn", "null", "data:", "https://a.vn\nx: y", "https://"],
)  # fmt: skip
def test_what_is_no_origin_is_refused(given: str) -> None:
    with pytest.raises(ValidationError):
        Settings(embed_origins=given)


@only_sqlite
def test_the_chat_works_on_an_allowed_site(page: Page, site: Site, others: OtherSite) -> None:
    inside = open_chat(page, others)
    ask(inside)
    expect(own(inside)).to_have_text([ASK])
    page.reload()
    expect(own(inside)).to_have_text([ASK])  # it is open as it was left, with all that was said
    page.goto(site.url)
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    expect(page.locator('[data-from="citizen"]')).to_have_count(0)  # a talk of its own


@only_sqlite
def test_a_site_that_is_not_allowed_gets_a_link_instead(page: Page, site: Site) -> None:
    stranger = OtherSite()
    stranger.body = script(site) + f'<iframe id="whole" src="{site.url}/"></iframe>'
    try:
        page.clock.install()
        page.goto(stranger.url)
        launcher(page).click()
        page.clock.run_for(10_500)
        link = page.get_by_role("dialog").get_by_role("link", name="Mở trang Một Cửa")
        expect(link).to_be_visible()
        assert link.get_attribute("href") == f"{site.url}/"
        expect(link).to_be_focused()
        link.click(trial=True)
        assert all("Trợ lý AI" not in frame.content() for frame in page.frames[1:])
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
    finally:
        stranger.stop()


# --- the session in the frame ---


@pytest.fixture
def phased_out(browser: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser that keeps no ordinary cookies of other sites."""
    strict = browser.browser_type.launch(
        executable_path=find_browser.find(),
        args=["--no-sandbox", "--disable-gpu", "--test-third-party-cookie-phaseout"],
    )
    context = strict.new_context(locale="vi-VN", ignore_https_errors=True)
    yield context
    strict.close()


@only_sqlite
def test_on_another_site_the_session_is_kept_for_that_site(
    phased_out: BrowserContext, furnished: Database, engine: Engine, tmp_path: Path
) -> None:
    files = certificate(tmp_path)
    others = OtherSite(files)
    site = Site(build(Settings(embed_origins=others.url), furnished, engine), files).start()
    others.body = script(site)
    try:
        page = phased_out.new_page()
        inside = open_chat(page, others)
        ask(inside)
        kept = next(one for one in phased_out.cookies() if one["name"] == WIDGET.cookie)
        assert kept["secure"] and kept["httpOnly"] and kept["sameSite"] == "None" and kept.get("partitionKey")
        page.reload()
        expect(own(inside)).to_have_text([ASK])
        page.goto(f"{site.url}/widget")
        expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
        expect(page.locator('[data-from="citizen"]')).to_have_count(0)
    finally:
        site.stop()
        others.stop()


@only_sqlite
def test_a_browser_without_cookies_in_frames_is_shown_the_way(page: Page, site: Site, others: OtherSite) -> None:
    nobody = {"session": False, "conversation": None, "messages": []}
    page.route("**/widget/messages*", lambda route: route.fulfill(json=nobody))
    inside = open_chat(page, others)
    expect(inside.get_by_role("link", name="Mở trang Một Cửa")).to_be_visible()
    expect(inside.get_by_role("textbox")).to_have_count(0)


# --- a good guest ---


@only_sqlite
def test_it_leaves_nothing_in_the_page(page: Page, site: Site, others: OtherSite) -> None:
    globals_ = "() => Object.getOwnPropertyNames(window).filter(name => isNaN(name)).sort()"
    body, others.body = others.body, ""
    page.goto(others.url)
    before = page.evaluate(globals_)
    others.body = body * 2  # twice in one page is once
    inside = open_chat(page, others)
    ask(inside)
    assert page.evaluate(globals_) == before
    assert page.evaluate("document.cookie") == ""
    assert {one["name"] for one in page.context.cookies()} == {WIDGET.cookie}
    assert page.evaluate("Object.keys(localStorage)") == []
    assert page.evaluate("Object.keys(sessionStorage)") == ["motcua.widget.open"]
    assert page.locator("[data-motcua]").count() == 1
    assert page.evaluate("document.head.querySelectorAll('style, link').length") == 0


@only_sqlite
def test_it_looks_right_among_foreign_styles_and_a_strict_policy(page: Page, site: Site, others: OtherSite) -> None:
    others.policy = f"default-src 'none'; script-src {site.url}; frame-src {site.url}"
    page.goto(others.url)
    colour = launcher(page).evaluate("node => getComputedStyle(node).backgroundColor")
    assert colour == "rgb(11, 79, 67)"
    others.policy = ""
    others.body += "<style>button, div, span, dialog { all: unset !important; color: hotpink !important }</style>"
    open_chat(page, others)
    assert launcher(page).evaluate("node => getComputedStyle(node).backgroundColor") == colour


@only_sqlite
def test_without_having_been_opened_it_loads_nothing(page: Page, site: Site, others: OtherSite) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.startswith(site.url) else None)
    page.goto(others.url)
    expect(launcher(page)).to_be_visible()
    assert asked == [f"{site.url}/widget.js"]
    assert site.open_pages == 0


@only_sqlite
def test_what_the_page_may_choose(page: Page, site: Site, others: OtherSite) -> None:
    others.body = script(site, label="Hỏi &lt;b&gt;phường&lt;/b&gt;", side="left", bottom="90", layer="7")
    page.goto(others.url)
    button = page.get_by_role("button", name="Hỏi <b>phường</b>")
    box = button.bounding_box()
    size = page.viewport_size
    assert box and size and box["x"] == 16 and round(size["height"] - box["y"] - box["height"]) == 90
    assert page.locator("[data-motcua]").evaluate("node => getComputedStyle(node).zIndex") == "7"


# --- unread messages, and who may speak to whom ---


@only_sqlite
def test_news_are_counted_on_the_button_until_they_are_seen(
    page: Page, site: Site, others: OtherSite, furnished: Database
) -> None:
    inside = open_chat(page, others)
    ask(inside)
    launcher(page).click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    for text in ("Hồ sơ đã có kết quả.", "Mời anh/chị đến nhận."):
        tell(furnished, cookie(page.context), text)
    expect(launcher(page)).to_have_accessible_name(f"{LABEL} , 2 tin chưa đọc", timeout=NEWS_MS)
    expect(page.locator(".badge")).to_have_text("2")
    page.reload()  # closed it stays, and goes on listening
    expect(page.get_by_role("dialog")).to_be_hidden()
    tell(furnished, cookie(page.context), "Nhớ mang căn cước.")
    expect(page.locator(".badge")).to_have_text("1", timeout=NEWS_MS)
    launcher(page).click()
    expect(launcher(page)).to_have_accessible_name(LABEL)
    expect(page.locator(".badge")).to_be_hidden()
    expect(inside.get_by_text("Nhớ mang căn cước.")).to_be_visible()


@only_sqlite
def test_words_of_others_count_for_nothing(page: Page, site: Site, others: OtherSite) -> None:
    said = "{motcua: {unread: 7, close: true, ready: true}}"
    others.body += f"""<iframe id="ad" srcdoc="<script>parent.postMessage({said}, '*')</script>"></iframe>
        <script>window.postMessage({said}, '*')</script>"""
    inside = open_chat(page, others)
    page.evaluate(f"window.postMessage({said}, '*')")
    page.evaluate(f"document.getElementById('ad').contentWindow.eval(\"parent.postMessage({said}, '*')\")")
    ask(inside)
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator(".badge")).to_be_hidden()
    # what the page around it says is heard only in the form that is agreed on
    for odd in ("null", "'close'", "{motcua: null}", "{motcua: {open: 'no'}}", "{motcua: 5}"):
        page.locator("[data-motcua] iframe").evaluate(f"frame => frame.contentWindow.postMessage({odd}, '*')")
    ask(inside, "Cảm ơn nhé")


# --- by keyboard, for everybody ---


@only_sqlite
def test_by_keyboard_only(page: Page, site: Site, others: OtherSite) -> None:
    page.goto(others.url)
    expect(launcher(page)).to_be_visible()
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(launcher(page)).to_be_focused()
    expect(launcher(page)).to_have_attribute("aria-expanded", "false")
    outline = launcher(page).evaluate("node => getComputedStyle(node).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(launcher(page)).to_have_attribute("aria-expanded", "true")
    inside = chat(page)
    box = inside.get_by_role("textbox")
    expect(box).to_be_focused()
    page.keyboard.insert_text(ASK)
    page.keyboard.press("Enter")
    expect(inside.locator('[data-from="bot"][data-seq]').first).to_be_visible(timeout=REPLY_MS)
    # a question of the page's own closes first
    inside.get_by_role("button", name="Xóa màn hình").press("Enter")
    expect(inside.get_by_role("button", name="Giữ lại")).to_be_focused()
    page.keyboard.press("Escape")
    expect(inside.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("dialog", name=LABEL)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name=LABEL)).to_be_hidden()
    expect(launcher(page)).to_be_focused()
    expect(launcher(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(box).to_be_focused()
    page.get_by_role("button", name="Đóng khung trò chuyện").click()
    expect(launcher(page)).to_be_focused()


@only_sqlite
@pytest.mark.parametrize(("width", "height"), [(320, 640), (640, 360)])
def test_in_a_small_window_nothing_behind_it_is_reached(
    page: Page, site: Site, others: OtherSite, width: int, height: int
) -> None:
    """640 px wide and 360 high is also what a window of 1,280 by 720 leaves at a zoom of 200 %."""
    page.set_viewport_size({"width": width, "height": height})
    inside = open_chat(page, others)
    box = page.get_by_role("dialog", name=LABEL).bounding_box()
    assert box == {"x": 0, "y": 0, "width": width, "height": height}
    reached = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.tagName"))
    assert "A" not in reached and reached <= {"DIV", "BODY"}, reached
    ask(inside)
    page.get_by_role("button", name="Đóng khung trò chuyện").click()
    expect(launcher(page)).to_be_focused()
    assert not page.locator("html").evaluate("node => node.scrollWidth > node.clientWidth")


@only_sqlite
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_serious_accessibility_violation(page: Page, site: Site, others: OtherSite, scheme: Any, width: int) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 720})
    page.goto(others.url)
    expect(launcher(page)).to_be_visible()
    assert serious(page) == []
    inside = open_chat(page, others)
    ask(inside)
    assert serious(page) == []
    sizes = page.locator("[data-motcua] button").evaluate_all(
        "nodes => nodes.filter(n => n.offsetWidth < 44 || n.offsetHeight < 44).map(n => n.textContent)"
    )
    assert sizes == []
    small = inside.get_by_role("button").evaluate_all(
        "nodes => nodes.filter(n => n.offsetWidth < 44 || n.offsetHeight < 44).map(n => n.textContent)"
    )
    assert small == []
    assert not inside.locator("html").evaluate("node => node.scrollWidth > node.clientWidth")


@only_sqlite
def test_motion_and_forced_colours_are_respected(page: Page, site: Site, others: OtherSite) -> None:
    page.emulate_media(reduced_motion="reduce", forced_colors="active")
    open_chat(page, others)
    dialog = page.get_by_role("dialog", name=LABEL)
    assert dialog.evaluate("node => getComputedStyle(node).animationName") == "none"
    assert launcher(page).evaluate("node => getComputedStyle(node).borderTopStyle") == "solid"
    page.emulate_media(reduced_motion="no-preference", forced_colors="none")
    launcher(page).click()
    launcher(page).click()
    assert dialog.evaluate("node => getComputedStyle(node).animationName") == "rise"
