"""The national export: what it says is carried over, what it only seems to say is not."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.db.engine import Database
from bot.importing import FileError, RowError, run_import
from bot.procedures.content import load_procedures
from bot.procedures.export_facts import facts_of
from bot.procedures.importer import ProcedureImporter
from bot.procedures.models import Procedure, ProcedureFact

ROW: dict[str, Any] = {
    "code": "1.999999",
    "name": "Cấp phép nuôi ong",
    "field": "Chăn nuôi",
    "levels": ["province"],
    "agency": "Chi cục Chăn nuôi",
    "channels": [
        {"channel": "in_person", "time": "5 ngày làm việc", "fee_flag": "Miễn phí"},
        {"channel": "online", "time": "3 ngày làm việc", "fee_flag": "Miễn phí"},
    ],
    "documents": [
        {"name": "Đơn đề nghị", "original": 1, "copy": 0},
        {"name": "Trường hợp ủy quyền thì kèm giấy ủy quyền", "original": 0, "copy": 0},
    ],
    "steps": "Bước 1: Nộp.\nBước 2: Nhận.",
    "results": ["Giấy phép"],
    "legal_basis": ["01/2026/NĐ-CP"],
    "as_of": "2026-07",
}


def body(row: dict[str, Any], aspect: str) -> dict[str, Any]:
    found: dict[str, Any] = next(fact["body"] for fact in facts_of(row) if fact["aspect"] == aspect)
    return found


def test_the_portals_default_is_never_told_as_free_of_charge() -> None:
    assert "iễn phí" not in json.dumps(facts_of(ROW), ensure_ascii=False)
    assert "không ghi mức thu" in body(ROW, "fee")["text"]


def test_a_real_fee_is_told() -> None:
    row = ROW | {"channels": [{"channel": "in_person", "fee": ["50.000 đồng"]}]}
    assert body(row, "fee")["items"] == ["50.000 đồng"]


def test_remarks_are_no_papers() -> None:
    assert body(ROW, "documents")["items"] == [
        "Đơn đề nghị (1 bản chính)",
        "Lưu ý: Trường hợp ủy quyền thì kèm giấy ủy quyền",
    ]


def test_times_by_channel_but_by_case_for_land() -> None:
    assert body(ROW, "duration")["items"] == ["Nộp trực tiếp: 5 ngày làm việc", "Nộp trên mạng: 3 ngày làm việc"]
    assert body(ROW | {"field": "Đất đai"}, "duration")["items"] == ["5 ngày làm việc", "3 ngày làm việc"]


def test_nobody_is_sent_to_a_district() -> None:
    row = ROW | {"agency": "Ủy ban nhân dân cấp huyện"}
    assert "huyện" not in json.dumps(facts_of(row), ensure_ascii=False)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code": None}, "mã thủ tục"),
        ({"code": "abc"}, "mã thủ tục"),
        ({"name": ""}, "tên thủ tục"),
        ({"documents": "x"}, "documents phải là một danh sách"),
        ({"channels": ["x"]}, "channels phải là một đối tượng"),
        ({"popularity": 200}, "popularity"),
        ({"popularity": True}, "popularity"),
        ({"valid_from": "31/12/2026"}, "valid_from"),
        ({"proxy": "maybe"}, "proxy"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(RowError, match=reason):
        ProcedureImporter().check(ROW | change)


def write_rows(path: Path, *rows: Any) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_the_same_file_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    file = write_rows(tmp_path / "p.jsonl", ROW, ROW | {"code": "1.999998"})
    first = run_import(database, ProcedureImporter(), file)
    second = run_import(database, ProcedureImporter(), file)
    assert (first.new, first.changed, first.same) == (2, 0, 0)
    assert (second.new, second.changed, second.same) == (0, 0, 2)


def test_a_changed_row_replaces_its_facts(database: Database, tmp_path: Path) -> None:
    run_import(database, ProcedureImporter(), write_rows(tmp_path / "a.jsonl", ROW))
    report = run_import(database, ProcedureImporter(), write_rows(tmp_path / "b.jsonl", ROW | {"results": ["Thẻ"]}))
    assert report.changed == 1
    with database.reading() as session:
        facts = session.execute(select(ProcedureFact).where(ProcedureFact.aspect == "result")).scalars().all()
        assert [fact.body["items"] for fact in facts] == [["Thẻ"]]


def test_bad_rows_are_reported_by_line_and_the_good_ones_stored(database: Database, tmp_path: Path) -> None:
    file = write_rows(tmp_path / "p.jsonl", ROW, {"name": "x"}, [1], ROW)
    report = run_import(database, ProcedureImporter(), file)
    assert [row.line for row in report.bad] == [2, 3, 4]
    assert "dòng 1" in report.bad[2].reason
    assert report.new == 1


def test_strict_stores_nothing(database: Database, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="dòng 2"):
        run_import(database, ProcedureImporter(), write_rows(tmp_path / "p.jsonl", ROW, {}), strict=True)
    with database.reading() as session:
        assert session.execute(select(func.count()).select_from(Procedure)).scalar_one() == 0


def test_an_import_never_overwrites_our_own_words(database: Database, tmp_path: Path) -> None:
    with database.unit_of_work() as session:
        load_procedures(session)
    report = run_import(database, ProcedureImporter(), write_rows(tmp_path / "p.jsonl", ROW | {"code": "1.001193"}))
    assert (report.new, report.changed, report.same) == (0, 0, 1)
    with database.reading() as session:
        kept = session.execute(select(Procedure).where(Procedure.code == "1.001193")).scalar_one()
        assert (kept.origin, kept.name) == ("content", "Đăng ký khai sinh")
