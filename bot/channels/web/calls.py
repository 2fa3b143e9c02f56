"""The calls that the page makes: messages, photos, news, the end. The same ones at both doors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot import clock
from bot.channels.rest import ask
from bot.channels.web import photos, sessions
from bot.channels.web.events import EventStream, Place, place
from bot.channels.web.live import Full
from bot.channels.web.sessions import SIGNED_SINCE, Door
from bot.channels.web.web import CHANNEL, Web, web_of
from bot.conversation import transcript
from bot.conversation.heads import Head, heads
from bot.conversation.meanings import BUTTON
from bot.conversation.transcript import Line
from bot.http_json import HttpError, decode, json_response, read_body


class WebMessage(msgspec.Struct):
    """What the page posts: a text, or a pressed button."""

    message_id: str
    text: str | None = None
    button: str | None = None


@dataclass(frozen=True)
class Calls:
    """The calls at one door."""

    door: Door

    def routes(self) -> list[BaseRoute]:
        """Return where they are reached."""
        path = self.door.path
        return [
            Route(f"{path}/messages", self.send, methods=["POST"]),
            Route(f"{path}/messages", self.history, methods=["GET"]),
            Route(f"{path}/slip", self.slip, methods=["POST"]),
            Route(f"{path}/end", self.end, methods=["POST"]),
            Route(f"{path}/events", self.events, methods=["GET"]),
        ]

    async def end(self, request: Request) -> Response:
        """Give this browser a new session: on a shared computer the next person must not find the conversation."""
        _expect_json(request)
        response = json_response({"conversation": None, "messages": []})
        web_of(request).sessions.give(self.door, request, response, sessions.new())
        return response

    async def send(self, request: Request) -> Response:
        """Take one message of the visitor; answer with it, as stored, and the replies."""
        sender = self._known(request)
        _expect_json(request)
        posted = decode(await read_body(request), WebMessage)
        assert isinstance(posted, WebMessage)
        text = posted.button if posted.button is not None else posted.text
        if text is None or (posted.button is not None and not posted.button.startswith(BUTTON)):
            raise HttpError(400, "bad_request", "Thiếu nội dung tin nhắn.")
        return await _answered(request, sender, text, posted.message_id)

    async def slip(self, request: Request) -> Response:
        """Take a photo of the receipt slip; what is read there goes on as a message like any other."""
        sender = self._known(request)
        photos.expect_picture(request)
        message_id = request.query_params.get("message_id")
        if not message_id:
            raise HttpError(400, "bad_request", "Thiếu message_id của ảnh.")
        desk = web_of(request).photos
        desk.count(sender)
        reading = await desk.read(await photos.receive(request))
        return await _answered(request, sender, reading.text, message_id)

    async def history(self, request: Request) -> Response:
        """Return the visitor's conversation after a number, and whether the browser has kept the session at all."""
        after = request.query_params.get("after", "0")
        if not after.isdecimal() or len(after) > 9:
            raise HttpError(400, "bad_request", "after phải là một số.")
        web = web_of(request)
        sender = self.session(request)
        tag: str | None = None
        lines: list[Line] = []
        if sender is not None:
            with web.database.reading() as session:
                head = heads(session, CHANNEL, [sender]).get(sender)
                if head is not None:
                    tag, lines = web.sessions.tag(head.conversation_id), _after(session, sender, int(after), head)
        response = json_response({"session": sender is not None, **_shown(tag, lines)})
        if sender is not None and web.sessions.read(self.door, request) is None:
            web.sessions.give(self.door, request, response, sender)  # signed from now on
        return response

    async def events(self, request: Request) -> Response:
        """Tell the page of news as they come."""
        web = web_of(request)
        sender = self._known(request)
        given = request.headers.get("last-event-id") or request.query_params.get("from") or str(Place())
        start = place(given)
        if start is None:
            raise HttpError(400, "bad_request", "from phải là một chỗ trong cuộc trò chuyện.")
        try:
            stream = web.live.open(sender)
        except Full as error:
            raise HttpError(503, "busy", "Đang có nhiều trang mở quá, trang này tự hỏi tin mới sau ít giây.") from error
        return EventStream(web.live, stream, lambda at: _news(web, sender, at), start)

    def session(self, request: Request) -> str | None:
        """Return whose request this is; None for a visitor without a session of ours."""
        web = web_of(request)
        signed = web.sessions.read(self.door, request)
        if signed is not None:
            return signed
        claimed = sessions.unsigned(self.door, request)
        if claimed is None:
            return None
        with web.database.reading() as session:
            head = heads(session, CHANNEL, [claimed]).get(claimed)
        return claimed if head is not None and head.met_at < SIGNED_SINCE else None

    def _known(self, request: Request) -> str:
        sender = self.session(request)
        if sender is None:
            raise HttpError(401, "no_session", "Phiên làm việc đã hết. Anh/chị tải lại trang giúp em.")
        return sender


async def _answered(request: Request, sender: str, text: str, message_id: str) -> Response:
    """Answer a message with it, as stored, and the replies."""
    inbox_id, replies = await ask(request, CHANNEL, sender, text, message_id)
    web = web_of(request)
    with web.database.reading() as session:
        own = transcript.said(session, inbox_id)
        head = heads(session, CHANNEL, [sender]).get(sender)
    tag = web.sessions.tag(head.conversation_id) if head else None
    return json_response(_shown(tag, ([own] if own else []) + replies))


def _news(web: Web, sender: str, at: Place) -> tuple[Place, bytes | None]:
    """Return what was said after a place, if anything, and the place after it."""
    with web.database.reading() as session:
        head = heads(session, CHANNEL, [sender]).get(sender)
        tag = web.sessions.tag(head.conversation_id) if head else None
        if head and at.conversation not in (tag, None):
            # Another conversation, with other numbers: the page fetches it whole.
            return Place(tag, head.last_seq), msgspec.json.encode(_shown(tag, []))
        lines: list[Line] = []
        seq = at.seq
        while head and (more := _after(session, sender, seq, head)):
            lines += more
            seq = more[-1].seq
    if not lines and at.conversation in (tag, None):
        return at, None
    return Place(tag, seq if tag else 0), msgspec.json.encode(_shown(tag, lines))


def _after(session: Session, sender: str, seq: int, head: Head) -> list[Line]:
    """Return what was said after `seq`, up to where the conversation stood when `head` was read.

    Both sides are read one after the other; on PostgreSQL a turn may end in between. What is beyond the head may have
    a gap, and a page that has moved past a gap never looks there again.
    """
    return [line for line in transcript.after(session, CHANNEL, sender, seq) if line.seq <= head.last_seq]


def _expect_json(request: Request) -> None:
    """Refuse what a form of another site could send: it must neither speak in the visitor's name nor end their talk."""
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise HttpError(415, "wrong_type", "Trang chỉ nhận nội dung JSON.")


def _shown(tag: str | None, lines: list[Line]) -> dict[str, Any]:
    """Return messages as the page reads them; `conversation` changes when its numbers are those of another one."""
    return {
        "conversation": tag,
        "messages": [
            {
                "seq": line.seq,
                "from": line.sender,
                "at": line.at.astimezone(clock.UTC).isoformat(),
                "text": line.text,
                "buttons": line.buttons,
                "custom": line.custom,
            }
            for line in lines
        ],
    }
