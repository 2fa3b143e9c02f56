"""News for open pages, over real connections: what comes, from where on, to how many, and how it ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import httpx
import pytest

from bot import clock
from bot.app import build
from bot.channels.web import events, live
from bot.channels.web.events import Place, place
from bot.channels.web.live import Full, Happened, Live
from bot.channels.web.sessions import PAGE
from bot.conversation.engine import Engine
from bot.conversation.heads import Head
from bot.db.engine import Database
from bot.settings import Settings

from .web_sites import Reader, Site, is_port_free, listening, tell, wait_until


@pytest.fixture
def site(furnished: Database, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Our application on a port of its own; it looks for news often."""
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.05)
    site = Site(build(Settings(), furnished, engine)).start()
    yield site
    site.stop()


@pytest.fixture
def visitor(site: Site) -> Iterator[httpx.Client]:
    """A visitor who has opened the page."""
    with httpx.Client(base_url=site.url, timeout=30) as client:
        client.get("/")
        yield client


def say(client: httpx.Client, text: str, message_id: str = "m1") -> dict[str, Any]:
    response = client.post("/web/messages", json={"text": text, "message_id": message_id})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def cookie(client: httpx.Client) -> str:
    return client.cookies[PAGE.cookie]


def texts(event: dict[str, Any]) -> list[str]:
    return [message["text"] for message in event["messages"]]


def test_what_nobody_asked_for_comes_by_itself(visitor: httpx.Client, furnished: Database) -> None:
    answer = say(visitor, "xin chào")
    last = answer["messages"][-1]["seq"]
    with listening(visitor, f"/web/events?from={answer['conversation']}.{last}") as page:
        headers = page.response.headers
        assert headers["content-type"].startswith("text/event-stream") and headers["cache-control"] == "no-store"
        assert page.next("ready")["id"] == f"{answer['conversation']}.{last}"
        tell(furnished, cookie(visitor), "Hồ sơ đã có kết quả.")
        news = page.next("news")
        assert texts(news) == ["Hồ sơ đã có kết quả."] and news["conversation"] == answer["conversation"]
        assert news["id"] == f"{answer['conversation']}.{last + 1}"
        said = say(visitor, "cảm ơn", "m2")["messages"]
        assert page.next("news")["messages"] == said, "what another tab says comes too, as it is stored"


def test_a_page_goes_on_where_it_was_cut_off(visitor: httpx.Client, furnished: Database) -> None:
    last = say(visitor, "xin chào")["messages"][-1]["seq"]
    with listening(visitor) as page:
        at = page.next("news")["id"]
    for text in ("một", "hai"):
        tell(furnished, cookie(visitor), text)
    # the browser comes back with the old address and the id of the last event: the id counts
    with listening(visitor, **{"last-event-id": at}) as page:
        news = page.next("news")
        assert texts(news) == ["một", "hai"] and [one["seq"] for one in news["messages"]] == [last + 1, last + 2]
        at = news["id"]
    with listening(visitor, **{"last-event-id": at}) as page:
        assert page.next("ready")["id"] == at


def test_a_first_message_is_news_to_a_page_that_was_open(visitor: httpx.Client) -> None:
    with listening(visitor) as page:
        assert page.next("ready")["id"] == "-.0"
        answer = say(visitor, "xin chào")
        news = page.next("news")
        assert (news["conversation"], news["messages"]) == (answer["conversation"], answer["messages"])


def test_a_page_with_another_conversation_is_told_so_and_gets_none_of_this_one(visitor: httpx.Client) -> None:
    answer = say(visitor, "xin chào")
    with listening(visitor, f"/web/events?from={'0' * 16}.1") as page:
        news = page.next("news")
        assert (news["conversation"], news["messages"]) == (answer["conversation"], [])


def test_visitors_hear_their_own_news_only(site: Site, visitor: httpx.Client, furnished: Database) -> None:
    say(visitor, "xin chào")
    with httpx.Client(base_url=site.url) as other:
        other.get("/")
        say(other, "xin chào")
        with listening(visitor) as mine, listening(other) as theirs:
            mine.next("news"), theirs.next("news")
            tell(furnished, cookie(visitor), "của tôi")
            tell(furnished, cookie(other), "của người khác")
            assert texts(mine.next("news")) == ["của tôi"]
            assert texts(theirs.next("news")) == ["của người khác"]


@pytest.mark.parametrize(
    "start", ["x", "-.", "-.-1", f"{'g' * 16}.1", f"{'0' * 15}.1", f"{'0' * 16}.{'1' * 10}", "1 OR 1"]
)
def test_a_wrong_place_is_a_clear_error(visitor: httpx.Client, start: str) -> None:
    response = visitor.get("/web/events", params={"from": start})
    assert response.status_code == 400 and response.json()["error"]["code"] == "bad_request"


def test_without_a_session_there_is_nothing_to_hear(site: Site) -> None:
    assert httpx.get(f"{site.url}/web/events").status_code == 401
    assert site.open_pages == 0


