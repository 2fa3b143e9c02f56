"""An outside postal system as a real HTTP server, in the form of `bot.pickups.post.http_system`.

Like a real one it takes each key once, numbers its parcels, and calls us back again and again until we take an event.
`next` makes it behave badly, for one call each; `hold` and `release` bring its calls late, twice and out of order.
By hand: `PYTHONPATH=tests python -m fakes.post PORT`, then POST to /control/next, /control/report; GET /control/orders.
"""

from __future__ import annotations

import json
import sys
import threading
import urllib.error
import urllib.request
from collections import deque
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any

from fakes.post_http import Handler

# How the next call goes wrong; "slow:0.5" is slow by so many seconds, and then right.
TROUBLE = ("500", "429", "301", "garbage", "list", "huge", "lost", "lost_before", "drip", "slow:…", "refuse:…")
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
CALL_BACKS = 5  # rounds in which refused calls are made again


def parcel(serial: int) -> str:
    """Return a parcel's number in S10 form."""
    body = f"{serial:08d}"
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True)) % 11
    return f"EB{body}{ {10: 0, 11: 5}.get(rest, rest) }VN"


@dataclass
class FakeOrder:
    """An order as this system knows it."""

    number: str
    tracking: str
    body: dict[str, Any]
    cancelled: bool = False
    events: list[dict[str, Any]] = field(default_factory=list)


class FakePost(ThreadingHTTPServer):
    """The system; `with FakePost() as post` serves until the block ends."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int = 0, token: str = "post-token", *, remembers_keys: bool = True) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.token, self.remembers_keys = token, remembers_keys
        self.orders: list[FakeOrder] = []
        self.seen: list[tuple[str, str, dict[str, str]]] = []  # method, path, headers of each call
        self.trouble: deque[str] = deque()
        self.callback: tuple[str, str] | None = None  # (our address, our token)
        self.lock = threading.Lock()
        self._held: list[dict[str, Any]] | None = None

    def __enter__(self) -> FakePost:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.shutdown()
        self.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def next(self, *trouble: str) -> None:
        """Have the next calls go wrong, one after another."""
        self.trouble.extend(trouble)

    def order(self, key: str) -> FakeOrder | None:
        """Return the order of this key; of the newest one that has not been cancelled, if it is a booking's number."""
        return next((order for order in self.orders if order.body["key"] == key), None) or next(
            (order for order in reversed(self.orders) if order.body["booking"] == key and not order.cancelled), None
        )

    def place(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with self.lock:
            known = self.order(body["key"]) if self.remembers_keys else None
            if known is not None and known.body != body:
                return 409, {"error": {"code": "key_differs"}}
            if known is None:
                serial = 12_596_000 + len(self.orders)
                known = FakeOrder(f"VN-{serial}", parcel(serial), body)
                self.orders.append(known)
            return 201, {"order": known.number, "tracking": known.tracking}

    def cancel(self, key: str) -> tuple[int, dict[str, Any]]:
        with self.lock:
            known = self.order(key)
            if known is None:
                return 404, {"error": {"code": "unknown_order"}}
            if any(event["state"] == "assigned" for event in known.events):
                return 409, {"error": {"code": "postman_under_way"}}
            known.cancelled = True
            return 200, {"order": known.number, "cancelled": True}

    def report(self, key: str, state: str, at: str, *, tell: bool = True, **fields: Any) -> dict[str, Any]:
        """Have something happen to an order; with `tell` we are called, else it can only be asked for."""
        known = self.order(key)
        assert known is not None, "no such order"
        event = {"event_id": f"{known.number}-{len(known.events) + 1}", "state": state, "at": at, **fields}
        event.setdefault("tracking", known.tracking)
        known.events.append(event)
        if tell and self._held is not None:
            self._held.append({"booking": known.body["booking"], **event})
        elif tell and self.callback:
            self.call_back([{"booking": known.body["booking"], **event}])
        return event

    def hold(self) -> None:
        """Keep calls back from now on."""
        self._held = []

    def release(self, *, backwards: bool = False, times: int = 1) -> list[int]:
        """Make the calls that were kept back, each so many times at once; returns the last answer to each."""
        held, self._held = (self._held or []) * times, None
        return self.call_back(list(reversed(held)) if backwards else held)

    def call_back(self, events: list[dict[str, Any]]) -> list[int]:
        """Call us with these events; those that are refused again, in a few rounds. Returns the last answers."""
        assert self.callback is not None, "nobody to call"
        answers = [0] * len(events)
        for _ in range(CALL_BACKS):
            for place, event in enumerate(events):
                if not 200 <= answers[place] < 300:
                    answers[place] = self._call_back({**event})
        return answers

    def _call_back(self, event: dict[str, Any]) -> int:
        assert self.callback is not None
        url, token = self.callback
        request = urllib.request.Request(
            f"{url}/api/v1/pickups/{event.pop('booking')}/events",
            json.dumps(event).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code


if __name__ == "__main__":
    FakePost(int(sys.argv[1])).serve_forever()
