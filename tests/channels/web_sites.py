"""The web channel on real ports: our application in a thread with its database at hand, and other people's sites."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from live_server import free_port
from starlette.applications import Starlette

from bot.channels.web.routes import CHANNEL
from bot.channels.web.server import Server
from bot.conversation.heads import heads
from bot.conversation.ways import Ways
from bot.db.engine import Database
from bot.messages import say

SECONDS = 20.0
PAGE_OF_OTHERS = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Trang phường Thử</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body>
<main><h1>Trang phường Thử</h1><p>Lịch tiếp dân.</p><a href="/">Trang chủ</a></main>
{body}</body></html>"""


class Site:
    """Our application, served until `stop`; it waits for open connections without end, so a stop that hangs is seen."""

    def __init__(self, app: Starlette, certificate: tuple[Path, Path] | None = None) -> None:
        port = free_port()
        files = {"ssl_certfile": certificate[0], "ssl_keyfile": certificate[1]} if certificate else {}
        config = uvicorn.Config(app, port=port, log_level="warning", access_log=False, **files)  # type: ignore[arg-type]
        self.app = app
        self.url = f"http{'s' if certificate else ''}://127.0.0.1:{port}"
        self._server = Server(config, app.state.web.close)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def start(self) -> Site:
        self._thread.start()
        wait_until(lambda: self._server.started, "the server has started")
        return self

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(SECONDS)
        assert not self._thread.is_alive(), "the server stops though pages are open"

    @property
    def open_pages(self) -> int:
        count: int = self.app.state.web.live.count
        return count


def wait_until(done: Callable[[], bool], what: str) -> None:
    """Wait until something is so; fails when it takes longer than anybody would wait."""
    until = time.monotonic() + SECONDS
    while not done():
        assert time.monotonic() < until, f"not so: {what}"
        time.sleep(0.02)


def tell(database: Database, cookie: str, text: str) -> None:
    """Say something that nobody asked for to the visitor with this cookie: a notice, a person of the staff."""
    sender = cookie.partition(".")[0]
    with database.unit_of_work() as session:
        conversation_id = heads(session, CHANNEL, [sender])[sender].conversation_id
        Ways(looking=[CHANNEL]).tell(session, conversation_id, say("info", text, topic="notice"))


class Reader:
    """One open page's stream, read event by event."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.iter_lines()

    def next(self, name: str) -> dict[str, Any]:
        """Return the next event of this name: its data, and its id as `id`; comments come as `comment`."""
        held: dict[str, str] = {}
        for line in self._lines:
            if line.startswith(":") and name == "comment":
                return {"comment": line}
            if line:
                field, _, value = line.partition(": ")
                held[field] = value
            elif held.get("event") == name:
                return {"id": held["id"], **json.loads(held["data"])}
            else:
                held = {}
        raise AssertionError(f"the stream ended without {name}")

    def rest(self) -> list[str]:
        """Return what comes until the stream ends."""
        return list(self._lines)


@contextmanager
def listening(client: httpx.Client, path: str = "/web/events", **headers: str) -> Iterator[Reader]:
    """Open a stream as the page does."""
    with client.stream("GET", path, headers=headers, timeout=SECONDS) as response:
        assert response.status_code == 200, response.read()
        yield Reader(response)


class OtherSite:
    """Somebody else's site on another origin; `body` and `policy` (its CSP) may be set once the addresses are known."""

    def __init__(self, certificate: tuple[Path, Path] | None = None) -> None:
        self.body, self.policy = "", ""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200 if self.path == "/" else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                if site.policy:
                    self.send_header("Content-Security-Policy", site.policy)
                self.end_headers()
                self.wfile.write(PAGE_OF_OTHERS.format(body=site.body).encode())

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        # "localhost" is another site than 127.0.0.1, not only another origin
        host = "https://localhost" if certificate else "http://127.0.0.1"
        self.url = f"{host}:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate that signs itself, for this machine; returns its file and that of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(timezone.utc)  # the browser's clock, not ours
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


def is_port_free(url: str) -> bool:
    """Return whether nobody listens there any more."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(url.rsplit(":", 1)[1]))) != 0
