"""The HTTP of the fake Zalo: which host and path leads where, how calls go wrong, and the control API."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from fakes.zalo import FakeZalo

EMPTY_API = b"You are accessing an empty or invalid API"
Answer = dict[str, Any]


class Handler(BaseHTTPRequestHandler):
    """Answers Zalo's calls, and those that control the fake."""

    server: FakeZalo
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._take()

    def do_POST(self) -> None:
        self._take()

    def _take(self) -> None:
        from fakes.zalo import Call

        split = urlsplit(self.path)
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        if split.path.startswith("/__ctl/"):
            return self._answer(200, self._control(split.path[7:], json.loads(content or b"{}")))
        if split.path.startswith("/cdn/"):
            return self._cdn(split.path[5:])
        body = self._body(content) if self.command == "POST" else query
        call = Call(self.command, split.path, dict(self.headers), body)
        with self.server.world.lock:
            self.server.calls.append(call)
        trouble = self.server.trouble_for(split.path)
        if trouble and self._goes_wrong(trouble):
            return None
        work = self._work(split.path, query, body)
        if work is None:
            return self._raw(404, EMPTY_API, "text/plain")
        call.answer = work()
        if trouble and trouble.startswith("after:"):  # it was done, and yet it is answered with an error
            return self._answer(200, {"error": int(trouble[6:]), "message": "failed"})
        if "Location" in call.answer:
            return self._raw(302, b"", "text/plain", Location=call.answer["Location"])
        return self._answer(200, call.answer, **self.server.oa.rate_headers())

    def _work(self, path: str, query: dict[str, str], body: Any) -> Callable[[], Answer] | None:
        host, _, rest = path[1:].partition("/")
        rest, headers = f"/{rest}", {name.lower(): value for name, value in self.headers.items()}
        if host == "oauth" and rest == "/v4/oa/permission" and self.command == "GET":
            return lambda: self.server.oauth.permission(query)
        if host == "oauth" and rest == "/v4/oa/access_token" and self.command == "POST":
            return lambda: self.server.oauth.access_token(headers, body)
        if host == "openapi":
            return self.server.oa.work(self.command, rest, headers, body)
        if host == "business":
            found = self.server.zbs.work(self.command, rest, body)
            return found and (lambda: self.server.oa.refusal(headers, zbs=True) or found())
        return None

    def _body(self, content: bytes) -> Any:
        kind = self.headers.get("Content-Type", "")
        if kind.startswith("application/x-www-form-urlencoded"):
            return {name: values[0] for name, values in parse_qs(content.decode(), strict_parsing=True).items()}
        if kind.startswith("multipart/form-data"):
            message = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + content)
            parts: Any = message.get_payload()
            return [(part.get_filename(), part.get_content_type(), part.get_payload(decode=True)) for part in parts]
        try:
            return json.loads(content or b"{}")
        except ValueError:
            return None

    def _goes_wrong(self, trouble: str) -> bool:
        """Return whether the call has been answered by going wrong."""
        what, _, detail = trouble.partition(":")
        if what.lstrip("-").isdecimal() and what.startswith("-"):
            message = detail or "failed"
            self._answer(200, {"error": int(what), "message": message}, **self.server.oa.rate_headers())
        elif what.isdecimal() and detail:  # a JSON error under an HTTP error
            self._answer(int(what), {"error": int(detail), "message": "failed"})
        elif what.isdecimal():
            self._raw(int(what), b"<html><body>Bad Gateway</body></html>", "text/html")
        elif what == "html":
            self._raw(200, b"<html></html>", "text/html")
        elif what == "close":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif what == "hang":
            time.sleep(float(detail))
            return False
        else:
            return False
        return True

    def _cdn(self, name: str) -> None:
        content, kind = self.server.cdn.get(name, (b"", ""))
        if not kind:
            return self._raw(404, b"", "text/plain")
        if kind.startswith("redirect:"):
            return self._raw(302, b"", "text/plain", Location=kind[9:])
        if kind.startswith("slow:"):
            time.sleep(float(kind[5:]))
        return self._raw(200, content, kind)

    def _control(self, what: str, body: Any) -> Any:
        zalo = self.server
        if what == "advance":
            zalo.world.advance(body["seconds"])
            return {"now": zalo.world.now.isoformat()}
        if what == "inject":
            zalo.inject(body["path"], body["trouble"], body.get("times", 1))
            return {}
        if what == "webhook":
            zalo.webhooks.url = body["url"]
            return {}
        if what == "say":
            return {"status": zalo.webhooks.deliver(zalo.oa.says(body["user"], body["text"]))}
        if what == "calls":
            return [vars(call) for call in zalo.calls if isinstance(call.body, (dict, list, type(None)))]
        return {"error": "unknown"}

    def _answer(self, status: int, body: Any, **headers: str) -> None:
        self._raw(status, json.dumps(body, ensure_ascii=False, default=str).encode(), "application/json", **headers)

    def _raw(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        try:
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # the caller has gone

    def log_message(self, *_args: object) -> None:
        pass
