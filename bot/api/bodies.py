"""Bodies of the integration API: JSON objects whose fields are checked one by one, each error naming its field."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from bot.http_json import LARGEST_BODY, HttpError, decode, read_body


async def json_object(request: Request, largest: int = LARGEST_BODY) -> dict[str, Any]:
    """Return the body, a JSON object of at most `largest` bytes; raises HttpError 400, 413 or 415."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise HttpError(415, "wrong_type", "Chỉ nhận nội dung JSON (Content-Type: application/json).")
    body = decode(await read_body(request, largest), dict[str, Any])
    assert isinstance(body, dict)
    return body
