"""Every import file (contract §5): streamed, checked row by row, idempotent, strict on request."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from rich.console import Console
from sqlalchemy import func, select

from bot import clock, importing, importing_excel
from bot.db.engine import Database
from bot.dossiers.intake.importer import DossierImporter
from bot.importing import BadRow, FileError, Report, read_rows, run_import
from bot.importing_files import import_file
from bot.loading import load_content, load_demo
from bot.procedures.importer import ProcedureImporter
from bot.procedures.models import Procedure
from bot.tables import metadata

Write = Callable[..., Path]
BIRTH = {"code": "1.001193", "name": "Đăng ký khai sinh", "legal_basis": ["Luật Hộ tịch"], "popularity": 90}
MARRIAGE = {"code": "1.000894", "name": "Đăng ký kết hôn", "aliases": ["cưới"], "levels": ["xã"]}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write rows (or raw lines) to a file of the kind that its name says."""

    def _write(name: str, *rows: Any, bom: bool = False) -> Path:
        path = tmp_path / name
        if name.endswith(".jsonl"):
            lines = [row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode() for row in rows]
            path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + b"\n".join(lines) + b"\n")
            return path
        header = list(dict.fromkeys(key for row in rows for key in row))
        cells = [[_cell(row.get(key)) for key in header] for row in rows]
        if name.endswith(".csv"):
            with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
                csv.writer(file).writerows([header, *cells])
        else:
            book = openpyxl.Workbook()
            for line in [header, *cells]:
                book.active.append(line)
            book.save(path)
        return path

    return _write


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.read, report.new, report.changed, report.same, len(report.bad)


def names(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return dict(session.execute(select(Procedure.code, Procedure.name)).all())


@pytest.mark.parametrize("name", ["p.jsonl", "p.csv", "p.xlsx", "P.JSONL"])
@pytest.mark.parametrize("bom", [False, True])
def test_each_kind_of_file_twice(database: Database, write: Write, name: str, bom: bool) -> None:
    path = write(name.lower(), BIRTH, MARRIAGE, bom=bom)
    assert counts(run_import(database, ProcedureImporter(), path)) == (2, 2, 0, 0, 0)
    assert names(database) == {"1.001193": "Đăng ký khai sinh", "1.000894": "Đăng ký kết hôn"}
    assert counts(run_import(database, ProcedureImporter(), path)) == (2, 0, 0, 2, 0)
    with database.reading() as session:
        assert session.execute(select(Procedure.legal_basis).where(Procedure.code == "1.001193")).scalar_one() == [
            "Luật Hộ tịch"
        ]


def test_the_three_kinds_of_file_say_the_same(database: Database, write: Write) -> None:
    run_import(database, ProcedureImporter(), write("p.jsonl", BIRTH, MARRIAGE))
    for name in ("p.csv", "p.xlsx"):
        assert counts(run_import(database, ProcedureImporter(), write(name, BIRTH, MARRIAGE))) == (2, 0, 0, 2, 0)


def test_a_date_cell_of_excel_is_a_date(database: Database, write: Write) -> None:
    row = BIRTH | {"valid_from": datetime(2026, 7, 1)}
    assert counts(run_import(database, ProcedureImporter(), write("p.xlsx", row))) == (1, 1, 0, 0, 0)
    with database.reading() as session:
        assert session.execute(select(Procedure.valid_from)).scalar_one() == date(2026, 7, 1)


def test_a_changed_row_changes_its_row_only(database: Database, write: Write) -> None:
    run_import(database, ProcedureImporter(), write("p.jsonl", BIRTH, MARRIAGE))
    again = write("p.jsonl", BIRTH, MARRIAGE | {"name": "Đăng ký kết hôn mới"})
    assert counts(run_import(database, ProcedureImporter(), again)) == (2, 0, 1, 1, 0)
    assert names(database)["1.000894"] == "Đăng ký kết hôn mới"


BAD: list[Any] = [
    b"{", b"[]", b"12", b'"x"', b"null", b"\xff\xfe\xfa", b"[" * 3000,
    {"name": "không mã"}, {"code": "abc", "name": "x"}, {"code": 1, "name": "x"}, {"code": "1.000001"},
    {"code": "1.000001", "name": 5}, {"code": "1.000001", "name": ""},
    {"code": "1.000001", "name": "x", "levels": "xã"},
    {"code": "1.000001", "name": "x", "documents": ["x"]}, {"code": "1.000001", "name": "x", "proxy": "maybe"},
    {"code": "1.000001", "name": "x", "valid_from": "22/11/2026"}, {"code": "1.000001", "name": "x", "popularity": 999},
    {"code": "1.000001", "name": "x", "popularity": True}, {"code": "1.000001", "name": "x", "agency": "x" * 5000},
    {"code": "1.000001", "name": "x", "field": {"a": 1}},
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: ascii(bad)[:50])
def test_a_bad_row_is_reported_by_its_line_and_the_good_ones_go_in(database: Database, write: Write, bad: Any) -> None:
    report = run_import(database, ProcedureImporter(), write("p.jsonl", BIRTH, b"", bad, MARRIAGE))
    assert [row.line for row in report.bad] == [3]
    reason = report.bad[0].reason
    assert reason and "\n" not in reason and len(reason) < 200
    assert set(names(database)) == {"1.001193", "1.000894"}


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: ascii(bad)[:50])
def test_strict_refuses_the_whole_file(database: Database, write: Write, bad: Any) -> None:
    with pytest.raises(FileError, match="dòng 2") as raised:
        run_import(database, ProcedureImporter(), write("p.jsonl", BIRTH, bad), strict=True)
    assert "\n" not in str(raised.value)
    assert names(database) == {}


