"""The signature of a webhook event: SHA-256 over app id, raw body, timestamp and OA Secret Key (facts §2.2).

Sources disagree on which timestamp and which id, so all four forms are tried, and which one matched is counted.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from bot.channels.zalo.config import Config

HEADER = "X-ZEvent-Signature"
TIME_HEADER = "X-ZEvent-Timestamp"
_MAC = re.compile(r"\s*(?:mac\s*=\s*)?([0-9a-fA-F]{64})\s*")


def mac(first: str, body: bytes, timestamp: str, secret: str) -> str:
    """Return the signature: a plain hash of the four in a row, no HMAC."""
    parts = (first.encode(), body, timestamp.encode("utf-8", "replace"), secret.encode())
    return hashlib.sha256(b"".join(parts)).hexdigest()


def matching(
    config: Config, header: str, body: bytes, body_time: str | None, header_time: str | None, *, widely: bool = False
) -> str | None:
    """Return the name of the form that a signature has ("app_body"); None when it is of none.

    `widely`: the App Secret is tried in place of the OA Secret Key too, to tell an operator what was mixed up.
    """
    given = _MAC.fullmatch(header)
    if given is None:
        return None
    found = None
    for name, expected in _forms(config, body, body_time, header_time, widely):
        # All are compared, each in constant time: how long it takes says nothing.
        if hmac.compare_digest(given[1].lower(), expected):
            found = found or name
    return found


def _forms(
    config: Config, body: bytes, body_time: str | None, header_time: str | None, widely: bool
) -> list[tuple[str, str]]:
    secrets = [("", config.oa_secret_key)] + ([("_app_secret", config.app_secret)] if widely else [])
    times = [(name, time) for name, time in (("body", body_time), ("header", header_time)) if time]
    return [
        (f"{who}_{when}{suffix}", mac(first, body, time, secret))
        for suffix, secret in secrets
        for who, first in (("app", config.app_id), ("oa", config.oa_id))
        for when, time in times
    ]
