from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from bot.db.engine import Database
from bot.importing import Report, RowError, run_import
from bot.pickups.importer import SlotImporter, TariffImporter
from bot.pickups.models import PickupSlot, Tariff

from .conftest import MONDAY, OFFICE, add_world


@pytest.fixture
def stored(database: Database) -> Database:
    with database.unit_of_work() as session:
        add_world(session)
    return database


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.read, report.new, report.changed, report.same


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_slots_are_imported_once_and_bad_rows_named(stored: Database, tmp_path: Path) -> None:
    file = write(
        tmp_path / "slots.csv",
        "\ufeffoffice_code,date,window,capacity\n"
        f"{OFFICE},2026-12-01,morning,5\n"
        f"{OFFICE},02/12/2026,chiều,0\n"
        f"{OFFICE},2026-12-01,morning,6\n"
        "BC-LA,2026-12-01,morning,5\n"
        f"{OFFICE},2026-13-01,morning,5\n"
        f"{OFFICE},2026-12-01,đêm,5\n"
        f"{OFFICE},2026-12-03,morning,-1\n"
        f"{OFFICE},2026-12-03,morning,1.5\n",
    )
    report = run_import(stored, SlotImporter({OFFICE}), file)
    assert counts(report) == (8, 2, 0, 0)
    assert [bad.line for bad in report.bad] == [4, 5, 6, 7, 8, 9]
    assert "office_code" in report.bad[1].reason and "BC-LA" not in report.bad[1].reason, "no value is quoted"
    assert counts(run_import(stored, SlotImporter({OFFICE}), file)) == (8, 0, 0, 2)


def test_a_capacity_never_goes_below_what_is_taken(stored: Database, tmp_path: Path) -> None:
    which = (PickupSlot.date == MONDAY, PickupSlot.window == "morning")
    with stored.unit_of_work() as session:
        session.execute(PickupSlot.__table__.update().where(*which).values(taken=2, capacity=4))
    file = write(
        tmp_path / "slots.jsonl",
        f'{{"office_code": "{OFFICE}", "date": "{MONDAY}", "window": "morning", "capacity": 0}}\n',
    )
    assert counts(run_import(stored, SlotImporter({OFFICE}), file)) == (1, 0, 1, 0)
    with stored.reading() as session:
        assert session.execute(select(PickupSlot.capacity).where(*which)).scalar_one() == 2
    assert counts(run_import(stored, SlotImporter({OFFICE}), file)) == (1, 0, 0, 1)


def test_slots_from_excel(stored: Database, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (
        ["office_code", "date", "window", "capacity"],
        [OFFICE, MONDAY.replace(day=30), "morning", 7.0],
    ):
        book.active.append(row)
    book.save(tmp_path / "slots.xlsx")
    assert counts(run_import(stored, SlotImporter({OFFICE}), tmp_path / "slots.xlsx")) == (1, 1, 0, 0)


def test_tariffs_are_imported_once_and_corrected(stored: Database, tmp_path: Path) -> None:
    row = (
        '{"zone": "nội tỉnh", "weight_to_g": 100, "direction": "deliver", "return_slip": false, "fee": %s,'
        ' "valid_from": "2026-11-01", "source": "bảng thử"}\n'
    )
    file = write(tmp_path / "tariff.jsonl", row % 23000)
    assert counts(run_import(stored, TariffImporter(), file)) == (1, 1, 0, 0)
    assert counts(run_import(stored, TariffImporter(), file)) == (1, 0, 0, 1)
    assert counts(run_import(stored, TariffImporter(), write(file, row % 24000))) == (1, 0, 1, 0)
    with stored.reading() as session:
        assert session.execute(select(Tariff.zone, Tariff.fee)).all() == [("province", 24000)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fee", -1),
        ("fee", None),
        ("fee", True),
        ("direction", "lên"),
        ("weight_to_g", 0),
        ("source", ""),
        ("valid_from", "mai"),
        ("return_slip", 2),
        ("zone", "x" * 41),
    ],
)
def test_a_bad_tariff_is_refused_with_its_field(field: str, value: object) -> None:
    good = {
        "zone": "province",
        "weight_to_g": 100,
        "direction": "deliver",
        "return_slip": 0,
        "fee": 1,
        "valid_from": "2026-11-01",
        "source": "thử",
    }
    TariffImporter().check(good)
    with pytest.raises(RowError, match=field):
        TariffImporter().check({**good, field: value})
