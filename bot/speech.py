"""Speech to text: one POST of a voice message, answered by {"text": "…"}; another service is another function."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from http.client import HTTPException

from bot import outgoing

TIMEOUT_SECONDS = 30
LONGEST_ANSWER = 64 * 1024


def service(url: str, token: str | None) -> Callable[[bytes], str]:
    """Return the function that turns a voice message (as the platform has it: Ogg/Opus, AMR) into text.

    It raises OSError when the service does not answer as it should. Raises ValueError for an address not of http(s).
    """
    if not url.startswith(("https://", "http://")):
        raise ValueError("the speech service's address must begin with https:// or http://")

    def listen(sound: bytes) -> str:
        """Return what was said; empty when nothing was understood."""
        request = urllib.request.Request(  # noqa: S310 (the operator's own address, checked above)
            url,
            sound,
            {
                "Content-Type": "application/octet-stream",
                **({"Authorization": f"Bearer {token}"} if token else {}),
            },
        )
        with outgoing.call(request, TIMEOUT_SECONDS) as answer:
            try:
                text = json.loads(answer.read(LONGEST_ANSWER))["text"]
            except (ValueError, KeyError, TypeError, RecursionError, HTTPException):
                text = None
        if not isinstance(text, str):
            raise OSError("the speech service's answer cannot be read")
        return text.strip()

    return listen
