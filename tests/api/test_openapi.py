"""GET /api/v1/openapi.json: the description is true. Schemathesis makes calls out of it and checks every answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.python import asgi
from schemathesis.specs.openapi import checks
from sqlalchemy.orm import Session
from starlette.routing import Route

from bot.api import openapi
from bot.api.models import SCOPES
from bot.db.engine import Database
from bot.dossiers import lookup
from bot.dossiers.codes import SAMPLE
from bot.dossiers.intake import storing
from bot.settings import Settings

if TYPE_CHECKING:
    from schemathesis.specs.openapi.schemas import OpenApiSchema
    from starlette.testclient import TestClient

    from bot.conversation.engine import Engine

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.unsupported_method,
    checks.allow_header_conformance,
    checks.ignored_auth,
]
EXAMPLES = 15  # made at random for each call, beside those that cover its form field by field

schema = schemathesis.pytest.from_fixture("described")


@pytest.fixture
def token(token_for: Callable[..., str]) -> str:
    """A token that may do everything."""
    return token_for(*SCOPES)


@pytest.fixture
def described(booked: Database, engine: Engine) -> Iterator[OpenApiSchema]:
    """The description as the running application gives it."""
    from bot.app import build
    from bot.serving import warm

    warm(engine, booked)  # as the server does: the first answer builds indexes, and schemathesis waits ten seconds
    app = build(Settings(), booked, engine)
    yield schemathesis.openapi.from_asgi(openapi.PATH, app, config=SchemathesisConfig(seed=1))
    asgi.shutdown_lifespans()


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_described(case: schemathesis.Case, token: str) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    """The description, asked for without a token."""
    response = client.get(openapi.PATH)
    assert response.status_code == 200 and response.headers["content-type"] == "application/json"
    found: dict[str, Any] = response.json()
    return found


def test_it_is_openapi_and_names_every_call(document: dict[str, Any], client: TestClient) -> None:
    assert document["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(document).validate()
    served = {
        (re.sub(r":\w+}", "}", route.path), method.lower())
        for route in client.app.routes  # type: ignore[attr-defined]
        if isinstance(route, Route) and route.path.startswith(("/api/", "/webhooks/"))
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert {(path, method) for path, calls in document["paths"].items() for method in calls} == served


def test_every_call_with_a_token_says_its_scope(document: dict[str, Any]) -> None:
    for path, calls in document["paths"].items():
        for call in calls.values():
            asks = path.startswith("/api/") and path != openapi.PATH
            assert ("security" in call) is asks and ("401" in call["responses"]) is asks
            assert any(f"Scope: {scope}." in call.get("description", "") for scope in SCOPES) is asks


def test_the_examples_fit_their_forms(document: dict[str, Any]) -> None:
    seen = 0
    for calls in document["paths"].values():
        for call in calls.values():
            contents = [call.get("requestBody"), *call["responses"].values()]
            for content in (content["content"]["application/json"] for content in contents if content):
                if "example" in content:
                    form = {**content["schema"], "components": document["components"]}
                    jsonschema.Draft202012Validator(form).validate(content["example"])
                    seen += 1
    assert seen >= 12


def test_a_form_has_the_fields_of_a_record(document: dict[str, Any], session: Session) -> None:
    calls = document["paths"]["/api/v1/dossiers/{code}"]
    example = calls["put"]["requestBody"]["content"]["application/json"]["example"]
    storing.put(session, SAMPLE, example)
    dossier = lookup.find(session, SAMPLE)
    assert dossier is not None
    record = lookup.full_record(dossier)
    forms = document["components"]["schemas"]
    assert set(forms["DossierRecord"]["properties"]) == set(forms["StoredDossier"]["properties"]) == set(record)
    assert set(forms["RecordEvent"]["properties"]) == set(record["events"][0])
    assert set(forms["Apology"]["properties"]) == {"reason", "new_due_at"}
    assert record == calls["get"]["responses"]["200"]["content"]["application/json"]["example"]
