"""A postal system over HTTP and JSON, in a form of our own (no contract with the post is known; see `system`).

`POST /orders` with `Idempotency-Key`, `POST /orders/{key}/cancel`, `GET /orders/{key}`; a bearer token; errors as
`{"error": {"code": "…"}}`. 400, 409, 410 and 422 are refusals; whatever else goes wrong is tried again later.
"""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from dataclasses import asdict
from http.client import HTTPException
from typing import Any
from urllib.parse import quote

from bot import outgoing
from bot.importing import RowError
from bot.pickups.post import reports, tracking
from bot.pickups.post.reports import Report
from bot.pickups.post.system import Order, Placed, PostAwayError, PostRefusedError

TIMEOUT_SECONDS = 10.0  # for each wait on the network
WHOLE_SECONDS = 30.0  # for one call altogether: a system that sends a byte at a time must not hold us
LARGEST_ANSWER = 256 * 1024
REFUSALS = frozenset({400, 409, 410, 422})
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")
_REASON = re.compile(r"[a-z][a-z_]{0,39}")  # a word for programs; a sentence could name the citizen


class HttpSystem:
    """The client of such a system."""

    def __init__(self, url: str, token: str | None = None, timeout: float = TIMEOUT_SECONDS) -> None:
        """Raises ValueError for an address that is not http(s)."""
        if not url.startswith(("https://", "http://")):
            raise ValueError("the postal system's address must begin with https:// or http://")
        self._url, self._token, self._timeout = url.rstrip("/"), token, timeout

    def place(self, order: Order) -> Placed:
        """Place an order, once for each key."""
        answer = self._call("POST", "/orders", asdict(order), {"Idempotency-Key": order.key})
        number, parcel = answer.get("order"), answer.get("tracking")
        if not isinstance(number, str) or not _NUMBER.fullmatch(number):
            raise PostAwayError("no order number")
        return Placed(number, tracking.normalise(parcel) if isinstance(parcel, str) else None)

    def cancel(self, key: str) -> None:
        """Cancel an order; one that is not there is no error."""
        self._call("POST", f"/orders/{quote(key, safe='')}/cancel", {}, missing={})

    def events(self, key: str) -> list[Report]:
        """Return what has happened to an order; a row that cannot be read is left out, as if not yet reported."""
        answer = self._call("GET", f"/orders/{quote(key, safe='')}", missing={"events": []})
        rows = answer.get("events")
        if not isinstance(rows, list):
            raise PostAwayError("no events")
        return [report for row in rows if (report := _report(row)) is not None]

    def _call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        missing: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return the answer; `missing` stands for a 404 where that is one. No error of ours quotes the other side."""
        request = urllib.request.Request(  # noqa: S310 (the operator's own address, checked above)
            self._url + path,
            None if body is None else json.dumps(body, ensure_ascii=False).encode(),
            {"Content-Type": "application/json", "Accept": "application/json", **(headers or {})},
            method=method,
        )
        if self._token:
            request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        try:
            with outgoing.call(request, self._timeout) as response:
                found = json.loads(_read(response))
        except urllib.error.HTTPError as error:
            if error.code == 404 and missing is not None:
                return missing
            if error.code in REFUSALS:
                raise PostRefusedError(_reason(error)) from None
            raise PostAwayError(f"HTTP {error.code}") from None
        except (OSError, HTTPException, ValueError, RecursionError) as error:
            raise PostAwayError(type(error).__name__) from None
        if not isinstance(found, dict):
            raise PostAwayError("no JSON object")
        return found


def _read(response: Any) -> bytes:
    until, body = time.monotonic() + WHOLE_SECONDS, b""
    while chunk := response.read1(64 * 1024):
        body += chunk
        if len(body) > LARGEST_ANSWER or time.monotonic() > until:
            raise PostAwayError("too long")
    return body


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        code = json.loads(_read(error))["error"]["code"]
    except (OSError, HTTPException, ValueError, LookupError, TypeError, RecursionError, PostAwayError):
        code = None
    return code if isinstance(code, str) and _REASON.fullmatch(code) else f"http_{error.code}"


def _report(row: Any) -> Report | None:
    try:
        return reports.check(row) if isinstance(row, dict) else None
    except RowError:
        return None
