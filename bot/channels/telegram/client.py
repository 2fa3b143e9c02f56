"""The Bot API through python-telegram-bot, as transport only: calls go out, and its errors come back as ours.

No `Application`: its queue would take an update as done before it is stored. No `AIORateLimiter`: the sender of the
core paces what goes out, and must know when Telegram wants silence instead of waiting inside a call.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from ssl import SSLContext
from typing import TypeVar
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from bot.channels.telegram import limits
from bot.conversation.outbox.delivery import (
    ChannelPaused,
    DeliveryError,
    NeedsStaff,
    PlatformDown,
    Refused,
    Unreachable,
)

CONNECT_SECONDS, CALL_SECONDS, UPLOAD_SECONDS = 10.0, 20.0, 60.0
CONNECTIONS = 32
# What Telegram's sentences mean, as words for states and metrics; its own words may quote what was sent.
_GONE = ("chat not found", "user not found", "peer_id_invalid", "chat_id_invalid", "user_id_invalid")
_WRONG = {
    "message is too long": "too_long",
    "caption is too long": "too_long",
    "text is empty": "empty",
    "button_data": "button",
    "photo_invalid": "picture",
    "image_process": "picture",
    "file is too big": "too_large",
    "file_id": "gone",
    "query is too old": "old_query",
}
T = TypeVar("T")


def quieten_libraries() -> None:
    """Keep the libraries' own lines out of the log: they hold the token (in addresses) and what people write."""
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


class Client:
    """Calls the Bot API. `bot` is python-telegram-bot's own."""

    def __init__(
        self, token: str, api_url: str, tls: SSLContext, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """`api_url` is Telegram's, or that of a Bot API server of one's own."""
        quieten_libraries()
        self._url, self._file_url = f"{api_url}/bot{token}", f"{api_url}/file/bot{token}/"
        self._monotonic, self._silent_until = monotonic, 0.0
        self._requests = [
            HTTPXRequest(
                connection_pool_size=size,
                read_timeout=CALL_SECONDS,
                write_timeout=CALL_SECONDS,
                connect_timeout=CONNECT_SECONDS,
                pool_timeout=CONNECT_SECONDS,
                media_write_timeout=UPLOAD_SECONDS,
                httpx_kwargs={"verify": tls},
            )
            for size in (CONNECTIONS, 1)
        ]
        sending, self._polling = self._requests
        self.bot = Bot(token, f"{api_url}/bot", f"{api_url}/file/bot", sending, self._polling)

    async def close(self) -> None:
        """Let go of the connections."""
        for request in self._requests:
            await request.shutdown()

    async def call(self, work: Callable[[Bot], Awaitable[T]]) -> T:
        """Do `work` with the bot; raises DeliveryError.

        After a RetryAfter nothing goes out before its time is over, whatever it was that Telegram found too fast.
        """
        left = self._silent_until - self._monotonic()
        if left > 0:
            raise ChannelPaused("rate", left)
        return await self._ours(work(self.bot))

    async def updates(self, offset: int | None, seconds: int) -> list[object]:
        """Return what happened from `offset` on, as Telegram sends it, after at most `seconds`; raises DeliveryError.

        Everything before `offset` is then done with for Telegram.
        """
        wanted = {"timeout": seconds, "limit": limits.UPDATES_AT_ONCE, "allowed_updates": allowed()}
        query = urlencode(wanted if offset is None else {**wanted, "offset": offset})
        url = f"{self._url}/getUpdates?{query}"
        found: object = await self._ours(self._polling.post(url, read_timeout=seconds + CALL_SECONDS))
        if not isinstance(found, list):
            raise PlatformDown("garbage")
        return found

    async def file_address(self, file_id: str) -> str:
        """Return where a file can be fetched for an hour or more; raises DeliveryError."""
        file = await self.call(lambda bot: bot.get_file(file_id))
        # A server run with --local names a path on its own disk. It is not read: only what we asked for may be.
        if not file.file_path or not file.file_path.startswith(self._file_url):
            raise Refused("local_file")
        return file.file_path

    async def _ours(self, work: Awaitable[T]) -> T:
        try:
            return await work
        except RetryAfter as error:
            wait = error.retry_after
            seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
            self._silent_until = max(self._silent_until, self._monotonic() + seconds)
            raise ChannelPaused("rate", seconds) from None
        except TelegramError as error:
            raise meaning(error) from None  # the causes hold the token and what was sent
        except (KeyError, TypeError, AttributeError, ValueError):
            # An answer in JSON that is none of Telegram's: python-telegram-bot then fails anyhow.
            raise PlatformDown("garbage") from None


def meaning(error: TelegramError) -> DeliveryError:
    """Return what an error of python-telegram-bot means for a delivery; RetryAfter is not for here."""
    said = error.message.lower()
    if isinstance(error, Forbidden):
        return Unreachable("deactivated" if "deactivated" in said else "blocked")
    if isinstance(error, ChatMigrated):
        return Unreachable("chat_gone")
    if isinstance(error, BadRequest):
        if any(words in said for words in _GONE):
            return Unreachable("chat_gone")
        return Refused(next((reason for words, reason in _WRONG.items() if words in said), "bad_request"))
    if isinstance(error, InvalidToken):
        return NeedsStaff("token")
    if isinstance(error, Conflict):
        return NeedsStaff("conflict")
    if "entity too large" in said:
        return Refused("too_large")
    return PlatformDown("timeout" if isinstance(error, TimedOut) else "network")


def allowed(kinds: Sequence[str] = limits.ALLOWED_UPDATES) -> str:
    """Return the kinds of updates that we want, as the Bot API takes them."""
    return json.dumps(kinds)
