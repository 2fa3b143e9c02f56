"""The Telegram channel: what the core's sender gets to speak there, and to fetch what citizens send."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from httpx import create_ssl_context
from prometheus_client import Counter
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram import Message as Sent

from bot.channels.media import Downloader
from bot.channels.rare_log import RareLog
from bot.channels.telegram import reading, rendering
from bot.channels.telegram.client import Client
from bot.channels.telegram.limits import LARGEST_PHOTO, LARGEST_UPLOAD, OFFICIAL, OUR_CHAT_SECONDS, OUR_PER_SECOND
from bot.channels.telegram.rendering import ASKS, NOT_SHARING, File, Part, Picture, Text
from bot.conversation.media import MediaAway, MediaError, MediaRefused
from bot.conversation.outbox.delivery import DeliveryError, Limits, Refused
from bot.conversation.transcript import Line

log = logging.getLogger(__name__)

LOST = Counter("motcua_telegram_pictures_lost", "Pictures and files that became a link in words", ["reason"])
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,100}")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

FetchOwn = Callable[[str], Awaitable[bytes]]


class TelegramChannel:
    """Telegram as `bot.conversation.outbox.delivery.Channel`, and the files that citizens sent there."""

    name = speaks_to = reading.CHANNEL
    limits = Limits(OUR_CHAT_SECONDS, OUR_PER_SECOND)

    def __init__(
        self,
        token: str,
        fetch_own: FetchOwn,
        api_url: str = OFFICIAL,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`fetch_own` returns the bytes of an address of ours. Raises ValueError for what cannot be a token."""
        if not _TOKEN.fullmatch(token):
            raise ValueError("MOTCUA_TELEGRAM_TOKEN không đúng dạng; chép lại token của @BotFather, ví dụ 123456:ABC…")
        api_url = api_url.rstrip("/")
        tls = create_ssl_context()  # one for all: reading the certificates takes its time
        self.client = Client(token, api_url, tls, monotonic)
        self.is_official = api_url == OFFICIAL
        self._fetch_own = fetch_own
        self._downloader = Downloader(own=[api_url], tls=tls)
        self._rarely = RareLog(log)

    async def close(self) -> None:
        """Let go of the connections."""
        await self.client.close()
        await self._downloader.close()

    def render(self, line: Line) -> list[Part]:
        """Return the parts that a message becomes there; raises Refused for one that Telegram would never take."""
        return rendering.render(line)

    async def send(self, to: str, part: Part, key: str) -> str | None:
        """Send one part and return its message id; raises DeliveryError.

        Telegram knows no key: a part whose answer was lost may arrive twice.
        """
        if not re.fullmatch(r"-?[0-9]{1,16}", to):
            raise Refused("address")
        chat = int(to)
        if isinstance(part, Text):
            return await self._send(lambda bot: _send_text(bot, chat, part))
        return await self._send_own(chat, part)

    def price(self, silent_seconds: float | None, kind: str) -> int | None:
        """Return 0 for whoever wrote once: a bot may answer them at any time, but not begin with a stranger."""
        return None if silent_seconds is None else 0

    async def fetch(self, media: dict[str, Any]) -> bytes:
        """Return the bytes of a photo or voice message; raises bot.conversation.media.MediaError."""
        file_id, size = media.get("file_id"), media.get("size")
        if not isinstance(file_id, str):
            raise MediaRefused("no_file")
        if isinstance(size, int) and size > reading.LARGEST_FETCHED:
            raise MediaRefused("too_large")
        try:
            address = await self.client.file_address(file_id)
        except Refused as error:
            raise MediaRefused(error.reason) from None
        except DeliveryError as error:
            raise MediaAway(error.reason) from None
        return await self._downloader.fetch(address, reading.LARGEST_FETCHED)

    async def _send(self, work: Callable[[Bot], Awaitable[Sent]]) -> str:
        return str((await self.client.call(work)).message_id)

    async def _send_own(self, chat: int, part: Picture | File) -> str:
        """Send a picture or file; one that cannot be had, or that Telegram refuses, becomes a link in words."""
        try:
            body = await self._own(part)
            return await self._send(lambda bot: _send_file(bot, chat, part, body))
        except (MediaError, Refused) as error:
            # The answer in words stands behind this part: it must not wait for the picture for ever.
            LOST.labels(error.reason).inc()
            self._rarely.warning(f"a picture or file became a link: {error.reason}")
            words = Text(f"{part.caption}\n{part.url}".strip())
            return await self._send(lambda bot: _send_text(bot, chat, words))

    async def _own(self, part: Picture | File) -> bytes:
        largest = LARGEST_PHOTO if isinstance(part, Picture) else LARGEST_UPLOAD
        try:
            body = await self._fetch_own(part.url)
        except Exception as error:  # whatever drawing a page of ours raises: a fault of ours, none of Telegram's
            self._rarely.warning(f"a page of ours could not be had: {type(error).__name__}")
            raise MediaRefused("no_page") from None
        if not 0 < len(body) <= largest:
            raise MediaRefused("too_large" if body else "empty")
        return body


async def _send_text(bot: Bot, chat: int, part: Text) -> Sent:
    return await bot.send_message(chat, part.text, link_preview_options=_NO_PREVIEW, reply_markup=_keyboard(part))


async def _send_file(bot: Bot, chat: int, part: Picture | File, body: bytes) -> Sent:
    caption = part.caption or None
    if isinstance(part, Picture):
        return await bot.send_photo(chat, body, caption)
    return await bot.send_document(chat, body, caption, filename=part.name)


def _keyboard(part: Text) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove:
    """Return the buttons under a text, or the keyboard that asks; a plain text takes away the one that asked."""
    if part.rows:
        return InlineKeyboardMarkup(
            [[InlineKeyboardButton(choice.title, callback_data=choice.payload) for choice in row] for row in part.rows]
        )
    if part.ask:
        title, hint = ASKS[part.ask]
        share = KeyboardButton(title, request_contact=part.ask == "contact", request_location=part.ask == "location")
        return ReplyKeyboardMarkup(
            [[share], [KeyboardButton(NOT_SHARING)]],
            resize_keyboard=True,
            one_time_keyboard=True,
            input_field_placeholder=hint,
        )
    return ReplyKeyboardRemove()
