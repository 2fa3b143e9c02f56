"""`POST /api/v1/understand` (contract §1): what a text means, without answering it."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.api.tokens import scopes_of
from bot.conversation.engine import Engine
from bot.conversation.inbox import LONGEST_TEXT
from bot.db.engine import Database
from bot.http_json import HttpError, decode, json_response, read_body
from bot.procedures import search
from bot.text import compose

RANKED = 10


class Text(msgspec.Struct):
    """The body of the call."""

    text: str


async def understand(request: Request) -> Response:
    """Return intent, ranking, entities and the ten likeliest procedures of a text."""
    await authorise(request, "understand")
    posted = decode(await read_body(request), Text)
    assert isinstance(posted, Text)
    if len(posted.text) > LONGEST_TEXT:
        raise HttpError(400, "too_long", f"Văn bản dài quá {LONGEST_TEXT} ký tự.")
    return json_response(await asyncio.to_thread(_understood, request.app.state, posted.text))


def _understood(state: Any, text: str) -> dict[str, Any]:
    engine: Engine = state.engine
    database: Database = state.database
    composed, offsets = compose(text.encode("utf-8", "ignore").decode("utf-8"))
    if not composed.strip():
        return {
            "intent": {"name": None, "confidence": 0.0},
            "intent_ranking": [],
            "entities": [],
            "procedures": [],
        }
    parsed = engine.understand(composed)
    with database.reading() as session:
        ranked = search.rank(session, composed, RANKED)
    return {
        "intent": {key: parsed["intent"].get(key) for key in ("name", "confidence")},
        "intent_ranking": parsed.get("intent_ranking") or [],
        "entities": [
            {
                "entity": entity["entity"],
                "value": entity["value"],
                "start": offsets[entity["start"]],
                "end": offsets[entity["end"]],
                "confidence": round(float(entity.get("confidence", 1.0)), 4),
            }
            for entity in parsed["entities"]
        ],
        "procedures": [{"code": m.code, "name": m.name, "score": m.score} for m in ranked],
    }


async def authorise(request: Request, scope: str) -> None:
    """Let the call pass only with a token that has `scope`; raises HttpError 401 or 403."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    database: Database = request.app.state.database

    def look_up() -> list[str] | None:
        with database.reading() as session:
            return scopes_of(session, token.strip())

    scopes = await asyncio.to_thread(look_up) if kind.lower() == "bearer" and token else None
    if scopes is None:
        raise HttpError(401, "no_token", "Thiếu mã truy cập, hoặc mã không còn dùng được.")
    if scope not in scopes:
        raise HttpError(403, "no_scope", f"Mã truy cập này không có quyền {scope}.")


routes = [Route("/api/v1/understand", understand, methods=["POST"])]
