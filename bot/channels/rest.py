"""The REST channel of contract §1: the form of Rasa's own, so that its clients work unchanged.

It trusts its caller: whoever calls says who the sender is.
"""

from __future__ import annotations

import uuid
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.conversation.assistant import Assistant, NotYetAnswered
from bot.conversation.inbox import BadMessage
from bot.conversation.transcript import Line
from bot.http_json import HttpError, decode, json_response, read_body
from bot.places.location import shared

CHANNEL = "rest"


class RestMessage(msgspec.Struct):
    """A message as the caller posts it."""

    sender: str
    message: str
    message_id: str | None = None
    metadata: dict[str, Any] | None = None


async def webhook(request: Request) -> Response:
    """Answer one message with the list of replies to it."""
    posted = decode(await read_body(request), RestMessage)
    assert isinstance(posted, RestMessage)
    text = _location(posted.metadata or {}) or posted.message
    lines = (await ask(request, CHANNEL, posted.sender, text, posted.message_id))[1]
    return json_response([_reply(posted.sender, line) for line in lines])


async def ask(request: Request, channel: str, sender: str, text: str, message_id: str | None) -> tuple[int, list[Line]]:
    """Hand a message to the assistant; turns its refusals into HTTP errors. Used by every pull channel."""
    assistant: Assistant = request.app.state.assistant
    try:
        return await assistant.answer(channel, sender, text, uuid.uuid4().hex if message_id is None else message_id)
    except BadMessage as error:
        raise HttpError(400, "bad_message", str(error)) from error
    except NotYetAnswered as error:
        raise HttpError(
            503,
            "not_yet",
            "Dạ, máy đang bận, tin đã được giữ lại. Anh/chị chờ chút rồi gửi lại đúng tin này.",
        ) from error


def _location(metadata: dict[str, Any]) -> str | None:
    """Return a shared location as the text that stands for it; raises HttpError for one that is no place."""
    given = metadata.get("location")
    if given is None:
        return None
    try:
        point = shared(f"geo:{float(given['lat'])},{float(given['lon'])}")
    except (TypeError, KeyError, ValueError, OverflowError):
        point = None
    if point is None:
        raise HttpError(400, "bad_request", "metadata.location cần lat và lon là số độ, ví dụ 11.94 và 108.46.")
    return point.address


def _reply(recipient: str, line: Line) -> dict[str, Any]:
    reply: dict[str, Any] = {"recipient_id": recipient, "text": line.text, "custom": line.custom}
    if line.buttons:
        reply["buttons"] = line.buttons
    return reply


routes = [Route("/webhooks/rest/webhook", webhook, methods=["POST"])]