def test_a_code_twice_in_one_file_is_reported(database: Database, write: Write) -> None:
    report = run_import(database, ProcedureImporter(), write("p.jsonl", BIRTH, MARRIAGE, BIRTH | {"name": "khác"}))
    assert [row.line for row in report.bad] == [3] and "dòng 1" in report.bad[0].reason
    assert names(database)["1.001193"] == "Đăng ký khai sinh"


def test_texts_are_cleaned(database: Database, write: Write) -> None:
    row = {"code": "1.001193", "name": unicodedata.normalize("NFD", " Đăng ký\u200b khai\x00 sinh ")}
    run_import(database, ProcedureImporter(), write("p.jsonl", row))
    assert names(database) == {"1.001193": "Đăng ký khai sinh"}


def test_lines_of_a_table_are_counted_as_in_the_file(write: Write) -> None:
    for name in ("p.csv", "p.xlsx"):
        assert [line for line, _ in read_rows(write(name, BIRTH, MARRIAGE))] == [2, 3]


def test_a_csv_row_with_too_many_cells_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text('code,name\n1.001193,Đăng ký khai sinh\n1.000894,Đăng ký, kết hôn\n"1.000001","hai\ndòng"\n')
    rows = list(read_rows(path))
    assert isinstance(rows[1][1], BadRow) and rows[1][0] == 3
    assert isinstance(rows[2][1], dict)


def test_of_many_bad_rows_the_first_are_kept_and_all_are_counted(
    database: Database, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "KEPT_BAD_ROWS", 3)
    path = write("p.jsonl", *[b"{"] * 60, BIRTH)
    report = run_import(database, ProcedureImporter(), path)
    assert (report.new, report.refused, [row.line for row in report.bad]) == (1, 60, [1, 2, 3])
    with pytest.raises(FileError, match="60 dòng sai"):
        run_import(database, ProcedureImporter(), path, strict=True)


def test_the_command_says_how_many_rows_are_bad(database: Database, write: Write) -> None:
    said = io.StringIO()
    path = write("p.jsonl", *[b"{"] * 60, BIRTH)
    import_file(database, "procedures", path, False, Console(file=said, width=200), pytest.fail)
    assert said.getvalue().count("không phải JSON hợp lệ") == 50
    assert "… và 10 dòng sai nữa" in said.getvalue()
    assert "Đã đọc 61 dòng: 1 mới, 0 đổi, 0 giữ nguyên, 60 dòng sai bị bỏ." in said.getvalue()


@pytest.mark.parametrize("depth", [300, 700, 950, 5000])
def test_a_row_may_be_nested_deeply(database: Database, write: Write, depth: int) -> None:
    nested = json.dumps({**BIRTH, "x": 0}).replace("0}", "[" * depth + "]" * depth + "}").encode()
    report = run_import(database, ProcedureImporter(), write("p.jsonl", nested, MARRIAGE))
    assert report.new + report.refused == 2 and report.new >= 1
    cell = {**BIRTH, "conditions": "[" * depth + "]" * depth}
    assert run_import(database, ProcedureImporter(), write("p.csv", cell)).read == 1


def repacked(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Change the parts of an Excel file."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w") as book:
        for name, part in parts.items():
            book.writestr(name, part)
    return path


SHEET, TYPES = "xl/worksheets/sheet1.xml", "[Content_Types].xml"


def as_excel_writes(parts: dict[str, bytes]) -> None:
    """Excel keeps texts in a table of their own; openpyxl writes them into the cells."""
    texts: list[bytes] = []

    def refer(cell: re.Match[bytes]) -> bytes:
        texts.append(cell[2])
        return cell[1] + b't="s"><v>%d</v></c>' % (len(texts) - 1)

    inline = rb'(<c r="[A-Z]+\d+" )t="inlineStr"><is><t[^>]*>([^<]*)</t></is></c>'
    parts[SHEET] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', re.sub(inline, refer, parts[SHEET]))
    assert texts, "openpyxl writes cells in another way now"
    # A text may come in runs, each with its own look.
    runs = b"".join(b"<si><r><t>%b%b</t></r><r><t>%b</t></r></si>" % text.partition(b" ") for text in texts)
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = b'<?xml version="1.0"?><sst xmlns="%b">%b</sst>' % (space, runs)
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    if b"sharedStrings" not in parts[TYPES]:
        entry = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%b"/></Types>' % kind
        parts[TYPES] = parts[TYPES].replace(b"</Types>", entry)


