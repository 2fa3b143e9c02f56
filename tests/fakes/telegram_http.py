"""The fake Telegram's HTTP: how calls come in, how they go wrong, and the calls that control the fake.

POST /__ctl/advance {"seconds"}, /__ctl/hush {"seconds"}, /__ctl/next {"trouble": […], "method"?}, /__ctl/update {…},
/__ctl/person {"id", "does": "says", "with": […]}, /__ctl/hold, /__ctl/release {"times"?, "backwards"?};
GET /__ctl/calls, /__ctl/shown, /__ctl/violations, /__ctl/pending.
"""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from fakes.telegram_methods import METHODS, Refusal, too_many

if TYPE_CHECKING:
    from fakes.telegram import FakeTelegram

# How the next call goes wrong. "slow:0.5" is late and then right; "lost" is done, but its answer never arrives.
TROUBLE = ("429:3", "400:words", "403", "401", "404", "409", "500", "502", "hang:2", "slow:0.5", "garbage", "odd",
           "lost", "lost_before")  # fmt: skip
_PATH = re.compile(r"/(file/)?bot([^/]+)/(.+)")
_WORDS = {
    400: "Bad Request: chat not found",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    500: "Internal Server Error",
}
Files = dict[str, tuple[str, bytes]]


class Handler(BaseHTTPRequestHandler):
    """Answers the calls of a bot, and those that control the fake."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer on a kept connection waits 40 ms
    server: FakeTelegram

    def do_GET(self) -> None:
        self._route()

    def do_POST(self) -> None:
        self._route()

    def _route(self) -> None:
        path = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if path.path.startswith("/__ctl/"):
            return self._json(200, self._control(path.path.removeprefix("/__ctl/"), json.loads(body or b"{}")))
        match = _PATH.fullmatch(path.path)
        if match is None:
            return self._refuse(Refusal(404, "Not Found"))
        is_file, token, rest = match.groups()
        if unquote(token) != self.server.token:
            # Telegram says 404 to what has no form of a token, 401 to one that it does not know.
            return self._refuse(Refusal(*(401, "Unauthorized") if ":" in unquote(token) else (404, "Not Found")))
        if is_file:
            return self._file(unquote(rest))
        params, files = _read(dict(parse_qsl(path.query)), self.headers.get("Content-Type", ""), body)
        return self._call(rest, params, files)

    def _call(self, method: str, params: dict[str, str], files: Files) -> None:
        trouble = self._trouble(method)
        kind, _, detail = trouble.partition(":")
        self.server.note(method, params, files)
        if kind in ("hang", "lost_before"):
            time.sleep(float(detail or 0))
            return self._cut()
        if kind == "slow":
            time.sleep(float(detail))
        elif kind.isdecimal():
            return self._go_wrong(int(kind), detail)
        elif kind in ("garbage", "odd"):
            return self._raw(200, b"<html>" if kind == "garbage" else b'{"ok": true, "result": 7}')
        work = METHODS.get(method)
        try:
            if work is None:
                raise Refusal(404, "Not Found")
            result = work(self.server, params, files)
        except Refusal as refusal:
            return self._refuse(refusal)
        return self._cut() if kind == "lost" else self._json(200, {"ok": True, "result": result})

    def _trouble(self, method: str) -> str:
        with self.server.lock:
            for name in (method, "message" if method.startswith("send") else "", "*"):
                if waiting := self.server.trouble.get(name):
                    return waiting.popleft()
        return ""

    def _go_wrong(self, status: int, detail: str) -> None:
        if status == 502:
            return self._raw(502, b"<html><h1>502 Bad Gateway</h1></html>", "text/html")
        if status == 429:
            self.server.hush(float(detail or 1))
            return self._refuse(too_many(int(detail or 1)))
        return self._refuse(Refusal(status, detail or _WORDS[status]))

    def _refuse(self, refusal: Refusal) -> None:
        body: dict[str, Any] = {"ok": False, "error_code": refusal.status, "description": refusal.words}
        if refusal.wait is not None:
            body["parameters"] = {"retry_after": refusal.wait}
        self._json(refusal.status, body)

    def _file(self, path: str) -> None:
        for name, content in self.server.files.values():
            if name == path:
                trouble = self._trouble("file")
                if trouble == "302":
                    return self._raw(302, b"", Location="http://127.0.0.1:9/secret")
                return self._raw(200, content * (30 if trouble == "swollen" else 1), "application/octet-stream")
        return self._refuse(Refusal(404, "Not Found"))

    def _control(self, what: str, given: dict[str, Any]) -> Any:
        server = self.server
        if what == "person":
            does: Callable[..., Any] = getattr(server.person(given["id"]), given["does"])
            return does(*given.get("with", []), **given.get("named", {}))
        calls: dict[str, Callable[[], Any]] = {
            "advance": lambda: server.advance(given["seconds"]),
            "hush": lambda: server.hush(given["seconds"]),
            "next": lambda: server.next(*given["trouble"], method=given.get("method", "message")),
            "update": lambda: server.bring(given),
            "hold": server.hold,
            "release": lambda: server.release(**given),
            "calls": lambda: [{"method": call.method, "params": call.params, "at": call.at} for call in server.calls],
            "shown": lambda: [{**vars(shown), "body": len(shown.body)} for shown in server.shown],
            "violations": lambda: server.violations,
            "pending": lambda: server.pending,
        }
        return calls[what]()

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _json(self, status: int, body: Any) -> None:
        self._raw(status, json.dumps(body, ensure_ascii=False).encode())

    def _raw(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        try:
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # the caller has gone

    def log_message(self, *_args: object) -> None:
        pass


def _read(query: dict[str, str], kind: str, body: bytes) -> tuple[dict[str, str], Files]:
    """Return the parameters and files of a call, in each of the ways that Telegram takes them."""
    if kind.startswith("application/json"):
        given = json.loads(body)
        return query | {k: v if isinstance(v, str) else json.dumps(v) for k, v in given.items()}, {}
    if not kind.startswith("multipart/form-data"):
        return query | dict(parse_qsl(body.decode(), keep_blank_values=True)), {}
    parsed = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    files: Files = {}
    for part in parsed.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if filename := part.get_filename():
            files[name] = (filename, content)
        else:
            query[name] = content.decode()
    return query, files
