"""`POST /api/v1/understand` (contract §1): what a text means, without answering it."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.api.auth import authorise
from bot.api.calls import Call
from bot.conversation.engine import Engine
from bot.conversation.inbox import LONGEST_TEXT
from bot.db.engine import Database
from bot.http_json import HttpError, decode, json_response, read_body
from bot.procedures import search
from bot.text import compose

PATH = "/api/v1/understand"
RANKED = 10

Share = Annotated[float, Meta(ge=0, le=1)]


class Text(msgspec.Struct):
    """The text to understand; up to 4,000 characters."""

    text: str


class Intent(msgspec.Struct):
    """What is wanted, in a word of the contract; null for a text that says nothing."""

    name: str | None
    confidence: Share


class Entity(msgspec.Struct):
    """A thing that is named; `start` and `end` count characters of the text as sent."""

    entity: str
    value: Any
    start: Annotated[int, Meta(ge=0)]
    end: Annotated[int, Meta(ge=0)]
    confidence: Share


class RankedProcedure(msgspec.Struct):
    """A procedure that the text may be about."""

    code: str
    name: str
    score: Share


class Understood(msgspec.Struct):
    """What a text means; rankings hold the ten likeliest, best first."""

    intent: Intent
    intent_ranking: list[Intent]
    entities: list[Entity]
    procedures: list[RankedProcedure]


async def understand(request: Request) -> Response:
    """Return intent, ranking, entities and the ten likeliest procedures of a text."""
    await authorise(request, "understand")
    posted = decode(await read_body(request), Text)
    assert isinstance(posted, Text)
    if len(posted.text) > LONGEST_TEXT:
        raise HttpError(400, "too_long", f"Văn bản dài quá {LONGEST_TEXT} ký tự.")
    return json_response(await asyncio.to_thread(_understood, request.app.state, posted.text))


def _understood(state: Any, text: str) -> Understood:
    engine: Engine = state.engine
    database: Database = state.database
    composed, offsets = compose(text.encode("utf-8", "ignore").decode("utf-8"))
    if not composed.strip():
        return Understood(Intent(None, 0.0), [], [], [])
    parsed = engine.understand(composed)
    with database.reading() as session:
        ranked = search.rank(session, composed, RANKED)
    return Understood(
        intent=_intent(parsed["intent"]),
        intent_ranking=[_intent(one) for one in parsed.get("intent_ranking") or []],
        entities=[
            Entity(
                entity["entity"],
                entity["value"],
                offsets[entity["start"]],
                offsets[entity["end"]],
                round(float(entity.get("confidence", 1.0)), 4),
            )
            for entity in parsed["entities"]
        ],
        procedures=[RankedProcedure(m.code, m.name, m.score) for m in ranked],
    )


def _intent(parsed: dict[str, Any]) -> Intent:
    return Intent(parsed.get("name"), parsed.get("confidence") or 0.0)


routes = [Route(PATH, understand, methods=["POST"])]
CALLS = (
    Call(
        method="post",
        path=PATH,
        summary="What a text means, without answering it",
        description="Stores nothing and changes nothing.",
        scope="understand",
        body=Text,
        body_example={"text": "le phi khai sinh"},
        answers={200: Understood},
        example={
            "intent": {"name": "ask_procedure_fee", "confidence": 0.93},
            "intent_ranking": [{"name": "ask_procedure_fee", "confidence": 0.93}],
            "entities": [
                {"entity": "procedure", "value": "khai sinh", "start": 7, "end": 16, "confidence": 0.99},
            ],
            "procedures": [{"code": "1.001193", "name": "Đăng ký khai sinh", "score": 0.99}],
        },
        errors=(400, 401, 403, 413, 503),
    ),
)
