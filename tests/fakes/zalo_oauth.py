"""The fake's OAuth v4: codes that live ten minutes and work once, refresh tokens that work once (facts §1.2)."""

from __future__ import annotations

import base64
import hashlib
import itertools
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from fakes.zalo import World

CODE_LIFE, REFRESH_LIFE = timedelta(minutes=10), timedelta(days=92)


@dataclass
class Code:
    """A code of consent."""

    until: datetime
    challenge: str | None


class OAuth:
    """Grants of one app for one account."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.access_seconds = 90_000
        self.redirect_domains: list[str] = ["http://127.0.0.1"]
        self.slow = 0.0  # seconds that a refresh takes
        self.refreshes = 0  # that succeeded
        self.refused: list[int] = []
        self._codes: dict[str, Code] = {}
        self._access: dict[str, datetime] = {}
        self._refresh: dict[str, datetime] = {}
        self._serial = itertools.count(1)

    def pair(self) -> tuple[str, str]:
        """Return a new access and refresh token, as the API Explorer gives them out."""
        with self.world.lock:
            number = next(self._serial)
            access, refresh = f"AT-{number:06d}", f"RT-{number:06d}"
            self._access[access] = self.world.now + timedelta(seconds=self.access_seconds)
            self._refresh[refresh] = self.world.now + REFRESH_LIFE
            return access, refresh

    def revoke(self) -> None:
        """Take all rights back, as an administrator can."""
        self._access.clear()
        self._refresh.clear()

    def end_access(self) -> None:
        """End the access tokens before their time."""
        for token in self._access:
            self._access[token] = self.world.now - timedelta(seconds=1)

    def error_of(self, access: str | None) -> int:
        """Return the API's error for an access token; 0 when it is good."""
        until = self._access.get(access or "")
        if until is None:
            return -216
        return 0 if self.world.now < until else -220

    def permission(self, query: dict[str, str]) -> dict[str, Any]:
        """Consent, as an administrator who clicks at once."""
        redirect = query.get("redirect_uri", "")
        if query.get("app_id") != self.world.app_id:
            return self._error(-14002, "Invalid app id")
        if "?" in redirect or not any(redirect.startswith(domain) for domain in self.redirect_domains):
            return self._error(-14003, "Invalid redirect uri")
        code = self.code(query.get("code_challenge"))
        back = {"code": code, "oa_id": self.world.oa_id}
        if "state" in query:
            back["state"] = query["state"]
        return {"Location": f"{redirect}?{urlencode(back)}"}

    def code(self, challenge: str | None = None) -> str:
        """Return a code of consent."""
        code = f"CODE-{next(self._serial):06d}"
        self._codes[code] = Code(self.world.now + CODE_LIFE, challenge)
        return code

    def access_token(self, headers: dict[str, str], form: Any) -> dict[str, Any]:
        """Exchange a code, or refresh."""
        if headers.get("secret_key") != self.world.app_secret:
            return self._error(-14004, "Invalid secret key")
        if not isinstance(form, dict) or form.get("app_id") != self.world.app_id:
            return self._error(-14002, "Invalid app id")
        if form.get("grant_type") == "authorization_code":
            return self._exchange(form)
        if form.get("grant_type") == "refresh_token":
            return self._refreshed(form)
        return self._error(-14005, "Invalid grant type")

    def _exchange(self, form: dict[str, str]) -> dict[str, Any]:
        with self.world.lock:
            code = self._codes.pop(form.get("code", ""), None)
        if code is None or code.until < self.world.now:
            return self._error(-14010, "Invalid authorization code")
        if code.challenge:
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != code.challenge:
                return self._error(-14011, "Invalid code verifier")
        return self._success()

    def _refreshed(self, form: dict[str, str]) -> dict[str, Any]:
        with self.world.lock:  # single use: the second of two gets nothing
            until = self._refresh.pop(form.get("refresh_token", ""), None)
        time.sleep(self.slow)
        if until is None or until < self.world.now:
            return self._error(-14014, "Invalid refresh token")
        self.refreshes += 1
        return self._success()

    def _success(self) -> dict[str, Any]:
        access, refresh = self.pair()
        return {"access_token": access, "refresh_token": refresh, "expires_in": str(self.access_seconds)}

    def _error(self, code: int, name: str) -> dict[str, Any]:
        self.refused.append(code)
        return {"error": code, "error_name": name, "error_reason": name, "ref_doc": "https://example.org/doc"}
