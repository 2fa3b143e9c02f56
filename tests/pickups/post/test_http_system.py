"""Our client against a real HTTP server: what it sends, and that nothing that comes back can hurt or say a name."""

from __future__ import annotations

import time
from typing import Any

import pytest
from fakes.post import FakePost

from bot.pickups.post import http_system
from bot.pickups.post.http_system import HttpSystem
from bot.pickups.post.system import Order, PostAwayError, PostRefusedError

from .conftest import PERSONAL

ORDER = Order(
    key="MC-1234566.2", booking="MC-1234566", service="deliver", zone="province", recipient_name=PERSONAL[0],
    phone=PERSONAL[1], address=PERSONAL[2], payment="on_receipt", date="2026-11-25", window="morning",
)  # fmt: skip
AT = "2026-11-22T08:00:00+07:00"


def test_an_order_is_placed_under_its_key_and_once(post: FakePost, system: HttpSystem) -> None:
    first, again = system.place(ORDER), system.place(ORDER)
    assert first == again and len(post.orders) == 1
    assert (first.number, first.tracking) == (post.orders[0].number, post.orders[0].tracking)
    assert post.orders[0].body["address"] == PERSONAL[2] and post.orders[0].body["date"] == "2026-11-25"
    method, path, headers = post.seen[0]
    assert (method, path, headers["Idempotency-Key"]) == ("POST", "/orders", ORDER.key)
    assert headers["Authorization"] == "Bearer post-token"


@pytest.mark.parametrize(
    "trouble", ["500", "429", "404", "301", "garbage", "list", "huge", "lost", "lost_before", "slow:1.0"]
)
def test_no_usable_answer_is_nobody_knows(post: FakePost, system: HttpSystem, trouble: str) -> None:
    post.next(trouble)
    with pytest.raises(PostAwayError) as error:
        system.place(ORDER)
    assert not any(word in str(error.value) for word in PERSONAL)
    assert len(post.seen) == 1, "a redirect is not followed: it would carry the citizen's address elsewhere"
    assert system.place(ORDER).number and len(post.orders) == 1


def test_an_answer_that_trickles_in_ends(post: FakePost, system: HttpSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_system, "WHOLE_SECONDS", 0.2)
    post.next("drip")  # two hundred bytes, one each 20 ms: no single wait is long
    started = time.monotonic()
    with pytest.raises(PostAwayError):
        system.place(ORDER)
    assert time.monotonic() - started < 2


def test_nobody_listens() -> None:
    with pytest.raises(PostAwayError):
        HttpSystem("http://127.0.0.1:9", "x").place(ORDER)


def test_a_wrong_token_is_not_the_orders_fault(post: FakePost) -> None:
    with pytest.raises(PostAwayError):
        HttpSystem(post.url, "wrong").place(ORDER)
    assert post.orders == []


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("address_unknown", "address_unknown"),
        ("Nguyễn Thị Ví Dụ", "http_422"),
        ("x" * 41, "http_422"),
        ("", "http_422"),
    ],
)
def test_a_refusal_gives_one_word_for_why(post: FakePost, system: HttpSystem, code: str, reason: str) -> None:
    post.next(f"refuse:{code}")
    with pytest.raises(PostRefusedError) as error:
        system.place(ORDER)
    assert error.value.reason == str(error.value) == reason


@pytest.mark.parametrize("number", [None, "", 7, "Số 12 Hùng Vương", "~p.1.1.1.x", "n" * 41, "a#2"])
def test_an_order_number_that_is_none(
    post: FakePost, system: HttpSystem, monkeypatch: pytest.MonkeyPatch, number: Any
) -> None:
    monkeypatch.setattr(post, "place", lambda _body: (200, {"order": number}))
    with pytest.raises(PostAwayError):
        system.place(ORDER)


@pytest.mark.parametrize("parcel", [None, 7, "", "Hùng Vương!"])
def test_an_order_without_a_parcel_yet(
    post: FakePost, system: HttpSystem, monkeypatch: pytest.MonkeyPatch, parcel: Any
) -> None:
    monkeypatch.setattr(post, "place", lambda _body: (200, {"order": "VN-1", "tracking": parcel}))
    assert system.place(ORDER).tracking is None


def test_cancelling_twice_or_what_is_not_there_is_no_error(post: FakePost, system: HttpSystem) -> None:
    system.cancel(ORDER.key)
    system.place(ORDER)
    system.cancel(ORDER.key)
    system.cancel(ORDER.key)
    assert post.orders[0].cancelled


def test_cancelling_too_late_is_refused(post: FakePost, system: HttpSystem) -> None:
    system.place(ORDER)
    post.report(ORDER.key, "assigned", AT)
    with pytest.raises(PostRefusedError, match="postman_under_way"):
        system.cancel(ORDER.key)


def test_events_are_read_and_those_that_cannot_be_are_left_out(post: FakePost, system: HttpSystem) -> None:
    assert system.events(ORDER.key) == []
    system.place(ORDER)
    good = post.report(ORDER.key, "confirmed", AT, note="gọi trước")
    post.report(ORDER.key, "lost in space", AT)
    post.orders[0].events += [7, {}, {**good, "event_id": None}, {**good, "at": "hôm qua"}]  # type: ignore[list-item]
    (report,) = system.events(ORDER.key)
    assert (report.event_id, report.state, report.note) == (good["event_id"], "confirmed", "gọi trước")
    assert report.tracking == post.orders[0].tracking


def test_only_http_addresses_and_nothing_personal_printed() -> None:
    with pytest.raises(ValueError, match="http"):
        HttpSystem("file:///etc/passwd")
    assert not any(word in repr(ORDER) for word in PERSONAL)
