"""The citizen's page and its messages. Who somebody is, a random HttpOnly cookie says; nothing else is asked."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot import clock
from bot.channels.rest import ask
from bot.channels.web import photos
from bot.conversation import transcript
from bot.conversation.meanings import BUTTON
from bot.conversation.transcript import Line
from bot.db.engine import Database
from bot.http_json import HttpError, decode, json_response, read_body

CHANNEL = "web"
COOKIE = "mc_session"
COOKIE_SECONDS = 30 * 24 * 3600
_ISSUED = re.compile(r"[A-Za-z0-9_-]{32}")  # what token_urlsafe(24) makes: nobody picks a session of their own form
_STATIC = Path(__file__).resolve().parent / "static"
_PHOTOS = photos.PhotoDesk()


class WebMessage(msgspec.Struct):
    """What the page posts: a text, or a pressed button."""

    message_id: str
    text: str | None = None
    button: str | None = None


async def page(request: Request) -> Response:
    """Serve the page; a new visitor gets a session, an old one keeps it for thirty days more.

    Who follows a dossier comes back for months: the session must not run out under them.
    """
    response = FileResponse(_STATIC / "index.html", headers={"Cache-Control": "private, no-cache"})
    _give_session(request, response, _session(request) or _new_session())
    return response


async def end(request: Request) -> Response:
    """Give this browser a new session: on a shared computer the next person must not find the conversation."""
    _expect_json(request)
    response = json_response({"messages": []})
    _give_session(request, response, _new_session())
    return response


async def send(request: Request) -> Response:
    """Take one message of the visitor; answer with it, as stored, and the replies."""
    sender = _known(request)
    _expect_json(request)
    posted = decode(await read_body(request), WebMessage)
    assert isinstance(posted, WebMessage)
    text = posted.button if posted.button is not None else posted.text
    if text is None or (posted.button is not None and not posted.button.startswith(BUTTON)):
        raise HttpError(400, "bad_request", "Thiếu nội dung tin nhắn.")
    return await _answered(request, sender, text, posted.message_id)


async def slip(request: Request) -> Response:
    """Take a photo of the receipt slip; what is read there goes on as a message like any other."""
    sender = _known(request)
    photos.expect_picture(request)
    message_id = request.query_params.get("message_id")
    if not message_id:
        raise HttpError(400, "bad_request", "Thiếu message_id của ảnh.")
    _PHOTOS.count(sender)
    reading = await _PHOTOS.read(await photos.receive(request))
    return await _answered(request, sender, reading.text, message_id)


async def history(request: Request) -> Response:
    """Return the visitor's conversation after a number."""
    after = request.query_params.get("after", "0")
    if not after.isdecimal() or len(after) > 9:
        raise HttpError(400, "bad_request", "after phải là một số.")
    sender = _session(request)
    lines: list[Line] = []
    if sender is not None:
        database: Database = request.app.state.database
        with database.reading() as session:
            lines = transcript.after(session, CHANNEL, sender, int(after))
    return json_response({"messages": [_shown(line) for line in lines]})


async def _answered(request: Request, sender: str, text: str, message_id: str) -> Response:
    """Answer a message with it, as stored, and the replies."""
    inbox_id, replies = await ask(request, CHANNEL, sender, text, message_id)
    database: Database = request.app.state.database
    with database.reading() as session:
        own = transcript.said(session, inbox_id)
    return json_response({"messages": [_shown(line) for line in ([own] if own else []) + replies]})


def _session(request: Request) -> str | None:
    cookie = request.cookies.get(COOKIE, "")
    return cookie if _ISSUED.fullmatch(cookie) else None


def _new_session() -> str:
    return secrets.token_urlsafe(24)


def _give_session(request: Request, response: Response, session: str) -> None:
    response.set_cookie(
        COOKIE,
        session,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def _expect_json(request: Request) -> None:
    """Refuse what a form of another site could send: it must neither speak in the visitor's name nor end their talk."""
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise HttpError(415, "wrong_type", "Trang chỉ nhận nội dung JSON.")


def _known(request: Request) -> str:
    sender = _session(request)
    if sender is None:
        raise HttpError(401, "no_session", "Phiên làm việc đã hết. Anh/chị tải lại trang giúp em.")
    return sender


def _shown(line: Line) -> dict[str, Any]:
    return {
        "seq": line.seq,
        "from": line.sender,
        "at": line.at.astimezone(clock.UTC).isoformat(),
        "text": line.text,
        "buttons": line.buttons,
        "custom": line.custom,
    }


routes = [
    Route("/", page),
    Route("/web/messages", send, methods=["POST"]),
    Route("/web/messages", history, methods=["GET"]),
    Route("/web/slip", slip, methods=["POST"]),
    Route("/web/end", end, methods=["POST"]),
    Mount("/static/web", StaticFiles(directory=_STATIC)),
]
