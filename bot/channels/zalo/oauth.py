"""OAuth v4: the address at which an administrator consents, and the two calls that give a pair of tokens (facts §1.2).

These calls block: they run in a thread, under the lock of the grant.
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from ssl import SSLContext
from urllib.parse import urlencode

import httpx

from bot.channels.zalo import answers
from bot.channels.zalo.config import Config
from bot.conversation.outbox.delivery import PlatformDown

PATH = "/v4/oa/access_token"
WAIT_SECONDS = 5.0  # for each wait on the network
WHOLE_SECONDS = 8.0  # altogether: shorter than others wait for the lock (PostgreSQL's lock_timeout)
_TOKEN = re.compile(r"[\x21-\x7e]{8,4096}")  # it becomes a header
_LONGEST_LIFE = 10 * 365 * 24 * 3600  # seconds; a longer one is no time of ours, and its end no date


class BadToken(ValueError):
    """A token that cannot be one; the text never quotes it."""


@dataclass(frozen=True)
class Pair:
    """An access token, how long it lives, and the refresh token that gives the next pair, once."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    life: timedelta


def check_token(token: str) -> str:
    """Return a token as it is; raises BadToken for what is none."""
    if not _TOKEN.fullmatch(token):
        raise BadToken("đây không phải mã truy cập của Zalo: phải là một chuỗi ký tự liền, không dấu cách")
    return token


def challenge(verifier: str) -> str:
    """Return the S256 challenge of a PKCE verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode()


def permission_url(config: Config, state: str) -> str:
    """Return where an administrator of the account consents. No secret may stand in the redirect address itself."""
    query = {"app_id": config.app_id, "redirect_uri": config.redirect_uri, "state": state}
    if config.code_verifier:
        query["code_challenge"] = challenge(config.code_verifier)
    return f"{config.oauth_url}/v4/oa/permission?{urlencode(query)}"


class OAuth:
    """The two calls. `moment` is the clock that limits them, a monotonic one."""

    def __init__(
        self, config: Config, tls: SSLContext | bool = True, moment: Callable[[], float] = time.monotonic
    ) -> None:
        """Open the client now: loading the certificates takes a tenth of a second, and the lock is dear."""
        self._config, self._moment = config, moment
        headers = {"Accept-Encoding": "identity", "secret_key": config.app_secret}
        self._client = httpx.Client(headers=headers, verify=tls)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def exchange(self, code: str) -> Pair:
        """Return the pair for a code of consent; raises ApiError or PlatformDown."""
        form = {"code": code, "grant_type": "authorization_code"}
        if self._config.code_verifier:
            form["code_verifier"] = self._config.code_verifier
        return self._call(form)

    def refresh(self, refresh_token: str) -> Pair:
        """Return the next pair; the token given is spent. Raises ApiError or PlatformDown."""
        return self._call({"refresh_token": refresh_token, "grant_type": "refresh_token"})

    def _call(self, form: dict[str, str]) -> Pair:
        envelope = answers.read(*self._post({**form, "app_id": self._config.app_id}))
        access, refresh = answers.text_of(envelope, "access_token"), answers.text_of(envelope, "refresh_token")
        seconds = answers.text_of(envelope, "expires_in") or ""
        try:
            pair = Pair(check_token(access or ""), check_token(refresh or ""), timedelta(seconds=int(seconds)))
        except (BadToken, ValueError, OverflowError):
            raise PlatformDown("no_token_pair") from None
        if not 0 < pair.life.total_seconds() <= _LONGEST_LIFE:
            raise PlatformDown("no_token_pair")
        return pair

    def _post(self, form: dict[str, str]) -> tuple[int, bytes]:
        until, body = self._moment() + WHOLE_SECONDS, b""
        url = self._config.oauth_url + PATH
        try:
            with self._client.stream("POST", url, data=form, timeout=WAIT_SECONDS) as response:
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > answers.LARGEST_ANSWER or self._moment() > until:
                        raise PlatformDown("too_long")
                return response.status_code, body
        except httpx.HTTPError as error:
            raise PlatformDown(type(error).__name__) from None
