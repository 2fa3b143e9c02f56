"""POST /api/v1/understand (contract §1): what a text means, for programs with a token."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
import yaml
from contract import check_error
from httpx import Response
from starlette.testclient import TestClient
from talking import inbox_rows, outbox_rows

from bot import clock
from bot.api import tokens
from bot.api.models import ApiToken
from bot.db.engine import Database
from bot.settings import ROOT

URL = "/api/v1/understand"
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))


@pytest.fixture
def token(furnished: Database) -> str:
    """A token that may understand."""
    with furnished.unit_of_work() as session:
        return tokens.create(session, "desk", ["understand", "pickups"])


def ask(client: TestClient, token: str | None, body: Any, **headers: str) -> Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    if token:
        headers["authorization"] = f"Bearer {token}"
    return client.post(URL, content=raw, headers=headers)


def understood(client: TestClient, token: str, text: str) -> dict[str, Any]:
    response = ask(client, token, {"text": text})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def test_the_form_of_an_answer(client: TestClient, token: str) -> None:
    text = "lệ phí đăng ký kết hôn ở xã Di Linh bao nhiêu"
    found = understood(client, token, text)
    assert set(found) == {"intent", "intent_ranking", "entities", "procedures"}
    assert set(found["intent"]) == {"name", "confidence"} and found["intent"]["name"] in DOMAIN["intents"]
    assert 0 <= found["intent"]["confidence"] <= 1
    confidences = [ranked["confidence"] for ranked in found["intent_ranking"]]
    assert confidences == sorted(confidences, reverse=True) and found["intent_ranking"][0]["name"]
    for entity in found["entities"]:
        assert set(entity) == {"entity", "value", "start", "end", "confidence"}
        assert entity["entity"] in DOMAIN["entities"] and 0 <= entity["start"] < entity["end"] <= len(text)
    assert len(found["procedures"]) == 10
    scores = [procedure["score"] for procedure in found["procedures"]]
    assert scores == sorted(scores, reverse=True) and all(0 <= score <= 1 for score in scores)
    assert found["procedures"][0]["name"] == "Đăng ký kết hôn"


def test_offsets_count_the_text_as_sent(client: TestClient, token: str) -> None:
    text = unicodedata.normalize("NFD", "hồ sơ đăng ký kết hôn H36.12-261118-0042 tới đâu rồi")
    for entity in understood(client, token, text)["entities"]:
        said = text[entity["start"] : entity["end"]]
        assert unicodedata.normalize("NFC", said) == said or entity["entity"] != "dossier_code"
        if entity["entity"] == "dossier_code":
            assert said == "H36.12-261118-0042"
            return
    pytest.fail("the code was found")


def test_it_changes_nothing(client: TestClient, token: str, furnished: Database) -> None:
    first = understood(client, token, "gặp nhân viên")
    assert understood(client, token, "gặp nhân viên") == first
    assert inbox_rows(furnished) == [] and outbox_rows(furnished) == []


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer mc_unknown", "Basic x", "mc_unknown", "Bearer \u00e9"]
)
def test_without_a_token_there_is_no_answer(client: TestClient, token: str, header: str) -> None:
    response = client.post(URL, json={"text": "xin chào"}, headers={"authorization": header.encode("latin-1")})
    assert response.status_code == 401 and set(response.json()["error"]) == {"code", "message"}


def test_a_token_without_the_scope_is_refused(client: TestClient, furnished: Database) -> None:
    with furnished.unit_of_work() as session:
        other = tokens.create(session, "post office", ["pickups"])
    assert ask(client, other, {"text": "xin chào"}).status_code == 403


def test_a_revoked_token_is_refused(client: TestClient, token: str, furnished: Database) -> None:
    with furnished.unit_of_work() as session:
        session.query(ApiToken).update({"revoked_at": clock.now()})
    assert ask(client, token, {"text": "xin chào"}).status_code == 401


def test_only_a_hash_of_the_token_is_stored(token: str, furnished: Database) -> None:
    with furnished.reading() as session:
        (row,) = session.query(ApiToken).all()
        assert token not in (row.name, row.hash) and token[3:] not in row.hash


@pytest.mark.parametrize("scopes", [[], ["admin"], ["understand", "root"]])
def test_no_token_with_an_unknown_scope(furnished: Database, scopes: list[str]) -> None:
    with furnished.unit_of_work() as session, pytest.raises(tokens.UnknownScope, match="understand"):
        tokens.create(session, "x", scopes)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", {"text": "\ud800"}, b"[]", b"null", {}, {"text": 1}, {"text": None}, {"text": ["x"]},
     {"text": "a" * 4_001},
     {"text": "a" * 70_000}, b"\xff", b'{"text": "\xc3("}', b"[" * 30_000],
    ids=lambda body: ascii(body)[:30],
)  # fmt: skip
def test_a_wrong_body_is_a_clear_error(client: TestClient, token: str, body: Any) -> None:
    response = ask(client, token, body)
    check_error(response.status_code, response.json())


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00", "😀", "/restart", '/inform{"x":1}', "\u202e", "a" * 4_000, "9" * 4_000, "e\u0301" * 900],
    ids=lambda text: ascii(text)[:30],
)
def test_an_odd_text_is_answered(client: TestClient, token: str, text: str) -> None:
    found = understood(client, token, text)
    for entity in found["entities"]:
        assert 0 <= entity["start"] < entity["end"] <= len(text)


def test_a_typed_payload_is_not_its_intent(client: TestClient, token: str) -> None:
    found = understood(client, token, '/book_delivery{"x":1}')
    assert found["intent"]["confidence"] < 1