@pytest.mark.parametrize("in_memory", [10, 10**6])
def test_a_file_as_excel_writes_it(write: Write, monkeypatch: pytest.MonkeyPatch, in_memory: int) -> None:
    monkeypatch.setattr(importing_excel, "IN_MEMORY", in_memory)
    rows = [BIRTH, MARRIAGE, {"code": "1.000001", "name": "Tên có & và <dấu>", "field": "ô thứ ba"}]
    path = write("p.xlsx", *rows)
    before = list(read_rows(path))
    assert list(read_rows(repacked(path, as_excel_writes))) == before and len(before) == 3


def cut_short(parts: dict[str, bytes]) -> None:
    parts[SHEET] = parts[SHEET][: len(parts[SHEET]) * 2 // 3]


def without_sheet(parts: dict[str, bytes]) -> None:
    del parts[SHEET]


@pytest.mark.parametrize("damage", [cut_short, without_sheet])
def test_a_damaged_excel_file_is_one_sentence(
    database: Database, write: Write, damage: Callable[[dict[str, bytes]], None]
) -> None:
    path = repacked(write("p.xlsx", *[BIRTH] * 20), damage)
    with pytest.raises(FileError, match=r"p\.xlsx: không phải tệp Excel"):
        run_import(database, ProcedureImporter(), path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("p.txt", b"x"), ("p", b"x"), ("p.json", b"[]"), ("p.xlsx", b"no excel"), ("p.xlsx", b""),
        ("p.xlsx", b"PK\x03\x04zz"),
        ("p.csv", b"code,name\n1.001193,\xff\xfe\n"), ("p.csv", b'code,name\n"' + b"x" * 200_000),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_sentence(
    database: Database, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileError) as raised:
        run_import(database, ProcedureImporter(), tmp_path / name)
    assert name in str(raised.value) and "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["missing.jsonl", "missing.csv", "missing.xlsx", "folder.jsonl"])
def test_a_file_that_is_not_there_is_one_sentence(database: Database, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.jsonl").mkdir()
    with pytest.raises(FileError, match=name):
        run_import(database, ProcedureImporter(), tmp_path / name)


@pytest.mark.parametrize("name", ["e.jsonl", "e.csv", "e.xlsx"])
def test_an_empty_file_changes_nothing(database: Database, tmp_path: Path, name: str) -> None:
    if name.endswith(".xlsx"):
        openpyxl.Workbook().save(tmp_path / name)
    else:
        (tmp_path / name).write_bytes(b"")
    assert counts(run_import(database, ProcedureImporter(), tmp_path / name)) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize("name", ["p.jsonl", "p.xlsx"])
def test_progress_ends_at_the_whole(database: Database, write: Write, name: str) -> None:
    told: list[tuple[int, int]] = []
    path = write(name, BIRTH, MARRIAGE)
    run_import(database, ProcedureImporter(), path, progress=lambda *at: told.append(at))
    assert told[-1][0] == told[-1][1] > 0


def test_a_failing_write_leaves_nothing(database: Database, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    importer = ProcedureImporter()
    original = importer.write

    def half(session: Any, records: Any, report: Any) -> None:
        original(session, records, report)
        raise RuntimeError

    monkeypatch.setattr(importer, "write", half)
    with pytest.raises(RuntimeError):
        run_import(database, importer, write("p.jsonl", BIRTH))
    assert names(database) == {}


def everything(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {
            table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def test_shipped_content_and_demo_twice_change_nothing(database: Database) -> None:
    with clock.frozen("2026-11-23T09:00:00+07:00"):
        load_content(database, Console(quiet=True))
        load_demo(database, Console(quiet=True))
        before = everything(database), stamps(database)
        load_content(database, Console(quiet=True))
        load_demo(database, Console(quiet=True))
    assert (everything(database), stamps(database)) == before
    assert before[0]["procedures"] >= 1268 and before[0]["units"] == 124 and before[0]["dossiers"] >= 10


def stamps(database: Database) -> list[Any]:
    with database.reading() as session:
        return list(
            session.execute(select(Procedure.code, Procedure.fingerprint, Procedure.updated_at).order_by("code"))
        )


def test_a_dossier_file_twice(database: Database, write: Write) -> None:
    row = {
        "code": "H36.12-261102-0001",
        "procedure_code": "1.001193",
        "owner_phone": "0900001234",
        "status": 4,
        "received_at": "2026-11-02T08:00:00+07:00",
        "events": [{"status": 1, "at": "2026-11-02T08:00:00+07:00"}],
    }
    for expected in ((1, 1, 0, 0, 0), (1, 0, 0, 1, 0)):
        assert counts(run_import(database, DossierImporter(), write("d.jsonl", row))) == expected
    changed = write("d.jsonl", row | {"status": 9})
    assert counts(run_import(database, DossierImporter(), changed)) == (1, 0, 1, 0, 0)
