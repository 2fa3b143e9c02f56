"""Updates that Telegram brings: the secret first, then a small JSON body, and 200 only once it is stored."""

from __future__ import annotations

import hmac
import logging

import msgspec
from prometheus_client import Counter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot import clock
from bot.channels.rare_log import RareLog
from bot.channels.telegram import limits
from bot.channels.telegram.intake import Intake
from bot.http_json import HttpError, read_body

log = logging.getLogger(__name__)

PATH = "/webhooks/telegram"
REFUSED = Counter("motcua_telegram_webhook_refused", "Webhook calls that were refused", ["reason"])
_STATUS = {"secret": 403, "packed": 415, "too_large": 413, "no_json": 400, "gone": 400, "not_stored": 503}


def routes(intake: Intake, secret: str) -> list[Route]:
    """Return the one route that Telegram calls; whoever does not know `secret` gets nowhere."""
    rarely = RareLog(log)
    wanted = secret.encode()

    async def update(request: Request) -> Response:
        """Take one update; says nothing in its body, for only a program reads it."""
        given = request.headers.get(limits.SECRET_HEADER, "").encode("latin-1")
        if not hmac.compare_digest(given, wanted):
            return refused("secret")
        if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
            return refused("packed")  # it could grow beyond measure once unpacked; Telegram packs nothing
        try:
            body = await read_body(request, limits.LARGEST_BODY)
            raw = msgspec.json.decode(body)
        except HttpError:
            return refused("too_large")
        except ClientDisconnect:
            return refused("gone")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return refused("no_json")
        try:
            await intake.take(raw, clock.now())
        except Exception as error:  # the database is away, or a fault of ours: Telegram brings it again
            return refused("not_stored", type(error).__name__)
        return Response(status_code=200)

    def refused(reason: str, why: str = "") -> Response:
        REFUSED.labels(reason).inc()
        rarely.warning(f"a webhook call was refused: {reason} {why}".rstrip())
        return Response(status_code=_STATUS[reason])

    return [Route(PATH, update, methods=["POST"])]
