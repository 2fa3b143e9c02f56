"""Errors over HTTP, in one shape: {"error": {"code", "message"}} (contract §1)."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response

LARGEST_BODY = 64 * 1024


class HttpError(Exception):
    """An answer other than 200; the message is one sentence that the reader can act on."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """Keep the three parts."""
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def json_response(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return `value` as JSON, which nobody on the way keeps: most of it is about a person."""
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return Response(msgspec.json.encode(value), status, kept, media_type="application/json")


async def on_http_error(_request: Request, error: Exception) -> Response:
    """Turn an HttpError into its response."""
    assert isinstance(error, HttpError)
    return json_response({"error": {"code": error.code, "message": error.message}}, error.status)


async def read_body(request: Request, largest: int = LARGEST_BODY) -> bytes:
    """Return the body; raises HttpError 413 as soon as it grows too large, without reading the rest."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise HttpError(413, "body_too_large", f"Nội dung gửi lên lớn quá {largest // 1024} KiB.")
    return body


def decode(body: bytes, kind: type) -> object:
    """Return the JSON body as `kind` (a msgspec Struct); raises HttpError 400."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise HttpError(400, "bad_request", f"Nội dung gửi lên chưa đúng: {_plainly(error)}.") from error


def _plainly(error: Exception) -> str:
    """Return msgspec's sentence without the value it quotes."""
    return str(error).split(", got")[0] if isinstance(error, msgspec.ValidationError) else "không phải JSON hợp lệ"
