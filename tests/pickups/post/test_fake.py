"""The fake postal system is worth testing against: it keeps its word, and can be led by hand over HTTP."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from fakes.post import FakePost, parcel

from bot.pickups.post import tracking

BODY = {"key": "MC-1234566.1.1", "booking": "MC-1234566"}


def call(post: FakePost, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(post.url + path, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=5) as response:
        return json.loads(response.read())


def test_its_parcels_have_good_numbers() -> None:
    numbers = {parcel(serial) for serial in range(12_596_000, 12_596_100)}
    assert len(numbers) == 100
    assert all(tracking.normalise(number) == number and tracking.warning(number) is None for number in numbers)
    assert parcel(12_596_688) == "EB125966888VN"


def test_a_key_stands_for_one_order() -> None:
    with FakePost() as post:
        first, again, other = post.place(BODY), post.place(BODY), post.place({**BODY, "address": "khác"})
    assert first == again and first[0] == 201 and other[0] == 409 and len(post.orders) == 1


def test_it_is_led_over_http() -> None:
    with FakePost() as post:
        post.place(BODY)
        call(post, "/control/next", {"next": ["500", "lost"]})
        event = call(
            post, "/control/report", {"key": BODY["key"], "state": "confirmed", "at": "2026-11-23T08:00:00+07:00"}
        )
        (order,) = call(post, "/control/orders")
    assert list(post.trouble) == ["500", "lost"]
    assert order["events"] == [event] and order["body"] == BODY and not order["cancelled"]
