"""Who somebody is, a cookie says: a random number and its signature, so that nobody picks a session or guesses one."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from bot import clock

COOKIE_SECONDS = 30 * 24 * 3600
# Before this day cookies were not signed. Whoever wrote before it may come with such a cookie; nobody who came later.
SIGNED_SINCE = datetime(2026, 11, 28, tzinfo=clock.UTC)
_SIGNED = re.compile(r"([A-Za-z0-9_-]{32})\.([A-Za-z0-9_-]{43})")
_UNSIGNED = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True)
class Door:
    """One of the two places where the page stands. Each has a session of its own, and calls under its own path."""

    path: str  # its calls begin so
    cookie: str
    framed: bool  # inside a page of another site


PAGE = Door("/web", "mc_session", framed=False)
WIDGET = Door("/widget", "mc_widget", framed=True)


def new() -> str:
    """Return a session that nobody has."""
    return secrets.token_urlsafe(24)


def unsigned(door: Door, request: Request) -> str | None:
    """Return the session of a cookie from before they were signed; whether it may still count, its talk decides."""
    cookie = request.cookies.get(door.cookie, "")
    return cookie if door is PAGE and _UNSIGNED.fullmatch(cookie) else None


class Sessions:
    """Signs and reads with the keys of one installation."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Keep what is derived from the keys: the first signs, all of them verify."""
        self._signing = [hmac.digest(key, b"motcua web session", "sha256") for key in keys]
        self._naming = hmac.digest(keys[0], b"motcua web conversation", "sha256")

    def read(self, door: Door, request: Request) -> str | None:
        """Return the session of the request; None without one that we signed for this door."""
        match = _SIGNED.fullmatch(request.cookies.get(door.cookie, ""))
        if match is None:
            return None
        session, given = match[1], match[2].encode()
        genuine = [hmac.compare_digest(_signature(key, door, session), given) for key in self._signing]
        return session if any(genuine) else None

    def give(self, door: Door, request: Request, response: Response, session: str) -> None:
        """Put the session into a cookie that scripts cannot read, for thirty days from now."""
        value = f"{session}.{_signature(self._signing[0], door, session).decode()}"
        cookie = f"{door.cookie}={value}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; "
        secure = request.url.scheme == "https"
        if door.framed and secure:
            # In a frame on another site only such a cookie is kept: a jar of its own for each site (CHIPS).
            cookie += "SameSite=None; Secure; Partitioned"
        else:
            cookie += "SameSite=Lax" + ("; Secure" if secure else "")
        # By hand: http.cookies of Python 3.10 does not know Partitioned.
        response.headers.append("set-cookie", cookie)

    def tag(self, conversation_id: int) -> str:
        """Return a name for a conversation that tells two of them apart and nothing else."""
        return hmac.new(self._naming, str(conversation_id).encode(), "sha256").hexdigest()[:16]


def _signature(key: bytes, door: Door, session: str) -> bytes:
    return base64.urlsafe_b64encode(hmac.digest(key, f"{door.cookie}:{session}".encode(), "sha256")).rstrip(b"=")
