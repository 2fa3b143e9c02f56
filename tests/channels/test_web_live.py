"""The open page in a browser: news come by themselves, once, in every tab; without a stream it asks now and then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from bot.app import build
from bot.channels.web.sessions import PAGE
from bot.conversation.engine import Engine
from bot.db.engine import Database
from bot.settings import Settings

from .web_sites import Site, tell, wait_until

pytestmark = pytest.mark.parametrize("furnished_database", ["sqlite"], indirect=True)

REPLY_MS = 20_000
ASK = "Đăng ký khai sinh cần giấy tờ gì?"
NEWS_MS = 10_000  # far below the 20 s after which a page without a stream asks by itself


@pytest.fixture
def site(furnished: Database, engine: Engine) -> Iterator[Site]:
    """Our application on a port of its own, its database at hand."""
    site = Site(build(Settings(), furnished, engine)).start()
    yield site
    site.stop()


def messages(page: Page, sender: str) -> Locator:
    return page.get_by_role("log").locator(f'[data-from="{sender}"][data-seq]')


def open_page(page: Page, site: Site) -> None:
    pages = site.open_pages
    page.goto(site.url)
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    wait_until(lambda: site.open_pages > pages, "the page listens")


def ask(page: Page, text: str = ASK) -> None:
    answered = messages(page, "bot").count()
    page.get_by_role("textbox").fill(text)
    page.get_by_role("textbox").press("Enter")
    expect(messages(page, "bot").nth(answered)).to_be_visible(timeout=REPLY_MS)
    expect(page.locator("[data-state]")).to_have_count(0)


def cookie(page: Page) -> str:
    return next(one["value"] for one in page.context.cookies() if one["name"] == PAGE.cookie)


def numbers(page: Page) -> list[int]:
    seqs = page.get_by_role("log").locator("[data-seq]").evaluate_all("nodes => nodes.map(n => Number(n.dataset.seq))")
    return [int(seq) for seq in seqs]


def test_a_notice_comes_while_the_page_is_open_and_is_there_after_a_reload(
    page: Page, site: Site, furnished: Database
) -> None:
    open_page(page, site)
    ask(page)
    tell(furnished, cookie(page), "Hồ sơ đã có kết quả.")
    expect(messages(page, "bot").last).to_contain_text("Hồ sơ đã có kết quả.", timeout=NEWS_MS)
    before = numbers(page)
    assert before == sorted(set(before)), "the own message is there once, and everything in order"
    page.reload()
    expect(messages(page, "bot").last).to_contain_text("Hồ sơ đã có kết quả.")
    assert numbers(page) == before
    tell(furnished, cookie(page), "Mời anh/chị đến nhận.")
    expect(messages(page, "bot").last).to_contain_text("Mời anh/chị đến nhận.", timeout=NEWS_MS)


def test_two_tabs_show_the_same_talk(page: Page, site: Site) -> None:
    open_page(page, site)
    other = page.context.new_page()
    open_page(other, site)
    ask(page)
    expect(messages(other, "citizen")).to_contain_text([ASK], timeout=NEWS_MS)
    expect(messages(other, "bot")).to_have_count(messages(page, "bot").count(), timeout=NEWS_MS)
    ask(other, "Cảm ơn nhé")
    expect(messages(page, "citizen")).to_contain_text([ASK, "Cảm ơn nhé"], timeout=NEWS_MS)
    expect(messages(page, "bot")).to_have_count(messages(other, "bot").count(), timeout=NEWS_MS)
    assert numbers(page) == numbers(other)


def test_news_that_overtake_the_answer_double_nothing(page: Page, site: Site, furnished: Database) -> None:
    """The answer to a message is held back until the stream has told of it."""
    open_page(page, site)
    ask(page)
    held: list[Route] = []
    page.route(
        "**/web/messages", lambda route: held.append(route) if route.request.method == "POST" else route.continue_()
    )
    page.get_by_role("textbox").fill("Cảm ơn nhé")
    page.get_by_role("textbox").press("Enter")
    page.wait_for_function("() => document.querySelector('[data-state=sending]')")
    response = held[0].fetch()
    page.wait_for_timeout(2_500)  # the stream tells of it meanwhile
    expect(page.locator("[data-state=sending]")).to_have_count(1)
    assert page.get_by_text("Cảm ơn nhé", exact=True).count() == 1
    held[0].fulfill(response=response)
    expect(page.locator("[data-state]")).to_have_count(0)
    expect(page.get_by_text("Cảm ơn nhé", exact=True)).to_have_count(1)
    assert numbers(page) == list(range(1, len(numbers(page)) + 1))


def test_a_lost_answer_is_found_by_the_news(page: Page, site: Site, furnished: Database) -> None:
    open_page(page, site)
    ask(page)

    lost: list[Route] = []

    def swallow(route: Route) -> None:
        if route.request.method != "POST" or lost:
            return route.continue_()
        lost.append(route)
        route.fetch()
        return route.abort()

    page.route("**/web/messages", swallow)
    page.get_by_role("textbox").fill("Cảm ơn nhé")
    page.get_by_role("textbox").press("Enter")
    expect(messages(page, "citizen").last).to_contain_text("Cảm ơn nhé", timeout=NEWS_MS)
    expect(page.locator("[data-state]")).to_have_count(0)
    expect(page.get_by_text("Cảm ơn nhé", exact=True)).to_have_count(1)


@pytest.mark.parametrize("how", ["refused", "not there"])
def test_without_a_stream_the_page_asks(page: Page, site: Site, furnished: Database, how: str) -> None:
    if how == "refused":
        page.route("**/web/events*", lambda route: route.fulfill(status=503, json={}))
    else:
        page.add_init_script("delete window.EventSource")
    page.clock.install()
    page.goto(site.url)
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")
    page.clock.run_for(1_000)
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    ask(page)
    assert site.open_pages == 0
    tell(furnished, cookie(page), "Hồ sơ đã có kết quả.")
    page.clock.run_for(20_000)
    expect(messages(page, "bot").last).to_contain_text("Hồ sơ đã có kết quả.")


def test_a_page_whose_place_was_taken_asks_and_comes_back(
    page: Page, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.channels.web import live

    monkeypatch.setattr(live, "MOST_PER_SESSION", 1)
    open_page(page, site)
    other = page.context.new_page()
    other.goto(site.url)
    expect(other.get_by_role("log")).to_have_attribute("aria-live", "polite")
    ask(other)
    assert messages(page, "citizen").count() == 0
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # it is looked at again
    expect(messages(page, "citizen")).to_have_count(1, timeout=NEWS_MS)
    ask(other, "Cảm ơn nhé")
    expect(messages(page, "citizen")).to_have_count(2, timeout=NEWS_MS)


# --- another conversation behind the same cookie ---


def said(seq: int, text: str, sender: str = "bot", **custom: Any) -> dict[str, Any]:
    kind = {"kind": "info"} if sender == "bot" else {}
    return {"seq": seq, "from": sender, "at": "2026-11-22T01:00:00+00:00", "text": text, "custom": kind | custom}


@pytest.mark.parametrize("told_by", ["stream", "poll", "answer", "linked"])
def test_another_conversation_comes_in_the_place_of_this_one(page: Page, site: Site, told_by: str) -> None:
    """Linked channels: the same cookie shows another conversation, whose numbers mean other messages."""
    tags = {"now": "a" * 16}
    old = [said(1, "cũ một", "citizen"), said(2, "cũ hai")]
    new = [said(1, "mới một", "citizen"), said(2, "mới hai"), said(40, "mới bốn mươi")]
    joined = said(41, "Đã nối hai kênh.", topic="linked" if told_by == "linked" else "other")

    def history(route: Route) -> None:
        if route.request.method == "POST":
            tags["now"] = "b" * 16
            if told_by == "linked":  # the tag alone would not tell
                tags["now"] = "a" * 16
            tags["joined"] = "yes"
            own = said(40, "nối kênh", "citizen")
            return route.fulfill(json={"conversation": tags["now"], "messages": [own, joined]})
        after = int(re.findall(r"after=(\d+)", route.request.url)[0])
        lines = [*new, joined] if "joined" in tags else new if tags["now"] == "b" * 16 else old
        return route.fulfill(
            json={"conversation": tags["now"], "messages": [line for line in lines if line["seq"] > after]}
        )

    stream = {"body": f"id: {'a' * 16}.2\nevent: ready\ndata: {{}}\n\n"}
    if told_by == "stream":
        stream["body"] = f'id: {"b" * 16}.40\nevent: news\ndata: {{"conversation": "{"b" * 16}", "messages": []}}\n\n'

    def events(route: Route) -> None:
        if told_by == "stream":
            tags["now"] = "b" * 16
        route.fulfill(content_type="text/event-stream", body=stream["body"])

    page.route(re.compile(r"/web/messages(\?|$)"), history)
    page.route("**/web/events*", events)
    page.goto(site.url)
    log = page.get_by_role("log")
    if told_by != "stream":
        expect(log.locator("[data-seq]")).to_have_count(2)
    if told_by == "poll":
        tags["now"] = "b" * 16
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    elif told_by in ("answer", "linked"):
        page.get_by_role("textbox").fill("nối kênh")
        page.get_by_role("textbox").press("Enter")
    expect(log.get_by_text("mới bốn mươi")).to_be_visible()
    # the answer is seen, though it was given in the conversation before; once, if it stands in this one too
    expect(log.get_by_text("Đã nối hai kênh.")).to_have_count(1 if told_by in ("answer", "linked") else 0)
    expect(log.get_by_text("cũ một")).to_have_count(0)
    expect(log.get_by_text("mới một")).to_have_count(1)
    expect(page.locator("[data-state]")).to_have_count(0)
    assert numbers(page) == ([1, 2, 40, 41] if told_by in ("answer", "linked") else [1, 2, 40])
    expect(log.locator('[data-kind="welcome"]')).to_have_count(1)
    expect(log).to_have_attribute("aria-live", "polite")


# --- light and dark ---


@pytest.mark.parametrize(("scheme", "first", "second"), [("light", "dark", "light"), ("dark", "light", "dark")])
def test_light_or_dark_is_chosen_and_remembered(page: Page, site: Site, scheme: Any, first: str, second: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(site.url)
    ground = "() => getComputedStyle(document.body).backgroundColor"
    grounds = {scheme: page.evaluate(ground)}
    button = page.get_by_role("button", name=re.compile("nền (sáng|tối)"))
    expect(button).to_have_accessible_name(f"Chuyển sang nền {'tối' if first == 'dark' else 'sáng'}")
    button.click()
    grounds[first] = page.evaluate(ground)
    assert grounds["light"] != grounds["dark"]
    page.reload()
    assert page.evaluate(ground) == grounds[first]
    button.click()
    assert page.evaluate(ground) == grounds[second]


def test_a_code_joins_two_visitors_conversations_and_the_page_follows(page: Page, browser: Browser, site: Site) -> None:
    """The real thing: a code given out in one browser, typed in another."""
    open_page(page, site)
    ask(page, "nối kênh")
    code = re.findall(r"LK-\w{4}-\w{4}", messages(page, "bot").last.inner_text())[0]
    context = browser.new_context(locale="vi-VN")
    try:
        other = context.new_page()
        open_page(other, site)
        ask(other, "Cảm ơn nhé")
        other.get_by_role("textbox").fill(code)
        other.get_by_role("textbox").press("Enter")
        expect(messages(other, "citizen").first).to_contain_text("nối kênh", timeout=REPLY_MS)
        expect(other.get_by_text("Cảm ơn nhé")).to_have_count(0)
        expect(other.get_by_text("Dạ, xong rồi ạ.")).to_have_count(1)
        assert numbers(other) == sorted(set(numbers(other)))
        ask(other, ASK)
        expect(messages(page, "citizen").last).to_contain_text(ASK, timeout=NEWS_MS)
    finally:
        context.close()
