"""Dossiers come in: by file, one by one, event by event; checked, repeatable, silent about people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.engine import Database
from bot.dossiers import lookup
from bot.dossiers.codes import SAMPLE, normalise
from bot.dossiers.intake import events, importer
from bot.dossiers.intake.events import Change, DossierUnknownError, add_event
from bot.dossiers.intake.importer import DossierImporter
from bot.dossiers.intake.storing import put
from bot.dossiers.models import Dossier, DossierEvent
from bot.importing import RowError, run_import
from bot.settings import CONTENT

from .conftest import CODE, PHONE

ROW: dict[str, Any] = {
    "code": CODE,
    "owner_name": "Nguyễn Thị Mây Hồng",
    "owner_phone": PHONE,
    "slip_secret": "K7q2",
    "status": 4,
    "due_at": "2026-12-04T16:30:00+07:00",
    "events": [{"status": 4, "at": "2026-11-03T08:00:00+07:00", "note": "chuyển phòng chuyên môn"}],
}


def events_of(session: Session) -> int:
    return int(session.execute(select(func.count()).select_from(DossierEvent)).scalar_one())


def test_demo_dossiers_import_twice_and_cover_every_state(database: Database) -> None:
    path = CONTENT / "demo" / "dossiers.jsonl"
    first = run_import(database, DossierImporter(), path, strict=True)
    assert first.new == first.read >= 12
    second = run_import(database, DossierImporter(), path, strict=True)
    assert (second.new, second.changed, second.same) == (0, 0, first.read)
    with database.reading() as session:
        rows = session.execute(select(Dossier)).scalars().all()
        assert {row.status for row in rows} == set(range(1, 11))
        views = [lookup.view(session, row.code) for row in rows]
        assert sum(view is not None and view.late_working_days > 0 for view in views) >= 2
        assert any(view and view.new_due_at for view in views)
        assert len({row.owner_phone[-4:] for row in rows}) == len(rows)
        assert all(normalise(row.code) == row.code and len(row.slip_secret) == 4 for row in rows)


def test_csv_cells_are_read(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "dossiers.csv"
    path.write_text(
        "\ufeffcode,status,owner_phone,due_at,amount_due,supplement,apology\n"
        "h36.12 – 261102 – 0001,5,912345678,20/11/2026 17:00,1.200.000,Tờ khai; Bản sao,"
        '"{""reason"": ""Đo lại""}"',
        encoding="utf-8",
    )
    report = run_import(database, DossierImporter(), path, strict=True)
    assert report.new == 1
    with database.reading() as session:
        dossier = lookup.find(session, CODE)
        assert dossier is not None
        assert (dossier.owner_phone, dossier.amount_due) == ("0912345678", 1_200_000)
        assert dossier.supplement == ["Tờ khai", "Bản sao"]
        assert dossier.apology_reason == "Đo lại"
        assert dossier.due_at.isoformat() == "2026-11-20T10:00:00+00:00"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"code": None}, "thiếu code"),
        ({"code": "1.012796.H36"}, f"code không đúng dạng mã hồ sơ (ví dụ {SAMPLE})"),
        ({"code": "H36.12-241332-0001"}, "code không đúng dạng"),
        ({"code": 7}, "code không đúng dạng"),
        ({"status": None}, "thiếu status"),
        ({"status": 0}, "status phải là số từ 1 đến 10"),
        ({"status": 11}, "status phải là số từ 1 đến 10"),
        ({"status": "Đang xử lý"}, "status phải là số từ 1 đến 10"),
        ({"status": True}, "status phải là số từ 1 đến 10"),
        ({"status": float("nan")}, "status phải là số từ 1 đến 10"),
        ({"due_at": "mai"}, "due_at phải là ngày giờ"),
        ({"due_at": "31/02/2026"}, "due_at phải là ngày giờ"),
        ({"due_at": 20261120}, "due_at phải là ngày giờ"),
        ({"due_at": "0001-01-01"}, "due_at phải là ngày giờ"),
        ({"received_at": "2026-12-05"}, "due_at không thể trước received_at"),
        ({"owner_phone": "không có"}, "owner_phone không phải số điện thoại"),
        ({"owner_phone": "1234"}, "owner_phone không phải số điện thoại"),
        ({"slip_secret": "K7"}, "slip_secret phải có ít nhất 4"),
        ({"channel": "zalo"}, "channel phải là một trong: in_person, online, post"),
        ({"return_method": 1}, "return_method phải là một trong"),
        ({"payment_state": "Đã nộp"}, "payment_state phải là một trong"),
        ({"payment_state": []}, None),
        ({"amount_due": -1}, "amount_due phải là số đồng"),
        ({"amount_due": 1.5}, "amount_due phải là số đồng"),
        ({"amount_due": 10**20}, "amount_due phải là số đồng"),
        ({"supplement": [1]}, "supplement phải là danh sách"),
        ({"supplement": {}}, "supplement phải là danh sách"),
        ({"apology": "xin lỗi"}, "apology phải gồm"),
        ({"events": "x"}, "events phải là danh sách"),
        ({"events": ["x"]}, "events, mục 1: phải gồm"),
        ({"events": [{"status": 4}]}, "events, mục 1: thiếu at"),
        ({"owner_name": {"a": 1}}, "owner_name phải là chữ"),
        ({"owner_name": "x" * 2001}, "owner_name dài quá 2000 ký tự"),
    ],
)
def test_bad_rows_are_refused_with_a_reason(wrong: dict[str, Any], reason: str | None) -> None:
    with pytest.raises(RowError) as error:
        DossierImporter().check({**ROW, **wrong})
    assert str(error.value).startswith(reason or "payment_state")


def test_no_reason_and_no_repr_holds_personal_data(database: Database, tmp_path: Path, session: Session) -> None:
    secrets = ("Mây Hồng", PHONE, "K7q2", "0900 abc")
    record = DossierImporter().check(ROW)
    path = tmp_path / "d.jsonl"
    path.write_text(json.dumps({**ROW, "owner_phone": "0900 abc"}) + "\n" + json.dumps({**ROW, "code": PHONE}))
    report = run_import(database, DossierImporter(), path)
    put(session, CODE, ROW)
    dossier = lookup.find(session, CODE)
    shown = [
        repr(record),
        repr(record.events),
        repr(dossier),
        str(dossier),
        *(bad.reason for bad in report.bad),
    ]
    assert len(report.bad) == 2
    assert not any(secret in text for text in shown for secret in secrets)


def test_put_creates_replaces_and_does_nothing_twice(session: Session) -> None:
    assert put(session, CODE, {key: value for key, value in ROW.items() if key != "code"}) is Change.NEW
    assert put(session, CODE.lower(), ROW) is Change.SAME
    assert put(session, CODE, {**ROW, "status": 5, "events": []}) is Change.CHANGED
    dossier = lookup.find(session, CODE)
    assert dossier is not None
    assert dossier.status == 5
    assert events_of(session) == 0
    with pytest.raises(RowError, match="khác với code trong địa chỉ"):
        put(session, CODE, {**ROW, "code": "H36.12-261102-0002"})


def test_events_are_added_once_and_move_the_dossier(session: Session) -> None:
    put(session, CODE, ROW)
    event = {"status": 9, "at": "2026-11-20T15:00:00+07:00", "event_id": "e1", "note": "xong"}
    assert add_event(session, CODE, event) is Change.NEW
    assert add_event(session, CODE, event) is Change.SAME
    dossier = lookup.find(session, CODE)
    assert dossier is not None
    assert (dossier.status, dossier.finished_at.isoformat()) == (9, "2026-11-20T08:00:00+00:00")
    assert [item.status for item in dossier.events] == [4, 9]
    older = {"status": 5, "at": "2026-11-10T15:00:00+07:00", "event_id": "e0"}
    assert add_event(session, CODE, older) is Change.NEW
    assert dossier.status == 9
    add_event(session, CODE, {"status": 10, "at": "2026-11-21T15:00:00+07:00", "event_id": "e2"})
    assert dossier.returned_at is not None


def test_a_file_seen_before_does_not_undo_events_but_a_put_does(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text(json.dumps(ROW))
    run_import(database, DossierImporter(), path)
    with database.unit_of_work() as session:
        add_event(session, CODE, {"status": 9, "at": "2026-11-20T15:00:00+07:00", "event_id": "e1"})
    assert run_import(database, DossierImporter(), path).same == 1
    with database.unit_of_work() as session:
        view = lookup.view(session, CODE)
        assert view is not None
        assert view.status == 9
        assert put(session, CODE, ROW) is Change.CHANGED
        assert lookup.view(session, CODE).status == 4  # type: ignore[union-attr]
        assert events_of(session) == 2  # what was reported one by one is history and stays


@pytest.mark.parametrize(
    ("event", "error"),
    [
        ({"status": 9, "at": "2026-11-20"}, RowError),
        ({"status": 9, "event_id": "e1"}, RowError),
        ({"at": "2026-11-20", "event_id": "e1"}, RowError),
        ({"status": 9, "at": "2026-11-20", "event_id": events.FROM_RECORD + "1"}, RowError),
        ({"status": 9, "at": "2026-11-20", "event_id": "x" * 81}, RowError),
    ],
)
def test_bad_events_are_refused(session: Session, event: dict[str, Any], error: type[Exception]) -> None:
    put(session, CODE, ROW)
    with pytest.raises(error):
        add_event(session, CODE, event)
    assert events_of(session) == 1


def test_event_for_an_unknown_dossier(session: Session) -> None:
    with pytest.raises(DossierUnknownError):
        add_event(session, CODE, {"status": 9, "at": "2026-11-20", "event_id": "e1"})


def test_full_record_is_what_came_in(session: Session) -> None:
    put(session, CODE, {**ROW, "apology": {"reason": "Đo lại", "new_due_at": "2026-12-09T16:30:00+07:00"}})
    dossier = lookup.find(session, CODE)
    assert dossier is not None
    record = lookup.full_record(dossier)
    assert put(session, CODE, record) is Change.SAME
    assert record["owner_phone"] == PHONE
    assert record["apology"]["new_due_at"] == "2026-12-09T16:30:00+07:00"


def test_large_files_are_written_in_ranges(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "RANGE", 7)
    path = tmp_path / "d.jsonl"
    rows = [{**ROW, "code": f"H36.12-261102-{number:04}"} for number in range(30)]
    path.write_text("\n".join(map(json.dumps, rows)))
    assert run_import(database, DossierImporter(), path).new == 30
    rows[3]["status"] = 9
    path.write_text("\n".join(map(json.dumps, rows)))
    report = run_import(database, DossierImporter(), path)
    assert (report.changed, report.same) == (1, 29)
