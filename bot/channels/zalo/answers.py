"""Reading what Zalo answers: the envelope decides, whatever the HTTP status says (facts §1.1)."""

from __future__ import annotations

import json
from typing import Any

from bot.channels.zalo.errors import ApiError
from bot.conversation.outbox.delivery import ChannelPaused, PlatformDown, Refused
from bot.text import clean

LARGEST_ANSWER = 256 * 1024
LONGEST_ID = 80  # as wide as the column of the outbox
LARGEST_CODE = 10**6  # theirs have five digits; a code is counted and stored
_TOO_MANY = 429


def read(status: int, body: bytes) -> dict[str, Any]:
    """Return the envelope of a success.

    Raises ApiError for an error that Zalo names, PlatformDown for an answer that is none of Zalo's, Refused for an
    address that does not exist there.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _unreadable(status)
    code = _integer(found.get("error"))
    if code is None and ("error" in found or status >= 400):
        raise PlatformDown(f"http_{status}")
    if code:
        said = found.get("message") or found.get("error_name") or found.get("error_description") or ""
        raise ApiError(code, str(said))
    return found


def data_of(envelope: dict[str, Any]) -> dict[str, Any]:
    """Return `data` of an envelope; an empty one where there is none."""
    data = envelope.get("data")
    return data if isinstance(data, dict) else {}


def text_of(data: dict[str, Any], key: str) -> str | None:
    """Return an id or token as text: ids are strings here, as they exceed what JSON numbers hold."""
    value = data.get(key)
    return clean(str(value)) or None if isinstance(value, (str, int)) and not isinstance(value, bool) else None


def id_of(data: dict[str, Any], key: str) -> str | None:
    """Return the id of a message that went out; None for one that cannot be kept: that must not undo the sending."""
    found = text_of(data, key)
    return found if found is not None and len(found) <= LONGEST_ID else None


def _unreadable(status: int) -> Exception:
    if status == _TOO_MANY:
        return ChannelPaused("http_429", 60.0)
    if status == 404:  # "You are accessing an empty or invalid API"
        return Refused("http_404")
    return PlatformDown(f"http_{status}")


def _integer(value: Any) -> int | None:
    try:
        code = int(value) if isinstance(value, (int, str)) else None
    except ValueError:
        return None
    return code if code is not None and abs(code) < LARGEST_CODE else None
