"""The fake postal system's HTTP: its calls, and how they go wrong."""

from __future__ import annotations

import json
import socket
import time
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fakes.post import FakePost


class Handler(BaseHTTPRequestHandler):
    """Answers the calls of `bot.pickups.post.http_system`, and those that control the fake."""

    server: FakePost

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        if self.path == "/control/next":
            return self._answer(200, {"next": self.server.next(*body["next"])})
        if self.path == "/control/report":
            return self._answer(200, self.server.report(**body))
        if self.path == "/orders":
            return self._work(lambda: self.server.place(body))
        if self.path.endswith("/cancel"):
            return self._work(lambda: self.server.cancel(self.path.split("/")[2]))
        return self._answer(404, {"error": {"code": "not_found"}})

    def do_GET(self) -> None:
        if self.path == "/control/orders":
            return self._answer(200, [vars(order) for order in self.server.orders])
        known = self.server.order(self.path.rsplit("/", 1)[-1])
        if known is None:
            return self._work(lambda: (404, {"error": {"code": "unknown_order"}}))
        return self._work(lambda: (200, {"order": known.number, "events": known.events}))

    def _work(self, work: Any) -> None:
        """Do the work and answer, unless this call is to go wrong."""
        self.server.seen.append((self.command, self.path, dict(self.headers)))
        with self.server.lock:
            trouble, _, detail = (self.server.trouble.popleft() if self.server.trouble else "").partition(":")
        if self.headers.get("Authorization") != f"Bearer {self.server.token}":
            return self._answer(401, {"error": {"code": "no_token"}})
        if trouble.isdecimal():
            return self._answer(int(trouble), {"error": {"code": "trouble"}}, Location="http://127.0.0.1:9/")
        if trouble == "refuse":
            return self._answer(422, {"error": {"code": detail, "message": "Nguyễn Thị Ví Dụ, 0900001234"}})
        if trouble == "lost_before":
            return self.connection.shutdown(socket.SHUT_RDWR)
        if trouble == "slow":
            time.sleep(float(detail))
        answer = work()
        if trouble == "lost":
            return self.connection.shutdown(socket.SHUT_RDWR)
        odd = {"garbage": b"<html>", "list": b"[]", "huge": b'"' + b"x" * 300_000 + b'"', "drip": b"{" + b" " * 200}
        return self._raw(200, odd[trouble], slowly=trouble == "drip") if trouble else self._answer(*answer)

    def _answer(self, status: int, body: Any, **headers: str) -> None:
        self._raw(status, json.dumps(body).encode(), **headers)

    def _raw(self, status: int, body: bytes, *, slowly: bool = False, **headers: str) -> None:
        try:
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            for start in range(0, len(body), 1 if slowly else len(body)):
                self.wfile.write(body[start : start + (1 if slowly else len(body))])
                time.sleep(0.02 if slowly else 0)
        except OSError:
            pass  # the caller has gone

    def log_message(self, *_args: object) -> None:
        pass
