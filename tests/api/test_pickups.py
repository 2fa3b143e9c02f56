"""The calls of the post (contract §4): taking work, reporting; every refusal in the house form, never a fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol
from urllib.parse import quote

import pytest
from httpx import Response
from sqlalchemy import select, update
from starlette.testclient import TestClient

from bot import clock
from bot.api.pickup_calls import BOOKING, MOST
from bot.api.tokens import create
from bot.db.engine import Database
from bot.dossiers.codes import SAMPLE
from bot.pickups import numbers
from bot.pickups.models import Pickup, PickupEvent, PickupNotice, PickupSlot
from bot.privacy.models import AuditEntry

PATH = "/api/v1/pickups"
EVENT = {"event_id": "e-1", "state": "confirmed", "at": "2026-11-23T08:59:00+07:00", "note": "bưu tá sẽ gọi trước"}
PERSONAL = ("Nguyễn Thị Ví Dụ", "0900001234", "12 đường Ví Dụ")


class Call(Protocol):
    """Make a call; returns its answer."""

    def __call__(
        self, method: str, path: str = "", body: Any = None, *, token: str = "", **headers: str
    ) -> Response: ...


@pytest.fixture
def call(client: TestClient, booked: Database, token_for: Callable[..., str]) -> Call:
    known = token_for("pickups", name="bưu điện")

    def make(method: str, path: str = "", body: Any = None, *, token: str = known, **headers: str) -> Response:
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        sent = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return client.request(method, PATH + path, content=raw, headers=sent)

    return make


@pytest.fixture
def report(call: Call) -> Callable[..., Response]:
    """Report the event above with other fields."""

    def make(**fields: Any) -> Response:
        return call("POST", f"/{BOOKING}/events", {**EVENT, **fields})

    return make


def error(response: Response) -> tuple[int, str]:
    """Return status and code of an error, in the house form, its sentence without anything personal."""
    body = response.json()
    assert set(body) == {"error"} and set(body["error"]) == {"code", "message"} and body["error"]["message"]
    assert not any(word in response.text for word in PERSONAL)
    return response.status_code, body["error"]["code"]


def pickup(database: Database) -> Any:
    with database.reading() as session:
        return session.execute(select(Pickup.__table__).where(Pickup.booking == BOOKING)).one()


def history(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.execute(select(PickupEvent.state).order_by(PickupEvent.id)).scalars())


def put(database: Database, **fields: Any) -> None:
    with database.unit_of_work() as session:
        session.execute(update(Pickup).where(Pickup.booking == BOOKING).values(**fields))


# --- taking the work ---


def test_the_post_sees_all_that_it_needs(call: Call, booked: Database) -> None:
    put(booked, papers=[{"name": "Tờ khai", "original": 1, "copy": 0}], proxy_name="Lê Văn Ví Dụ")
    answer = call("GET")
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert answer.json()["more"] is False
    (work,) = answer.json()["pickups"]
    with booked.reading() as session:
        slot = session.get(PickupSlot, pickup(booked).slot_id)
        half_day = {"date": slot.date.isoformat(), "window": slot.window, "office_code": slot.office_code}
    assert work == {
        **half_day,
        "booking": BOOKING, "state": "requested", "service": "deliver", "zone": "province",
        "unit_code": "25000", "unit_name": "xã Di Linh", "destination": None, "address": "12 đường Ví Dụ",
        "recipient_name": "Nguyễn Thị Ví Dụ", "proxy_name": "Lê Văn Ví Dụ", "phone": "0900001234",
        "dossier_code": SAMPLE, "procedure_code": None, "procedure_name": None,
        "papers": [{"name": "Tờ khai", "original": 1, "copy": 0}], "payment": "on_receipt",
        "fee": None, "fee_note": "bưu điện báo khi xác nhận", "tracking": None, "next_visit_on": None,
        "created_at": "2026-11-23T02:00:00Z", "updated_at": "2026-11-23T02:00:00Z",
    }  # fmt: skip


def test_a_procedure_is_named_and_a_letter_beyond_the_province_has_no_half_day(call: Call, booked: Database) -> None:
    put(
        booked, zone="outside", slot_id=None, unit_code=None, destination="Hà Nội", service="collect",
        dossier_code=None, procedure_code="1.001193", fee=31_000,
    )  # fmt: skip
    (work,) = call("GET").json()["pickups"]
    assert (work["procedure_name"], work["destination"]) == ("Đăng ký khai sinh", "Hà Nội")
    assert (work["date"], work["window"], work["office_code"], work["unit_name"]) == (None, None, None, None)
    assert work["fee"] == 31_000 and work["fee_note"] == "tạm tính 31.000 đ, bưu điện xác nhận lại"


def many(database: Database, count: int) -> list[str]:
    """Store more bookings; returns all numbers, oldest first."""
    with database.unit_of_work() as session:
        slot_id = session.execute(select(Pickup.slot_id)).scalar_one()
        for number in range(count):
            body = f"{500_000 + number}"
            session.add(
                Pickup(
                    booking=f"MC-{body}{numbers.check_digit(body)}", service="collect", state="requested",
                    slot_id=slot_id, procedure_code="1.001193", recipient_name="x", phone="0900000000",
                    unit_code="25000", address="x", payment="before", created_at=clock.now(), updated_at=clock.now(),
                )
            )  # fmt: skip
            session.flush()
        return list(session.execute(select(Pickup.booking).order_by(Pickup.id)).scalars())


def test_the_list_goes_on_after_the_last_one_seen(call: Call, booked: Database) -> None:
    known = many(booked, 4)
    seen, pages, more = [], 0, True
    while more:
        after = f"&after={quote(seen[-1].lower().replace('-', ' '))}" if seen else ""
        answer = call("GET", f"?limit=2{after}").json()
        seen += [work["booking"] for work in answer["pickups"]]
        pages, more = pages + 1, answer["more"]
    assert (seen, pages) == (known, 3)
    assert call("GET", f"?after={seen[-1]}").json() == {"pickups": [], "more": False}
    assert call("GET", "?state=delivered").json() == {"pickups": [], "more": False}


def test_a_booking_that_has_given_its_number_away_is_no_work(call: Call, booked: Database) -> None:
    numbered = many(booked, 2)
    put(booked, booking=None)
    assert [work["booking"] for work in call("GET", "?limit=2").json()["pickups"]] == numbered[1:]


def test_every_booking_that_is_shown_is_a_look_and_no_other(call: Call, booked: Database) -> None:
    first, second, _ = many(booked, 2)
    call("GET", "?limit=2")
    call("GET", "?state=delivered")
    with booked.reading() as session:
        entries = session.execute(select(AuditEntry.__table__).order_by(AuditEntry.id)).all()
    assert [(entry.actor, entry.action, entry.subject) for entry in entries] == [
        ("token:bưu điện", "pickup.read", first),
        ("token:bưu điện", "pickup.read", second),
    ]
    assert not any(word in str(entries) for word in PERSONAL)


@pytest.mark.parametrize(
    "query",
    ["state=lost", "state=", "after=MC-9999999", "after=x", "after=", "after=MC-1234567", "limit=0", "limit=-1",
     f"limit={MOST + 1}", "limit=2.5", "limit=%D9%A3", f"limit={'9' * 5_000}", "state=%00", "after=%FF%00"],
    ids=lambda query: query[:24],
)  # fmt: skip
def test_a_bad_question_is_one_sentence_that_names_the_field(call: Call, booked: Database, query: str) -> None:
    answer = call("GET", f"?{query}")
    assert error(answer) == (422, "bad_field")
    assert query.split("=")[0] in answer.json()["error"]["message"]
    with booked.reading() as session:
        assert session.execute(select(AuditEntry)).first() is None


# --- reporting ---


def test_an_event_moves_the_booking_once(report: Callable[..., Response], booked: Database) -> None:
    first = report()
    assert first.status_code == 201
    assert first.json() == {"result": "new", "moved": True, "state": "confirmed", "warning": None}
    again = report()
    assert again.status_code == 200
    assert again.json() == {"result": "same", "moved": False, "state": "confirmed", "warning": None}
    assert history(booked) == ["requested", "confirmed"]


def test_the_same_event_from_many_at_once_is_one(report: Callable[..., Response], booked: Database) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: report(), range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert history(booked) == ["requested", "confirmed"]


@pytest.mark.parametrize(
    "fields", [{"state": "rejected"}, {"note": "khác"}, {"note": None}, {"at": "2026-11-23T08:58:00+07:00"},
               {"tracking": "EB125966888VN"}], ids=str,
)  # fmt: skip
def test_other_content_under_a_known_id_is_refused(
    report: Callable[..., Response], booked: Database, fields: dict[str, Any]
) -> None:
    report()
    assert error(report(**fields)) == (409, "event_differs")
    assert history(booked) == ["requested", "confirmed"] and pickup(booked).tracking is None


@pytest.mark.parametrize("written", ["mc1234566", "MC 123 4566", "mc – 123 45 66", "MC%2D1234566", "%20MC-1234566%20"])
def test_a_booking_number_is_read_as_people_write_it(call: Call, written: str) -> None:
    path = written if "%" in written else quote(written)
    assert call("POST", f"/{path}/events", EVENT).status_code == 201


@pytest.mark.parametrize(
    "written", ["MC-1234567", "MC-7654320", "x", "1234566", "%FF%00", "..", "MC-1234566,MC-7654320"]
)
def test_a_booking_that_is_not_here(call: Call, booked: Database, written: str) -> None:
    answer = call("POST", f"/{written}/events", EVENT)
    assert error(answer) in {(404, "unknown_booking"), (404, "not_found")}
    assert history(booked) == ["requested"]


def test_a_move_that_may_not_follow_is_told_those_that_may(report: Callable[..., Response], booked: Database) -> None:
    answer = report(state="delivered")
    assert error(answer) == (409, "move_refused")
    assert "requested, tiếp theo chỉ có thể là: cancelled, confirmed, rejected" in answer.json()["error"]["message"]
    assert history(booked) == ["requested"]
    assert report(state="rejected", event_id="e-2").json()["moved"] is True
    assert "đã kết thúc" in report(state="assigned", event_id="e-3").json()["error"]["message"]


def test_a_rejected_booking_gives_its_place_back(report: Callable[..., Response], booked: Database) -> None:
    report(state="rejected")
    with booked.reading() as session:
        assert session.get(PickupSlot, pickup(booked).slot_id).taken == 0


def test_a_second_visit_too_soon_is_told_the_first_day(report: Callable[..., Response], booked: Database) -> None:
    put(booked, state="failed_1")
    with booked.unit_of_work() as session:
        session.add(PickupEvent(pickup_id=pickup(booked).id, state="failed_1", at=clock.parse("2026-11-20T10:00")))
    answer = report(state="failed_2")
    assert error(answer) == (409, "too_soon")
    assert "thứ tư 25/11/2026" in answer.json()["error"]["message"]  # the 24th is a holiday
    with clock.frozen("2026-11-25T17:00:00+07:00"):
        assert report(state="failed_2", at="2026-11-25T10:00").json()["moved"] is True


def test_the_future_is_refused_beyond_what_clocks_differ(report: Callable[..., Response], booked: Database) -> None:
    assert error(report(at="2026-11-23T09:05:01+07:00")) == (422, "future_event")
    assert history(booked) == ["requested"]
    assert report(at="2026-11-23T09:05:00+07:00").status_code == 201


def test_a_wrong_check_digit_is_a_warning_and_taken(report: Callable[..., Response], booked: Database) -> None:
    answer = report(tracking="eb 125966889 vn")
    assert (answer.status_code, answer.json()["warning"]) == (201, "tracking_check_digit")
    assert pickup(booked).tracking == "EB125966889VN"


@pytest.mark.parametrize(
    "fields",
    [{"event_id": None}, {"event_id": ""}, {"event_id": "x" * 81}, {"event_id": ["x"]}, {"state": None},
     {"state": "requested"}, {"state": "đang giao"}, {"state": 4}, {"state": ["confirmed"]}, {"at": None},
     {"at": "hôm qua"}, {"at": 20261123}, {"at": "9999-12-31T20:00:00Z"}, {"note": "g" * 501}, {"note": {}},
     {"tracking": "!!"}, {"tracking": "A" * 41}, {"tracking": "x" * 90}, {"tracking": ["EB"]}],
    ids=lambda fields: str(fields)[:40],
)  # fmt: skip
def test_a_bad_field_is_named_and_its_value_is_not(
    report: Callable[..., Response], booked: Database, fields: dict[str, Any]
) -> None:
    answer = report(**fields)
    assert error(answer) == (422, "bad_field")
    (name, value), message = next(iter(fields.items())), answer.json()["error"]["message"]
    assert name in message and (value in (None, "", 4, "requested", ["confirmed"], {}) or str(value) not in message)
    assert history(booked) == ["requested"]


# --- who may, and in what form ---


def test_no_call_without_a_token_that_may(call: Call, booked: Database) -> None:
    with booked.unit_of_work() as session:
        other = create(session, "khác", ["understand", "dossiers:read", "dossiers:write"])
    for method, path in (("GET", ""), ("POST", f"/{BOOKING}/events")):
        answer = call(method, path, EVENT, authorization="Bearer mc_unknown")
        assert error(answer) == (401, "no_token") and answer.headers["www-authenticate"] == "Bearer"
        assert error(call(method, path, EVENT, token=other)) == (403, "no_scope")
    assert history(booked) == ["requested"]


def test_only_json_objects_of_a_sane_size_are_taken(call: Call, booked: Database) -> None:
    path = f"/{BOOKING}/events"
    assert error(call("POST", path, EVENT, content_type="text/plain")) == (415, "wrong_type")
    for body in (b"", b"{", b"[]", b"\xff", b'{"state": "\\ud800"}', b"[" * 30_000):
        assert error(call("POST", path, body)) == (400, "bad_request")
    assert error(call("POST", path, {**EVENT, "x": "y" * 64 * 1024})) == (413, "body_too_large")
    assert history(booked) == ["requested"]


def test_a_refused_method_is_told_the_others(call: Call) -> None:
    assert "GET" in call("DELETE").headers["allow"]
    assert call("GET", f"/{BOOKING}/events").headers["allow"] == "POST"


def test_its_own_citizen_is_told_once(report: Callable[..., Response], booked: Database) -> None:
    from bot.conversation.models import Conversation

    with booked.unit_of_work() as session:
        talk = Conversation(channel="rest", sender="c1", created_at=clock.now())
        session.add(talk)
        session.flush()
        session.execute(update(Pickup).values(conversation_id=talk.id))
    for _ in range(2):
        report()
    report(event_id="e-2")  # the same state once more, under another number
    report(event_id="e-3", state="rejected", at="2026-11-23T08:00")  # late
    with booked.reading() as session:
        notices = list(session.execute(select(PickupNotice.pickup_state)).scalars())
    assert notices == ["confirmed"]
    assert history(booked) == ["requested", "confirmed", "confirmed", "rejected"]
    assert pickup(booked).state == "confirmed"
