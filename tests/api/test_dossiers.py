"""The calls about dossiers (contract §4): written, reported, read; every refusal in the house form, never a fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol
from urllib.parse import quote

import pytest
from httpx import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from bot import clock
from bot.api import dossier_calls, tokens
from bot.api.models import ApiToken
from bot.db.engine import Database
from bot.dossiers.codes import SAMPLE
from bot.dossiers.intake.models import DossierReview
from bot.dossiers.models import Dossier, DossierEvent
from bot.dossiers.notices.models import DossierNotice, DossierSubscription
from bot.privacy.models import AuditEntry

NEW = "H36.12-261120-0007"
RECORD: dict[str, Any] = dict(dossier_calls.RECORD)
EVENT = {"status": 9, "at": "2026-11-22T15:00:00+07:00", "event_id": "e-1", "note": "xong"}


class Call(Protocol):
    """Make a call; returns its answer."""

    def __call__(self, method: str, code: str, body: Any = None, *, token: str = "", **headers: str) -> Response: ...


@pytest.fixture
def call(client: TestClient, sample: Database, token_for: Callable[..., str]) -> Call:
    known = token_for("dossiers:read", "dossiers:write")

    def make(method: str, code: str, body: Any = None, *, token: str = known, **headers: str) -> Response:
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        sent = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        path = f"/api/v1/dossiers/{quote(code, safe='')}" if "%" not in code else f"/api/v1/dossiers/{code}"
        if method == "EVENT":
            method, path = "POST", f"{path}/events"
        return client.request(method, path, content=raw, headers=sent)

    return make


def error(response: Response) -> tuple[int, str]:
    """Return status and code of an error, in the house form."""
    body = response.json()
    assert set(body) == {"error"} and set(body["error"]) == {"code", "message"} and body["error"]["message"]
    return response.status_code, body["error"]["code"]


def reviews(database: Database) -> list[tuple[str, str | None]]:
    with database.reading() as session:
        rows = session.execute(select(DossierReview).order_by(DossierReview.id)).scalars()
        return [(row.reason, row.code) for row in rows]


def stored(database: Database, code: str = SAMPLE) -> Any:
    with database.reading() as session:
        return session.execute(select(Dossier.status, Dossier.upstream_status).where(Dossier.code == code)).first()


def notices(database: Database) -> list[tuple[str, int]]:
    with database.reading() as session:
        return [(row.about, row.status) for row in session.execute(select(DossierNotice)).scalars()]


@pytest.fixture
def followed(sample: Database) -> Database:
    """Somebody follows the dossier of the examples."""
    with sample.unit_of_work() as session:
        session.add(DossierSubscription(asker="rest:c1", code=SAMPLE, since=clock.now()))
    return sample


# --- writing ---


def test_a_dossier_is_new_then_the_same_then_changed(call: Call, sample: Database) -> None:
    first = call("PUT", NEW, RECORD)
    assert (first.status_code, first.json()) == (201, {"result": "new", "code": NEW})
    again = call("PUT", NEW, {**RECORD, "code": NEW})
    assert (again.status_code, again.json()) == (200, {"result": "same", "code": NEW})
    changed = call("PUT", NEW, {**RECORD, "status": 6})
    assert (changed.status_code, changed.json()) == (200, {"result": "changed", "code": NEW})
    assert stored(sample, NEW).status == 6


@pytest.mark.parametrize(
    "code", ["h36.12-261120-0007", " H36.12 – 261120 – 0007 ", "H36.12/261120/0007", "h36%2E12%2D261120%2D0007"]
)
def test_a_code_is_read_as_people_write_it(call: Call, code: str) -> None:
    assert call("PUT", code, RECORD).json() == {"result": "new", "code": NEW}
    assert call("GET", code).json()["code"] == NEW
    assert call("EVENT", code, EVENT).json()["moved"] is True


def test_a_code_of_a_coming_day_is_taken(call: Call) -> None:
    assert call("PUT", "H36.12-271120-0007", RECORD).status_code == 201


def test_events_inside_a_record_may_lie_in_the_future(call: Call) -> None:
    ahead = {"status": 5, "at": "2026-12-24T08:00:00+07:00"}
    assert call("PUT", NEW, {**RECORD, "events": [ahead]}).status_code == 201


@pytest.mark.parametrize(
    "fields",
    [
        {"status": None}, {"owner_phone": "0900 abc 123"}, {"slip_secret": "K7"}, {"received_at": "hôm qua"},
        {"amount_due": -1}, {"channel": "fax"}, {"events": {"a": 1}}, {"events": [1]}, {"events": [{"status": 4}]},
        {"code": SAMPLE}, {"code": 7}, {"apology": ["x"]}, {"supplement": [1]}, {"owner_name": ["Lê"]},
        {"due_at": "2026-11-01"}, {"due_at": "9999-12-31T20:00:00Z"}, {"owner_name": "ê" * 2_001},
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_field_is_named_and_its_value_is_not(call: Call, sample: Database, fields: dict[str, Any]) -> None:
    answer = call("PUT", NEW, {**RECORD, **fields})
    assert error(answer) == (422, "bad_field")
    assert next(iter(fields)) in answer.json()["error"]["message"]
    assert not any(str(value) in answer.text for value in fields.values() if value not in (None, [], {}, -1, 7))
    assert stored(sample, NEW) is None and reviews(sample) == []


def test_a_code_that_is_none_is_a_bad_field(call: Call) -> None:
    assert error(call("PUT", "068123456789", RECORD)) == (422, "bad_field")
    assert error(call("EVENT", "H36.12-269999-0001", EVENT)) == (422, "bad_field")


def test_a_record_of_an_unknown_state_is_kept_and_shown_by_its_name(call: Call, sample: Database) -> None:
    odd = {**RECORD, "status": "Đang trình ký"}
    assert error(call("PUT", SAMPLE, odd)) == (422, "unknown_status")
    assert (stored(sample).status, stored(sample).upstream_status) == (2, "Đang trình ký")
    assert error(call("PUT", NEW, odd)) == (422, "unknown_status")
    assert reviews(sample) == [("unknown_status", SAMPLE), ("unknown_status", NEW)] and stored(sample, NEW) is None
    assert call("PUT", SAMPLE, {"status": 2}).status_code == 200
    assert stored(sample).upstream_status is None


def test_an_unknown_step_in_the_history_is_kept_but_names_no_state(call: Call, sample: Database) -> None:
    odd = {"status": 4, "events": [{"status": 11, "at": "2026-11-20"}]}
    assert error(call("PUT", SAMPLE, odd)) == (422, "unknown_status")
    assert reviews(sample) == [("unknown_status", SAMPLE)] and stored(sample).upstream_status is None


def test_two_first_reports_of_one_dossier_meet(call: Call, sample: Database) -> None:
    records = [{**RECORD, "owner_name": f"Nguyễn Thị Ví Dụ {number}"} for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda record: call("PUT", NEW, record), records))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]


# --- reporting ---


def test_an_event_moves_the_dossier_once(call: Call, followed: Database) -> None:
    first = call("EVENT", SAMPLE, EVENT)
    assert (first.status_code, first.json()) == (201, {"result": "new", "moved": True, "review": None})
    again = call("EVENT", SAMPLE, EVENT)
    assert (again.status_code, again.json()) == (200, {"result": "same", "moved": False, "review": None})
    assert stored(followed).status == 9 and notices(followed) == [("e-1", 9)]


def test_the_same_event_from_many_at_once_is_one(call: Call, followed: Database) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: call("EVENT", SAMPLE, EVENT), range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert notices(followed) == [("e-1", 9)]


def test_other_content_under_a_known_id_is_refused_and_kept(call: Call, sample: Database) -> None:
    call("EVENT", SAMPLE, EVENT)
    assert error(call("EVENT", SAMPLE, {**EVENT, "status": 8})) == (409, "event_differs")
    assert reviews(sample) == [("event_differs", SAMPLE)] and stored(sample).status == 9


def test_an_unknown_state_is_refused_and_kept_with_an_alert(call: Call, client: TestClient, sample: Database) -> None:
    odd = {**EVENT, "status": "11 - Chờ liên thông"}
    for _ in range(2):
        assert error(call("EVENT", SAMPLE, odd)) == (422, "unknown_status")
    assert reviews(sample) == [("unknown_status", SAMPLE)]
    assert (stored(sample).status, stored(sample).upstream_status) == (2, "11 - Chờ liên thông")
    assert 'motcua_dossier_reviews_total{reason="unknown_status"}' in client.get("/metrics").text


def test_an_event_from_the_future_is_refused_and_kept(call: Call, sample: Database) -> None:
    ahead = {**EVENT, "at": "2026-11-23T09:05:01+07:00"}
    assert error(call("EVENT", SAMPLE, ahead)) == (422, "future_event")
    assert reviews(sample) == [("future_event", SAMPLE)] and stored(sample).status == 2
    assert call("EVENT", SAMPLE, {**EVENT, "at": "2026-11-23T09:05:00+07:00"}).status_code == 201


def test_an_event_before_its_dossier_is_kept_until_it_can_be_taken(call: Call, sample: Database) -> None:
    assert error(call("EVENT", NEW, EVENT)) == (404, "unknown_dossier")
    assert reviews(sample) == [("unknown_dossier", NEW)]
    call("PUT", NEW, RECORD)
    assert call("EVENT", NEW, EVENT).status_code == 201
    with sample.reading() as session:
        assert session.execute(select(DossierReview.settled_at)).scalar_one() is not None


def test_an_older_event_is_history_and_no_news(call: Call, followed: Database) -> None:
    call("EVENT", SAMPLE, EVENT)
    older = call("EVENT", SAMPLE, {**EVENT, "status": 4, "at": "2026-11-20", "event_id": "e-0"})
    assert (older.status_code, older.json()) == (201, {"result": "new", "moved": False, "review": None})
    assert stored(followed).status == 9 and notices(followed) == [("e-1", 9)]
    assert [event["status"] for event in call("GET", SAMPLE).json()["events"]] == [4, 9]


def test_a_step_backwards_is_taken_and_kept(call: Call, sample: Database) -> None:
    call("EVENT", SAMPLE, EVENT)
    back = call("EVENT", SAMPLE, {**EVENT, "status": 4, "at": "2026-11-22T16:00", "event_id": "e-2"})
    assert (back.status_code, back.json()) == (201, {"result": "new", "moved": True, "review": "went_backwards"})
    assert stored(sample).status == 4 and reviews(sample) == [("went_backwards", SAMPLE)]


@pytest.mark.parametrize(
    "fields",
    [{"event_id": None}, {"event_id": "x" * 81}, {"event_id": "record:1"}, {"at": None}, {"at": "25 giờ"},
     {"at": 20261122}, {"note": {}}, {"status": None}],
    ids=str,
)  # fmt: skip
def test_a_bad_event_is_refused_and_not_kept(call: Call, sample: Database, fields: dict[str, Any]) -> None:
    assert error(call("EVENT", SAMPLE, {**EVENT, **fields})) == (422, "bad_field")
    assert reviews(sample) == [] and stored(sample).status == 2


# --- reading ---


def test_a_record_is_read_back_whole_and_the_look_is_written_down(call: Call, sample: Database) -> None:
    call("PUT", NEW, RECORD)
    answer = call("GET", NEW)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert {name: answer.json()[name] for name in RECORD} == RECORD
    assert call("PUT", NEW, answer.json()).json()["result"] == "same"
    with sample.reading() as session:
        (entry,) = session.execute(select(AuditEntry)).scalars()
        assert (entry.actor, entry.action, entry.subject) == ("token:một cửa điện tử", "dossier.read", NEW)
        assert entry.at == clock.now() and RECORD["owner_name"] not in str(vars(entry))


def test_reading_and_writing_back_does_not_double_the_history(call: Call, sample: Database) -> None:
    call("PUT", NEW, RECORD)
    call("EVENT", NEW, EVENT)
    for _ in range(3):
        call("PUT", NEW, {**call("GET", NEW).json(), "agency": "Sở Ví Dụ"})
    with sample.reading() as session:
        query = select(DossierEvent.status).join(Dossier).where(Dossier.code == NEW).order_by(DossierEvent.at)
        assert list(session.execute(query).scalars()) == [5, 9]


@pytest.mark.parametrize("code", [NEW, "068123456789", "x", "../../readyz", "%FF%00"])
def test_what_is_not_there_is_not_found_and_no_look(call: Call, sample: Database, code: str) -> None:
    assert error(call("GET", code)) == (404, "unknown_dossier")
    with sample.reading() as session:
        assert session.execute(select(AuditEntry)).first() is None


# --- who may, and in what form ---


@pytest.mark.parametrize("method", ["PUT", "GET", "EVENT"])
def test_no_call_without_a_token(call: Call, sample: Database, method: str) -> None:
    for header in ("", "Bearer", "Bearer mc_unknown", "Basic eDp5"):
        answer = call(method, SAMPLE, RECORD, authorization=header)
        assert error(answer) == (401, "no_token") and answer.headers["www-authenticate"] == "Bearer"
    assert stored(sample).status == 2


@pytest.mark.parametrize(
    ("method", "scope"), [("PUT", "dossiers:read"), ("EVENT", "dossiers:read"), ("GET", "dossiers:write")]
)
def test_no_call_without_its_scope(
    call: Call, token_for: Callable[..., str], sample: Database, method: str, scope: str
) -> None:
    other = token_for(scope, "understand", "pickups")
    assert error(call(method, SAMPLE, RECORD, token=other)) == (403, "no_scope")
    assert stored(sample).status == 2


def test_a_revoked_token_stops_at_once(call: Call, token_for: Callable[..., str], sample: Database) -> None:
    mine = token_for("dossiers:read", name="cũ")
    assert call("GET", SAMPLE, token=mine).status_code == 200
    with sample.unit_of_work() as session:
        tokens.revoke(session, "cũ")
    assert error(call("GET", SAMPLE, token=mine)) == (401, "no_token")
    with sample.reading() as session:
        assert session.execute(select(ApiToken).where(ApiToken.revoked_at.is_(None))).first()


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_only_json_is_taken(call: Call, kind: str) -> None:
    for method in ("PUT", "EVENT"):
        assert error(call(method, SAMPLE, RECORD, content_type=kind)) == (415, "wrong_type")
    assert call("PUT", NEW, RECORD, content_type="Application/JSON; charset=utf-8").status_code == 201


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b'{"status": NaN}', b'{"status": 1e999}', b"[" * 30_000,
     b'{"status": "\\ud800"}', b'{"status": ' + b"9" * 5_000 + b"}"],
    ids=lambda body: ascii(body)[:30],
)  # fmt: skip
def test_bad_json_is_said_so(call: Call, body: bytes) -> None:
    for method in ("PUT", "EVENT"):
        assert error(call(method, SAMPLE, body)) == (400, "bad_request")


@pytest.mark.parametrize(
    "status",
    ["\x00", "\u202e", "😀" * 200, {"a": 1}, [[[[]]]], True, 10**25, 4.5, -1, "<b>x</b>", " ", "\n"],
    ids=lambda status: ascii(status)[:20],
)
def test_whatever_a_state_may_be_there_is_no_fault(call: Call, sample: Database, status: Any) -> None:
    for method in ("PUT", "EVENT"):
        assert error(call(method, SAMPLE, {**EVENT, "status": status})) == (422, "unknown_status")
    assert len(reviews(sample)) == 1, "the same thing is kept once, whichever way it came"
    assert len(stored(sample).upstream_status or "") <= 80


def test_deep_bodies_are_kept_without_a_fault(call: Call, sample: Database) -> None:
    deep = b'{"status": 11, "note": ' + b"[" * 900 + b"]" * 900 + b"}"
    for method in ("PUT", "EVENT"):
        assert error(call(method, SAMPLE, deep)) == (422, "unknown_status")
    assert len(reviews(sample)) == 1


def test_how_large_a_body_may_be(call: Call, sample: Database) -> None:
    event = {"status": 4, "at": "2026-11-20T15:00:00+07:00", "note": "n" * 400}
    long = {**RECORD, "events": [{**event, "note": f"{number} " + "n" * 900} for number in range(500)]}
    assert 460 * 1024 < len(json.dumps(long)) < 512 * 1024
    assert call("PUT", NEW, long).status_code == 201
    assert error(call("PUT", NEW, {**RECORD, "x": "y" * 512 * 1024})) == (413, "body_too_large")
    assert error(call("EVENT", SAMPLE, {**EVENT, "x": "y" * 64 * 1024})) == (413, "body_too_large")


def test_a_refused_method_is_told_the_others(client: TestClient) -> None:
    refused = client.delete(f"/api/v1/dossiers/{SAMPLE}")
    assert refused.status_code == 405 and {"GET", "PUT"} <= set(refused.headers["allow"].split(", "))
