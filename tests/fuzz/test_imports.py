"""Import files: any bytes become rows, bad rows or one FileError, and no reason says what stood in a cell."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.db.sealed import ColumnSealer
from bot.dossiers.intake.checking import check_chunk
from bot.dossiers.intake.importer import DossierImporter
from bot.importing import FileError, RowError
from bot.importing_rows import BadRow, Lines, parse, read_rows
from bot.pickups.importer import SlotImporter, TariffImporter
from bot.places.offices import OfficeImporter
from bot.procedures.importer import ProcedureImporter
from fuzz.strategies import HUGE, any_json, any_text, damaged, damaged_bytes, dumped, few, nested_json

SECRET = "Nguyễn Thị Bí Mật"
SEALER = ColumnSealer(lambda: (b"k" * 32,))
DOSSIER = {
    "code": "H36.12-261105-0001", "status": 4, "owner_name": "Trần Văn Ví Dụ", "owner_phone": "0900001234",
    "received_at": "2026-11-05T08:00:00+07:00", "due_at": "20/11/2026 17:00", "supplement": ["Tờ khai"],
    "amount_due": "50.000", "apology": {"reason": "chờ ý kiến", "new_due_at": "2026-11-25T17:00:00"},
    "events": [{"status": 1, "at": "2026-11-05T08:00:00Z", "note": "đã nộp"}],
}  # fmt: skip
OFFICE = {"code": "LD-1", "name": "Trung tâm", "kind": "any", "unit_code": "24781", "lat": 11.9, "lon": "108,4",
          "verified_at": "2026-11-22"}  # fmt: skip
PROCEDURE = {
    "code": "1.001193", "name": "ĐĂNG KÝ KHAI SINH", "field": "Hộ tịch", "levels": ["commune"], "popularity": "9",
    "channels": [{"channel": "online", "fee": ["8.000 đồng"], "time": "1 ngày"}], "steps": "- Nộp\n- Nhận",
    "documents": [{"name": "Tờ khai", "original": 1, "copy": 0, "note": ""}], "applicants": ["Công dân"],
    "legal_basis": ["Luật Hộ tịch"], "aliases": ["khai sinh"], "results": ["Giấy khai sinh"], "agency": "UBND",
    "conditions": "- Có", "valid_from": "2026-01-01", "local_levels_2025": ["commune"], "proxy": "yes",
}  # fmt: skip
SLOT = {"office_code": "LD-1", "date": "25/11/2026", "window": "sáng", "capacity": "4"}
TARIFF = {"zone": "nội tỉnh", "weight_to_g": "100", "direction": "trả", "return_slip": 0, "fee": "26000",
          "valid_from": "2026-01-01", "source": "bảng giá"}  # fmt: skip
IMPORTERS: list[tuple[Any, dict[str, Any]]] = [
    (DossierImporter(), DOSSIER), (OfficeImporter(), OFFICE), (ProcedureImporter(), PROCEDURE),
    (SlotImporter(["LD-1"]), SLOT), (TariffImporter(), TARIFF),
]  # fmt: skip


def workbook() -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in (list(SLOT), list(SLOT.values()), ["LD-1", None, "chiều", 3.0]):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


FILES = {
    ".jsonl": b"".join(dumped(row) + b"\n" for row in (DOSSIER, OFFICE, PROCEDURE)),
    ".csv": ",".join(SLOT).encode() + b"\r\n" + ",".join(map(str, SLOT.values())).encode() + b'\r\nLD-1,"[1,2]",,\r\n',
    ".xlsx": workbook(),
}


def rows_in(suffix: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"tep{suffix}"
        path.write_bytes(content)
        try:
            rows = list(read_rows(path))
        except FileError as error:
            assert len(str(error)) < 250
            return
    for line, row in rows:
        assert line >= 1 and isinstance(row, (dict, BadRow))
        assert not isinstance(row, BadRow) or len(row.reason) < 100


@few()
@given(st.sampled_from([".jsonl", ".csv"]), st.data())
def test_any_bytes_are_rows_or_a_file_error(suffix: str, data: st.DataObject) -> None:
    rows_in(suffix, data.draw(st.binary(max_size=200) | damaged_bytes(FILES[suffix])))


@few()
@given(st.binary(max_size=200) | damaged_bytes(FILES[".xlsx"]))
def test_any_bytes_are_a_sheet_or_a_file_error(content: bytes) -> None:
    rows_in(".xlsx", content)


@few()
@given(st.lists(st.lists(any_text.filter(lambda text: text.isprintable()), max_size=4), max_size=4))
def test_any_cells_of_a_sheet_are_read(rows: list[list[str]]) -> None:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    rows_in(".xlsx", out.getvalue())


@pytest.mark.parametrize(("importer", "example"), IMPORTERS, ids=[type(one).__name__ for one, _ in IMPORTERS])
def test_a_damaged_row_is_a_record_or_a_row_error(importer: Any, example: dict[str, Any]) -> None:
    @few()
    @given(damaged(example), st.sampled_from(list(example)), st.booleans())
    def check(row: Any, key: str, told: bool) -> None:
        if isinstance(row, dict) and told:
            row[key] = SECRET
        try:
            record = importer.check(parse(dumped(row)))
        except RowError as error:
            assert SECRET not in str(error) and len(str(error)) < 250
        else:
            if not isinstance(importer, DossierImporter):
                assert importer.key(record)

    check()
    assert importer.check(parse(dumped(example)))


@pytest.mark.parametrize(
    "change",
    [{"levels": [{}]}, {"levels": [], "local_levels_2025": {"x": 1}}, {"steps": 5}, {"\ud800": 1}, {"agency": HUGE}],
)
def test_what_once_broke_an_import(change: dict[str, Any]) -> None:
    try:
        ProcedureImporter().check(parse(dumped(PROCEDURE | change)))
    except RowError as error:
        assert len(str(error)) < 100


@few()
@given(st.lists(damaged(DOSSIER).map(dumped) | any_json.map(dumped) | damaged_bytes(dumped(DOSSIER)), max_size=4))
def test_a_chunk_is_checked_row_by_row(rows: list[bytes]) -> None:
    text = b"\n".join(row.replace(b"\n", b" ") for row in rows)
    done = check_chunk(Lines(1, text), SEALER)
    assert len(done.good) + len(done.refused) == sum(bool(row.strip()) for row in text.split(b"\n"))
    assert all(SECRET not in one.reason and len(one.reason) < 250 for one in done.refused)


def test_no_depth_is_a_fault() -> None:
    for levels in (50, 99, 101, 500, *range(900, 1_000, 11), 5_000):
        raw = b'{"code": "1.001193", "name": "x", "owner_id_number": ' + nested_json(levels) + b"}"
        assert len(check_chunk(Lines(1, raw), SEALER).refused) == 1
        try:
            ProcedureImporter().check(parse(raw))
        except RowError:
            assert levels > 90
