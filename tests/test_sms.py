"""The SMS gateway: what is posted, and that a refusal is an OSError; against a real HTTP server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bot.sms import gateway


class Gateway(HTTPServer):
    """Takes messages, or refuses them with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = 200
        self.taken: list[tuple[str | None, object]] = []


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.headers.get("Authorization"), json.loads(body)))  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        if leads := getattr(self.server, "leads", None):
            self.send_header("Location", leads)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Gateway]:
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_one_message_is_one_post(server: Gateway) -> None:
    gateway(f"http://127.0.0.1:{server.server_port}/send", "secret")("0900001234", "Ma tra cuu 123456")
    assert server.taken == [("Bearer secret", {"to": "0900001234", "text": "Ma tra cuu 123456"})]


def test_a_refusal_is_an_os_error(server: Gateway) -> None:
    server.status = 503
    with pytest.raises(OSError):
        gateway(f"http://127.0.0.1:{server.server_port}/send", None)("0900001234", "x")
    assert server.taken == [(None, {"to": "0900001234", "text": "x"})]


def test_nobody_listens() -> None:
    with pytest.raises(OSError):
        gateway("http://127.0.0.1:9/send", None)("0900001234", "x")


def test_only_http_addresses() -> None:
    with pytest.raises(ValueError, match="http"):
        gateway("file:///etc/passwd", None)


def test_a_redirect_is_an_error_and_the_token_goes_nowhere_else(server: Gateway) -> None:
    server.status, elsewhere = 307, f"http://127.0.0.1:{server.server_port}/elsewhere"
    server.leads = elsewhere  # type: ignore[attr-defined]
    with pytest.raises(OSError):
        gateway(f"http://127.0.0.1:{server.server_port}/send", "secret")("0900001234", "x")
    assert len(server.taken) == 1, "nobody called the second address"
