"""The webhook: check, store, answer 200 at once; whatever is wrong is refused, counted, and never a 500 (facts §2).

Zalo waits two seconds, sends an event again when it did not get its 200, and in the end takes the app off the webhook.
So only what cannot be Zalo's is refused, and what was not stored is asked for again (503).
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import clock
from bot.channels.rare_log import RareLog
from bot.channels.zalo import events, signature
from bot.channels.zalo.alarms import EVENTS, REQUESTS, SIGNATURES, WITHDRAWALS
from bot.channels.zalo.config import Config
from bot.channels.zalo.contents import text_of
from bot.channels.zalo.events import Blocked, Delivered, Happening, HumanAnswered, Said, Withdrawn
from bot.channels.zalo.limits import CLOCK_SKEW, EVENT_GOOD_FOR, LARGEST_EVENT
from bot.conversation.inbox import BadMessage
from bot.conversation.incoming import Incoming
from bot.http_json import HttpError, read_body

log = logging.getLogger(__name__)

PATH = "/webhooks/zalo"


@dataclass(frozen=True)
class Hands:
    """Who takes what comes in. `accept` returns once it is stored; the others may block, the last three may be None."""

    accept: Callable[[Incoming], Awaitable[object]]
    blocked: Callable[[str, str, bool], object]  # channel, sender, blocked
    receipt: Callable[[str, datetime | None], object] | None = None  # key of the notice, when
    human_answered: Callable[[str], object] | None = None  # sender
    withdrawn: Callable[[str], object] | None = None  # sender


class Webhook:
    """The door for Zalo's events."""

    def __init__(self, config: Config, hands: Hands) -> None:
        """Keep the parts."""
        self._config, self._hands = config, hands
        self._rarely = RareLog(log)
        self.last_event_at = clock.now()  # or since when we listen

    @property
    def routes(self) -> list[Route]:
        """Return the addresses; with a secret set, only the one that ends in it exists."""
        methods = ["GET", "POST"]
        if self._config.webhook_secret is None:
            return [Route(PATH, self.take, methods=methods)]
        return [Route(f"{PATH}/{{secret}}", self.take, methods=methods)]

    async def take(self, request: Request) -> Response:
        """Answer one request."""
        expected, given = self._config.webhook_secret or "", request.path_params.get("secret", "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
            return self._refuse(404, "secret")
        if request.method != "POST":  # Zalo looks whether the address answers
            return PlainTextResponse("ok")
        if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
            return self._refuse(415, "packed")  # Zalo packs nothing; a small packed body can be a large one
        try:
            body = await read_body(request, LARGEST_EVENT)
        except HttpError:
            return self._refuse(413, "too_large")
        except ClientDisconnect:
            return self._refuse(400, "cut_off")
        if body.strip() in (b"", b"{}"):  # unsigned, when the address is saved in the console
            return PlainTextResponse("ok")
        return await self._event(request, body)

    async def _event(self, request: Request, body: bytes) -> Response:
        event = _parsed(body)
        if event is None:
            return self._refuse(400, "not_json")
        if not self._is_signed(request, body, event):
            return self._refuse(403, "signature")
        name = events.name_of(event)
        self.last_event_at = clock.now()
        happenings = events.read(event, self._config.oa_id)
        happened_at = events.moment_of(event)
        if happened_at is not None and clock.now() - happened_at > EVENT_GOOD_FOR + CLOCK_SKEW:
            # A late retry of one that we have needs its 200, and a recording played again gets no effect.
            EVENTS.labels(name, "stale").inc()
            return PlainTextResponse("ok")
        if not happenings:
            EVENTS.labels(name, "ignored").inc()
            return PlainTextResponse("ok")
        return await self._handle(name, happenings)

    async def _handle(self, name: str, happenings: list[Happening]) -> Response:
        try:
            for happening in happenings:
                if isinstance(happening, Said):
                    await self._hands.accept(happening.incoming)
                else:
                    await asyncio.to_thread(self._hand_over, happening)
        except BadMessage:
            EVENTS.labels(name, "unusable").inc()
        except SQLAlchemyError as error:
            EVENTS.labels(name, "not_stored").inc()
            self._rarely.warning(f"Zalo: event not stored, asked for again: {type(error).__name__}", logging.ERROR)
            return PlainTextResponse("not stored", 503)
        except Exception as error:  # a fault of ours must not take the app off the webhook; Zalo sends it again
            EVENTS.labels(name, "fault").inc()
            self._rarely.warning(f"Zalo: event not handled: {type(error).__name__}", logging.ERROR)
            return PlainTextResponse("not handled", 503)
        else:
            EVENTS.labels(name, "taken").inc()
        return PlainTextResponse("ok")

    def _hand_over(self, happening: Happening) -> None:
        hands = self._hands
        if isinstance(happening, Blocked):
            hands.blocked(events.CHANNEL, happening.sender, happening.blocked)
        elif isinstance(happening, Delivered):
            if hands.receipt is not None:
                hands.receipt(happening.tracking_id, happening.at)
        elif isinstance(happening, HumanAnswered):
            if hands.human_answered is not None:
                hands.human_answered(happening.sender)
        elif isinstance(happening, Withdrawn):
            WITHDRAWALS.inc()
            log.error("Zalo: a citizen has withdrawn their consent: their data must be erased")
            if hands.withdrawn is not None:
                hands.withdrawn(happening.sender)

    def _is_signed(self, request: Request, body: bytes, event: Mapping[str, Any]) -> bool:
        found = signature.matching(
            self._config,
            request.headers.get(signature.HEADER, ""),
            body,
            text_of(event.get("timestamp")),
            request.headers.get(signature.TIME_HEADER),
            widely=self._config.observe,
        )
        SIGNATURES.labels(found or "none").inc()
        if found is None and self._config.observe:
            self._rarely.warning("Zalo: an event with a wrong signature was taken (MOTCUA_ZALO_SIGNATURE=observe)")
        return found is not None or self._config.observe

    def _refuse(self, status: int, reason: str) -> Response:
        REQUESTS.labels(reason).inc()
        self._rarely.warning(f"Zalo: webhook request refused: {reason}")
        return PlainTextResponse(reason, status)


def _parsed(body: bytes) -> Mapping[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
