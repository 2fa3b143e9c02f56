"""Who calls: the token in `Authorization: Bearer …`, looked up at every call, so that a revoked one stops at once."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from bot.api.tokens import Holder, holder_of
from bot.db.engine import Database
from bot.http_json import HttpError, on_http_error

CHALLENGE = {"WWW-Authenticate": "Bearer"}


class NoToken(HttpError):
    """The 401 of a call without a token that opens anything; its answer names the way to identify oneself."""

    def __init__(self) -> None:
        """Say it in one way only: an unknown token must not look different from a revoked one."""
        super().__init__(401, "no_token", "Thiếu mã truy cập, hoặc mã không còn dùng được.")


async def authorise(request: Request, scope: str) -> Holder:
    """Let the call pass only with a token that has `scope`, and return who holds it; raises HttpError 401 or 403."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    database: Database = request.app.state.database

    def look_up() -> Holder | None:
        with database.reading() as session:
            return holder_of(session, token.strip())

    holder = await asyncio.to_thread(look_up) if kind.lower() == "bearer" and token.strip() else None
    if holder is None:
        raise NoToken
    if scope not in holder.scopes:
        raise HttpError(403, "no_scope", f"Mã truy cập này không có quyền {scope}.")
    return holder


async def on_no_token(request: Request, error: Exception) -> Response:
    """Turn a NoToken into its response."""
    response = await on_http_error(request, error)
    response.headers.update(CHALLENGE)
    return response
