"""The SMS gateway: one POST of {"to", "text"} with a bearer token; another gateway is another function of this form."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable

from bot import outgoing

TIMEOUT_SECONDS = 10


def gateway(url: str, token: str | None) -> Callable[[str, str], None]:
    """Return the function (phone, text) that sends an SMS; it raises OSError when the gateway does not take it.

    Raises ValueError for an address that is not http(s).
    """
    if not url.startswith(("https://", "http://")):
        raise ValueError("the SMS gateway's address must begin with https:// or http://")

    def send(phone: str, text: str) -> None:
        """Send one SMS."""
        request = urllib.request.Request(  # noqa: S310 (the operator's own address, checked above)
            url,
            json.dumps({"to": phone, "text": text}).encode(),
            {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})},
        )
        with outgoing.call(request, TIMEOUT_SECONDS):
            pass

    return send
