"""The Zalo channel: messages out to the chat of an Official Account, and the photos and voices that come in."""

from __future__ import annotations

import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.media import Downloader
from bot.channels.rare_log import RareLog
from bot.channels.zalo import answers, rendering
from bot.channels.zalo import parts as shapes
from bot.channels.zalo.alarms import LINKS
from bot.channels.zalo.config import Config
from bot.channels.zalo.endpoint import Endpoint
from bot.channels.zalo.errors import OA, ApiError, Fault, as_delivery_error
from bot.channels.zalo.limits import (
    CHAT_SECONDS,
    FREE_WINDOW,
    LARGEST_PHOTO,
    LARGEST_VOICE,
    PAID_WINDOW,
    PER_SECOND,
    WINDOW_MARGIN,
)
from bot.channels.zalo.parts import ContactPart, FilePart, ListPart, Part, PicturePart, TextPart
from bot.channels.zalo.uploads import NotUploadable, Uploads
from bot.conversation.media import MediaRefused
from bot.conversation.outbox.delivery import DeliveryError, Limits, Refused, TryLater
from bot.conversation.transcript import Line

log = logging.getLogger(__name__)

CHANNEL = "zalo"
MOST_TRIES = 2  # of a message that Zalo says it could not send: it may have gone out
REMEMBERED = 1_000
_LIST_REFUSED = (-201, -233)
_CONTACT_REFUSED = (-201, -233)

USER_ID = re.compile(r"[0-9]{1,32}")
FetchOwn = Callable[[str], Awaitable[bytes]]


@dataclass(frozen=True)
class Tools:
    """What the channel works with; `fetch_own` returns the bytes behind an address of ours."""

    endpoint: Endpoint
    uploads: Uploads
    downloader: Downloader
    fetch_own: FetchOwn


class ZaloChannel:
    """The chat with citizens."""

    name = CHANNEL
    speaks_to = CHANNEL
    limits = Limits(chat_seconds=CHAT_SECONDS, per_second=PER_SECOND)

    def __init__(self, config: Config, tools: Tools) -> None:
        """Keep the parts."""
        self._config, self._tools = config, tools
        self._rarely = RareLog(log)
        self._lists_refused = False
        self._tries: OrderedDict[str, int] = OrderedDict()

    def render(self, line: Line) -> list[Any]:
        """Return the parts that a message becomes."""
        return list(rendering.render(line, use_list=self._config.use_list, image_url=self._config.image_url))

    def price(self, silent_seconds: float | None, kind: str) -> int | None:
        """Return what a message costs after so much silence (facts §1.7); None: Zalo would refuse it."""
        if silent_seconds is None or self._tools.endpoint.is_human_reply:
            return None
        margin = WINDOW_MARGIN.total_seconds()
        if silent_seconds <= FREE_WINDOW.total_seconds() - margin:
            return 0
        return self._config.paid_price if silent_seconds <= PAID_WINDOW.total_seconds() - margin else None

    async def send(self, to: str, part: Part, key: str) -> str | None:
        """Send one part; returns Zalo's id of it, None where nothing had to be sent. Raises DeliveryError."""
        if not USER_ID.fullmatch(to):
            raise Refused("address")
        try:
            return await self._send(to, part)
        except ApiError as error:
            raise self._failure(error, key) from None
        except SQLAlchemyError:  # whatever we note in the database is noted before the message goes out
            raise TryLater("database") from None

    async def fetch(self, media: Mapping[str, Any]) -> bytes:
        """Return a photo or voice message that a citizen sent; raises MediaError. Zalo's addresses end soon."""
        largest = LARGEST_VOICE if media.get("kind") == "voice" else LARGEST_PHOTO
        url = media.get("url")
        if not isinstance(url, str):
            raise MediaRefused("address")
        return await self._tools.downloader.fetch(url, largest)

    async def _send(self, to: str, part: Part) -> str | None:
        if isinstance(part, TextPart):
            return await self._call(shapes.text_body(to, part))
        if isinstance(part, ListPart):
            return await self._list(to, part)
        if isinstance(part, ContactPart):
            return await self._contact(to, part)
        return await self._upload_and_send(to, part)

    async def _list(self, to: str, part: ListPart) -> str | None:
        if not self._lists_refused:
            try:
                return await self._call(shapes.list_body(to, part))
            except ApiError as error:
                if error.code not in _LIST_REFUSED:
                    raise
                self._lists_refused = True  # until the next start; each one would cost a call
        return await self._call(shapes.text_body(to, part.plain))

    async def _contact(self, to: str, part: ContactPart) -> str | None:
        try:
            return await self._call(shapes.contact_body(to, part))
        except ApiError as error:
            if error.code in _CONTACT_REFUSED:
                return None  # the text before it asks for the number anyway
            raise

    async def _upload_and_send(self, to: str, part: PicturePart | FilePart) -> str | None:
        try:
            return await self._uploaded(to, part, await self._own(part.url))
        except NotUploadable as error:
            LINKS.labels(str(error)).inc()
            return await self._link(to, part)
        except ApiError as error:
            if error.fault(OA) is Fault.REFUSED:  # this picture, not this person
                LINKS.labels(str(error.code)).inc()
                return await self._link(to, part)
            raise

    async def _own(self, url: str) -> bytes:
        try:
            return await self._tools.fetch_own(url)
        except Exception as error:  # whatever drawing a page of ours raises: a fault of ours, none of Zalo's
            self._rarely.warning(f"a page of ours could not be had: {type(error).__name__}")
            raise NotUploadable("no_page") from None

    async def _uploaded(self, to: str, part: PicturePart | FilePart, content: bytes) -> str | None:
        try:
            return await self._call(await self._body(to, part, content))
        except ApiError as error:
            if error.fault(OA) is not Fault.REUPLOAD:
                raise
        return await self._call(await self._body(to, part, content, anew=True))

    async def _body(
        self, to: str, part: PicturePart | FilePart, content: bytes, *, anew: bool = False
    ) -> dict[str, Any]:
        if isinstance(part, PicturePart):
            return shapes.picture_body(to, await self._tools.uploads.picture(content, anew=anew))
        return shapes.file_body(to, await self._tools.uploads.file(content, f"{part.title}.pdf", anew=anew))

    async def _link(self, to: str, part: PicturePart | FilePart) -> str | None:
        instead = shapes.link_instead(part)
        return await self._call(shapes.text_body(to, instead)) if instead else None

    async def _call(self, body: dict[str, Any]) -> str | None:
        return answers.id_of(await self._tools.endpoint.send(body), "message_id")

    def _failure(self, error: ApiError, key: str) -> DeliveryError:
        if error.fault(OA) is Fault.TWICE:
            self._tries[key] = self._tries.pop(key, 0) + 1
            if len(self._tries) > REMEMBERED:
                self._tries.popitem(last=False)
            if self._tries[key] >= MOST_TRIES:
                return Refused(str(error.code))
        return as_delivery_error(error, OA)
