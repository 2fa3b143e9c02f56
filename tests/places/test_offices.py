"""Offices: which serves whom, and the import of files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy.orm import Session

from bot.db.engine import Database
from bot.importing import RowError, run_import
from bot.places import offices, units
from bot.places.models import Office
from bot.settings import CONTENT

DI_LINH, DALAT, PHAN_THIET, PHU_QUY = "25000", "24781", "22945", "23272"


def add(session: Session, **fields: Any) -> Office:
    office = Office(**{"name": "Bưu cục thử", "kind": "any", **fields})
    session.add(office)
    session.flush()
    return office


def test_own_office_comes_first(places: Session) -> None:
    add(places, code="B-DILINH", unit_code=DI_LINH)
    near = add(places, code="A-NEAR", lat=11.5354, lon=108.046)
    found = offices.serving(places, DI_LINH)
    assert found is not None and found.code == "B-DILINH" != near.code


def test_else_the_nearest_even_when_it_has_only_its_commune(places: Session) -> None:
    add(places, code="DALAT", unit_code=DALAT)
    add(places, code="PHANTHIET", unit_code=PHAN_THIET, lat=None, lon=None)
    add(places, code="NOWHERE")
    island = offices.serving(places, PHU_QUY)
    assert island is not None and island.code == "PHANTHIET"


def test_the_centre_sends_no_postman(places: Session) -> None:
    assert offices.serving(places, DI_LINH, kind="post") is None
    centre = offices.serving(places, DI_LINH, kind="centre")
    assert centre is not None and centre.code == offices.PROVINCIAL_CENTRE


def test_the_choice_can_be_limited(places: Session) -> None:
    add(places, code="A", unit_code=DI_LINH)
    add(places, code="B", unit_code=DALAT)
    found = offices.serving(places, DI_LINH, among={"B"})
    assert found is not None and found.code == "B"
    assert offices.serving(places, DI_LINH, among=()) is None


def test_unknown_commune_has_no_office(places: Session) -> None:
    assert offices.serving(places, "00000") is None


def test_distance_dalat_to_phan_thiet() -> None:
    assert offices.haversine_km((11.9404, 108.4583), (10.9289, 108.1021)) == pytest.approx(119, abs=3)


def test_shipped_offices_are_added_once_and_keep_what_was_imported(places: Session) -> None:
    demo = CONTENT / "demo" / "offices.jsonl"
    assert offices.load_offices(places, demo) == 3
    office = places.get(Office, "MAU-BD-DALAT")
    office.phone = "0263 000 000"
    places.flush()
    assert offices.load_offices(places, demo) == 0
    assert places.get(Office, "MAU-BD-DALAT").phone == "0263 000 000"


def test_demo_offices_say_so_and_invent_nothing() -> None:
    for line in (CONTENT / "demo" / "offices.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        assert "(mẫu)" in row["name"]
        assert row["address"] is row["phone"] is row["hours"] is None


def rows(path: Path, *items: dict[str, Any]) -> Path:
    path.write_text("\n".join(json.dumps(item, ensure_ascii=False) for item in items), encoding="utf-8")
    return path


def load_units(database: Database) -> None:
    with database.unit_of_work() as session:
        units.load_units(session)


def test_import_reports_bad_rows_and_is_idempotent(database: Database, tmp_path: Path) -> None:
    load_units(database)
    path = rows(
        tmp_path / "offices.jsonl",
        {"code": "HCC-1", "name": "Trung tâm A", "unit_code": DI_LINH, "verified_at": "2026-11-20"},
        {"code": "HCC-2"},
        {"code": "HCC-3", "name": "Trung tâm C", "unit_code": "99999"},
        {"code": "HCC-4", "name": "Trung tâm D", "lat": 11.5},
        {"code": "HCC-1", "name": "Trung tâm A lần nữa"},
        {"code": "HCC-5", "name": "Trung tâm E", "lat": "11,5", "lon": 108.1},
    )
    first = run_import(database, offices.OfficeImporter(), path)
    assert (first.read, first.new, [bad.line for bad in first.bad]) == (6, 2, [2, 3, 4, 5])
    second = run_import(database, offices.OfficeImporter(), path)
    assert (second.new, second.changed, second.same) == (0, 0, 2)
    with database.reading() as session:
        assert session.get(Office, "HCC-1").verified_at == date(2026, 11, 20)
        assert session.get(Office, "HCC-5").lat == 11.5


def test_import_of_a_changed_row(database: Database, tmp_path: Path) -> None:
    load_units(database)
    path = tmp_path / "offices.jsonl"
    run_import(database, offices.OfficeImporter(), rows(path, {"code": "A", "name": "Cũ", "phone": "0263"}))
    report = run_import(database, offices.OfficeImporter(), rows(path, {"code": "A", "name": "Mới"}))
    assert report.changed == 1
    with database.reading() as session:
        office = session.get(Office, "A")
        assert (office.name, office.phone) == ("Mới", None)


def test_import_from_excel_takes_numbers_for_codes(database: Database, tmp_path: Path) -> None:
    load_units(database)
    book = openpyxl.Workbook()
    sheet = book.create_sheet("offices", 0)
    book.active = sheet
    sheet.append(["code", "name", "unit_code", "lat", "lon", "verified_at"])
    sheet.append([12, "Bưu cục 12", 24781, 11.9, 108.4, date(2026, 11, 1)])
    path = tmp_path / "offices.xlsx"
    book.save(path)
    assert run_import(database, offices.OfficeImporter(), path, strict=True).new == 1
    with database.reading() as session:
        office = session.get(Office, "12")
        assert (office.unit_code, office.verified_at) == (DALAT, date(2026, 11, 1))


@pytest.mark.parametrize(
    "row",
    [
        {"name": "Không mã"},
        {"code": "A", "name": " "},
        {"code": "A" * 41, "name": "B"},
        {"code": True, "name": "B"},
        {"code": "A", "name": "B", "lat": 91, "lon": 1},
        {"code": "A", "name": "B", "lat": "x", "lon": 1},
        {"code": "A", "name": "B", "verified_at": "hôm qua"},
        {"code": "A", "name": ["B"]},
        {"code": "A", "name": "B", "kind": "huyện"},
        {"code": "A", "name": "B", "lat": float("nan"), "lon": 1},
    ],
)
def test_bad_rows_are_refused(row: dict[str, Any]) -> None:
    with pytest.raises(RowError):
        offices.OfficeImporter().check(row)
