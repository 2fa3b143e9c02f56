"""Live news for the desks that are open: one look at the database a second serves all of them in this process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.conversation.models import Conversation, Draft
from bot.db.engine import Database
from bot.desk.access import AGENT, EDITOR, DeskRoute, desk_of
from bot.http_json import HttpError
from bot.tickets.chats import STILL
from bot.tickets.models import Chat, Ticket

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.7
HEARTBEAT_SECONDS = 15.0
MOST = 200  # desks open in one process
MOST_LOOKED_AT = 2_000  # chats that go on; beyond that the lists are loaded by hand


def look(session: Session) -> dict[str, Any]:
    """Return where everything stands that desks show live: chats with their last number, drafts, tickets."""
    rows = session.execute(
        select(Chat.conversation_id, Chat.state, Chat.staff_id, Conversation.last_seq)
        .join(Conversation, Conversation.id == Chat.conversation_id)
        .where(Chat.state.in_(STILL))
        .order_by(Chat.id.desc())
        .limit(MOST_LOOKED_AT)
    ).all()
    tickets = session.execute(
        select(func.count(), func.max(Ticket.id), func.count(Ticket.taken_by), func.max(Ticket.taken_at)).where(
            Ticket.state != "closed"
        )
    ).one()
    drafts = session.execute(select(func.count()).where(Draft.state == "waiting")).scalar_one()
    return {
        "chats": {row.conversation_id: (row.state, row.staff_id, row.last_seq) for row in rows},
        "waiting": sum(row.state == "waiting" for row in rows),
        "drafts": int(drafts),
        "tickets": list(tickets),
    }


def changes(before: dict[str, Any], now: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the events between two looks: which chats changed, whether tickets did."""
    events: dict[str, dict[str, Any]] = {}
    ids = before["chats"].keys() | now["chats"].keys()
    changed = sorted(one for one in ids if before["chats"].get(one) != now["chats"].get(one))
    if changed or before["drafts"] != now["drafts"]:
        events["chats"] = {"waiting": now["waiting"], "drafts": now["drafts"], "changed": changed}
    if before["tickets"] != now["tickets"]:
        events["tickets"] = {"open": now["tickets"][0]}
    return events


class Live:
    """Every desk that is open in this process."""

    def __init__(self, database: Database) -> None:
        """Nothing is known yet."""
        self._database = database
        self._open: set[asyncio.Queue[bytes | None]] = set()
        self._known: dict[str, Any] | None = None
        self._watching: asyncio.Task[None] | None = None

    def close(self) -> None:
        """End every stream: a server that stops does not wait for desks that stay open."""
        for desk in self._open:
            desk.put_nowait(None)

    async def stream(self) -> AsyncIterator[bytes]:
        """Yield the events of one desk until it goes or the server stops."""
        if len(self._open) >= MOST:
            raise HttpError(503, "full", "Quá nhiều bàn trực đang mở.")
        desk: asyncio.Queue[bytes | None] = asyncio.Queue(100)
        self._open.add(desk)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        try:
            now = await asyncio.to_thread(self._look)
            first = {"waiting": now["waiting"], "drafts": now["drafts"], "changed": []}
            yield b"retry: 2000\n\n" + _event("chats", first)
            while True:
                try:
                    event = await asyncio.wait_for(desk.get(), HEARTBEAT_SECONDS)
                except asyncio.TimeoutError:
                    yield b": still here\n\n"
                    continue
                if event is None:
                    return
                yield event
        finally:
            self._open.discard(desk)

    def _look(self) -> dict[str, Any]:
        with self._database.reading() as session:
            return look(session)

    async def _watch(self) -> None:
        while self._open:
            try:
                now = await asyncio.to_thread(self._look)
            except Exception as error:  # the database may be away: the desks stay open and hear of it when it is back
                log.error("no news for the desks, trying again: %s", type(error).__name__)
            else:
                for kind, data in changes(self._known or now, now).items():
                    self._tell(_event(kind, data))
                self._known = now
            await asyncio.sleep(LOOK_SECONDS)
        self._known = None

    def _tell(self, event: bytes) -> None:
        for desk in self._open:
            if desk.full():  # a desk that reads nothing more is gone; its browser opens another stream
                desk.get_nowait()
            desk.put_nowait(event)


async def live(request: Request) -> Response:
    """Stream what changes to one desk."""
    source: Live = desk_of(request).live
    return StreamingResponse(
        source.stream(),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _event(name: str, data: dict[str, Any]) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), msgspec.json.encode(data))


routes = [DeskRoute("/desk/live", live, roles=AGENT | EDITOR)]
