"""What a call takes, answers and asks for: each module describes its own, `bot.api.openapi` puts them together."""

from __future__ import annotations

from typing import Any

import msgspec


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call of the API; the forms are msgspec Structs, so that their fields are written down once."""

    method: str
    path: str
    summary: str
    description: str = ""
    scope: str | None = None  # None: no token is needed
    parameters: tuple[dict[str, Any], ...] = ()  # of the query, as OpenAPI describes them
    body: Any = None
    body_example: Any = None
    answers: dict[int, Any]  # what comes with each good status
    errors: tuple[int, ...] = ()
    example: Any = None  # of the first good answer


class ErrorText(msgspec.Struct):
    """What went wrong."""

    code: str
    message: str


class ErrorAnswer(msgspec.Struct):
    """Every error has this form; `code` is for programs, `message` a Vietnamese sentence for people."""

    error: ErrorText
