"""The fake's webhook sender: signs in all disputed ways, and sends again until it gets its 200 (facts §2.2, §2.3)."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from fakes.zalo_events import Events
from fakes.zalo_zbs import Templates

if TYPE_CHECKING:
    from fakes.zalo import World

# The retry ladder in seconds, of one of two sources (facts §2.3); on the fake's clock, so that a test need not wait.
LADDER = (30, 300, 900, 1800, 3600)
PATIENCE = 2.0
STYLES = ("compact", "spaced", "escaped", "indented")


def body_of(event: Any, style: str = "compact") -> bytes:
    """Return an event as bytes; the signature is over these bytes, whatever their spacing and escaping."""
    if style == "spaced":
        return json.dumps(event, ensure_ascii=False).encode()
    if style == "escaped":
        return json.dumps(event, separators=(",", ":")).encode()
    if style == "indented":
        return json.dumps(event, ensure_ascii=False, indent=2).encode()
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


class Webhooks(Events):
    """Whoever calls us."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.templates = Templates()
        self.url = ""
        self.variant = "app_body"  # or app_header, oa_body, oa_header; app_secret, hmac
        self.style = "compact"
        self.registered = True
        self.slowest = 0.0  # seconds that an answer took
        self.attempts: list[tuple[int, int]] = []  # num_retry, status

    def mac(self, body: bytes, body_time: str, header_time: str) -> str:
        """Return the signature in the form that is set."""
        who, _, when = self.variant.partition("_")
        first = self.world.oa_id if who == "oa" else self.world.app_id
        secret = self.world.app_secret if self.variant == "app_secret" else self.world.oa_secret_key
        content = first.encode() + body + (header_time if when == "header" else body_time).encode()
        if self.variant == "hmac":
            return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
        return hashlib.sha256(content + secret.encode()).hexdigest()

    def headers(self, event: Any, body: bytes) -> dict[str, str]:
        """Return the headers of a signed event; the header's time is another than the body's."""
        header_time = str(int(self.world.now_ms) + 7)
        body_time = str(event.get("timestamp", "")) if isinstance(event, dict) else ""
        return {
            "Content-Type": "application/json",
            "X-ZEvent-Signature": f"mac={self.mac(body, body_time, header_time)}",
            "X-ZEvent-Timestamp": header_time,
        }

    def post(self, body: bytes, headers: dict[str, str] | None = None, method: str = "POST") -> int:
        """Send one request; returns the status, 0 when no answer came in two seconds."""
        request = urllib.request.Request(self.url, body if method == "POST" else None, headers or {}, method=method)
        began = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0
        finally:
            self.slowest = max(self.slowest, time.monotonic() - began)

    def once(self, event: Any, more: dict[str, str] | None = None) -> int:
        """Send a signed event once."""
        body = body_of(event, self.style)
        return self.post(body, {**self.headers(event, body), **(more or {})})

    def deliver(self, event: Any, more: dict[str, str] | None = None) -> int:
        """Send an event until it is taken, up the ladder; after the last failure the app is taken off the webhook."""
        body = body_of(event, self.style)
        headers = {**self.headers(event, body), **(more or {})}
        for number, wait in enumerate((0, *LADDER)):
            if not self.registered:
                return 0
            self.world.advance(wait)
            status = self.post(body, headers | ({"num_retry": str(number)} if number else {}))
            self.attempts.append((number, status))
            if status == 200:
                return status
        self.registered = False
        return status

    def echo(self, user: str, message: dict[str, Any], message_id: str) -> None:
        """Tell of a message that the account sent: its echo, that it was received, and seen."""
        kind = "oa_send_text" if "text" in message else "oa_send_file"
        for name, told in (
            (kind, {"text": message.get("text", ""), "msg_id": message_id}),
            ("user_received_message", {"msg_id": message_id}),
            ("user_seen_message", {"msg_ids": [message_id]}),
        ):
            self.once(self.from_account(user, name, told))