def test_the_newest_pages_win(site: Site, visitor: httpx.Client) -> None:
    say(visitor, "xin chào")
    pages = [visitor.stream("GET", "/web/events") for _ in range(live.MOST_PER_SESSION + 1)]
    try:
        first, *others = [Reader(page.__enter__()) for page in pages]
        for reader in (first, *others):
            reader.next("news")
        first.next("overtaken")
        assert first.rest() == []
        wait_until(lambda: site.open_pages == live.MOST_PER_SESSION, "only the oldest was closed")
        say(visitor, "cảm ơn", "m2")
        for reader in others:
            assert reader.next("news")["messages"]
    finally:
        for page in pages:
            page.__exit__(None, None, None)
    wait_until(lambda: site.open_pages == 0, "who goes is forgotten")


def test_a_full_process_says_so(site: Site, visitor: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST", 0)
    response = visitor.get("/web/events")
    assert response.status_code == 503 and response.json()["error"]["code"] == "busy"
    assert say(visitor, "xin chào")["messages"], "messages go on"


def test_a_silent_connection_gets_a_sign_of_life(visitor: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    with listening(visitor) as page:
        page.next("ready")
        for _ in range(3):
            page.next("comment")


def test_a_server_that_stops_does_not_wait_for_open_pages(furnished: Database, engine: Engine) -> None:
    site = Site(build(Settings(), furnished, engine)).start()
    with httpx.Client(base_url=site.url) as client:
        client.get("/")
        with listening(client) as page:
            page.next("ready")
            stopping = threading.Thread(target=site.stop)
            stopping.start()
            assert page.rest() == [], "the stream ends as a whole, the browser comes back by itself"
            stopping.join()
    assert is_port_free(site.url)


def test_a_database_that_was_away_ends_no_stream(
    site: Site, visitor: httpx.Client, furnished: Database, caplog: pytest.LogCaptureFixture
) -> None:
    say(visitor, "xin chào")
    web = site.app.state.web
    look, failures = web._look, 0

    def fail(_senders: Collection[str]) -> Mapping[str, Head]:
        nonlocal failures
        failures += 1
        raise ConnectionError("what a citizen wrote")

    with listening(visitor) as page:
        page.next("news")
        web.live._look = fail
        wait_until(lambda: failures > 3, "it goes on looking")
        tell(furnished, cookie(visitor), "sau đó")
        web.live._look = look
        assert texts(page.next("news")) == ["sau đó"]
    said = [record.getMessage() for record in caplog.records if record.name == live.__name__]
    assert len(said) == 1 and "ConnectionError" in said[0] and "citizen" not in caplog.text


# --- many pages, one question ---


def test_one_look_serves_all_pages_and_none_is_taken_without_one() -> None:
    looks: list[list[str]] = []
    met = clock.parse("2026-11-23T09:00:00+07:00")

    def look(senders: Collection[str]) -> Mapping[str, Head]:
        looks.append(sorted(senders))
        return {sender: Head(1, len(looks), met) for sender in senders}

    async def crowd() -> None:
        hub = Live(look)
        streams = [hub.open(f"visitor {number % 100}") for number in range(200)]
        hearers = [aiter_first(stream) for stream in streams]
        assert set(await asyncio.gather(*hearers)) == {Happened.NEWS}
        assert len(looks) == 1 and len(looks[0]) == 100
        for stream in streams:
            hub.close(stream)
            hub.close(stream)  # twice is once
        assert hub.count == 0
        await hub._watching  # type: ignore[misc]  # it ends by itself
        assert len(looks) == 1

    async def aiter_first(stream: live.Stream) -> Happened:
        async for happened in stream.happenings():
            return happened
        raise AssertionError

    asyncio.run(crowd())


def test_no_page_is_taken_by_a_server_that_stops_or_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST", 2)

    async def crowd() -> None:
        hub = Live(lambda _senders: {})
        streams = [hub.open("a"), hub.open("b")]
        with pytest.raises(Full):
            hub.open("c")
        hub.close(streams[0])
        hub.open("c")
        hub.end_all()
        assert streams[1].ended
        hub.close(streams[1])
        with pytest.raises(Full):
            hub.open("d")

    asyncio.run(crowd())


def test_pages_that_nobody_reads_do_not_keep_newer_ones_out() -> None:
    async def crowd() -> None:
        hub = Live(lambda _senders: {})
        streams = [hub.open("a") for _ in range(live.MOST_PER_SESSION * 3)]
        assert [stream.ended for stream in streams] == [True] * (2 * live.MOST_PER_SESSION) + [
            False
        ] * live.MOST_PER_SESSION

    asyncio.run(crowd())


@pytest.mark.parametrize("at", [Place(), Place(None, 7), Place("0123456789abcdef", 12)])
def test_a_place_survives_its_way_through_the_browser(at: Place) -> None:
    assert place(str(at)) == at
    assert events._event("news", at, b'{"a": 1}').decode().splitlines()[0] == f"id: {at}"
