"""`GET /api/v1/openapi.json`: the calls as OpenAPI 3.1, built from the forms they use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.api.auth import CHALLENGE
from bot.api.calls import Call, ErrorAnswer
from bot.api.pickup_calls import BOOKING
from bot.dossiers.codes import SAMPLE

PATH = "/api/v1/openapi.json"
VERSION = "1.0.0"
_REFERENCE = "#/components/schemas/{name}"
_ERRORS = {
    400: "not JSON, a field missing or of the wrong type, a text too long",
    401: "no token, or an unknown or revoked one",
    403: "the token may not do this",
    404: "no such dossier, or booking",
    409: "this event_id came before, with other content; or a booking may not move so, or not yet",
    413: "the body is too large",
    415: "the body is not application/json",
    422: "a field cannot be taken; the message names it, never its value",
    503: "the database is away, or the answer takes too long: send it again",
}
_PARAMETERS = {
    "code": {
        "name": "code",
        "in": "path",
        "required": True,
        "description": "the dossier's code; read as people write it: lower case, spaces, other dashes, percent-encoded",
        "schema": {
            "type": "string",
            "pattern": r"^[A-Z][0-9]{2}(\.[0-9]{1,3}){0,3}-2[0-9](0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])-[0-9]{4,8}$",
        },
        "example": SAMPLE,
    },
    "booking": {
        "name": "booking",
        "in": "path",
        "required": True,
        "description": "the booking's number; read as people write it: lower case, spaces, without its dash",
        "schema": {"type": "string", "pattern": "^MC-[0-9]{7}$"},
        "example": BOOKING,
    },
}


class Button(msgspec.Struct):
    """A button under a message; send `payload` back as `message` to press it."""

    title: str
    payload: str


class Reply(msgspec.Struct):
    """A message of the assistant; decide by `custom`, whose `kind` is listed in docs/api.md."""

    recipient_id: str
    text: str
    custom: dict[str, Any]
    buttons: list[Button] | msgspec.UnsetType = msgspec.UNSET


def chat(message: type[msgspec.Struct]) -> Call:
    """Return the description of the REST webhook, whose body is the form `message` (it lives with its channel)."""
    return Call(
        method="post",
        path="/webhooks/rest/webhook",
        summary="One message, its answers in order",
        description="In the form of Rasa's REST channel. It trusts its caller; do not expose it to the public.",
        body=message,
        body_example={"sender": "c1", "message": "le phi ket hon", "message_id": "m-17"},
        answers={200: list[Reply]},
        example=[
            {"recipient_id": "c1", "text": "Dạ, em chào anh/chị.", "custom": {"kind": "smalltalk", "topic": "greet"}}
        ],
        errors=(400, 413, 503),
    )


def document(calls: Iterable[Call]) -> dict[str, Any]:
    """Return the description of `calls`."""
    calls = (*calls, Call(method="get", path=PATH, summary="This description", answers={200: dict[str, Any]}))
    forms = [form for call in calls for form in (call.body, *call.answers.values()) if form is not None]
    schemas, components = msgspec.json.schema_components([ErrorAnswer, *forms], ref_template=_REFERENCE)
    by_form = dict(zip([ErrorAnswer, *forms], schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for call in calls:
        paths.setdefault(call.path, {})[call.method] = _operation(call, by_form)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Một Cửa",
            "version": VERSION,
            "description": "The integration API. Errors carry Vietnamese sentences that may be shown to people.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "motcua token create NAME --scope SCOPE"}
            },
        },
    }


def routes(calls: Iterable[Call]) -> list[Route]:
    """Return the route that serves the description of `calls`; it is made once, here."""
    encoded = msgspec.json.encode(document(calls))

    async def describe(_request: Request) -> Response:
        return Response(encoded, media_type="application/json")

    return [Route(PATH, describe, methods=["GET"])]


def _operation(call: Call, forms: dict[Any, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {"summary": call.summary}
    if call.description:
        described["description"] = call.description
    parameters = [parameter for name, parameter in _PARAMETERS.items() if f"{{{name}}}" in call.path]
    parameters += call.parameters
    if parameters:
        described["parameters"] = parameters
    if call.scope is not None:
        described["description"] = f"{call.description} Scope: {call.scope}.".strip()
        described["security"] = [{"token": []}]
    if call.body is not None:
        described["requestBody"] = {"required": True, "content": _json(forms[call.body], call.body_example)}
    answers = {}
    for number, (status, form) in enumerate(call.answers.items()):
        example = call.example if number == 0 else None
        answers[str(status)] = {
            "description": "new" if status == 201 else "done",
            "content": _json(forms[form], example),
        }
    for status in call.errors:
        answers[str(status)] = {"description": _ERRORS[status], "content": _json(forms[ErrorAnswer])}
    if "401" in answers:
        challenge = {"schema": {"type": "string", "enum": list(CHALLENGE.values())}, "required": True}
        answers["401"]["headers"] = dict.fromkeys(CHALLENGE, challenge)
    described["responses"] = answers
    return described


def _json(schema: Any, example: Any = None) -> dict[str, Any]:
    content = {"schema": schema} if example is None else {"schema": schema, "example": example}
    return {"application/json": content}
