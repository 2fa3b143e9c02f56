"""Pictures, the printed report and the command: Vietnamese whole, numbers the same, nothing strange breaks them."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot.cli import app
from bot.db.engine import Database
from bot.privacy.models import AuditEntry
from bot.reports import monthly, pictures, printed, spreadsheets
from bot.reports.monthly import Figures
from bot.reports.tables import Column, Table, as_data, shown, totalled

from .conftest import FIRST, NOVEMBER, Rows

RUNNER = CliRunner()
STRANGE = "Bưu \x07cục $x^2$ <script>&\"'-- " + "rất dài " * 30


def table(*rows: tuple[object, ...], key: str = "guides") -> Table:
    columns = (Column("Tên", "text"), Column("Làm xong"), Column("Đang làm"), Column("Bỏ dở"))
    return Table(key, "Thử", columns, rows)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "kind", "says"),
    [
        (None, "count", "chưa có số"), (None, "dong", "chưa có số"), (0, "count", "0"), (1234567, "count", "1.234.567"),
        (0.125, "share", "12,5 %"), (0.0, "share", "0,0 %"), (1.0, "share", "100,0 %"), (3.44, "minutes", "3,4"),
        (1234.5, "minutes", "1.234,5"), (25_000, "dong", "25.000 đ"), ("=1+1", "text", "=1+1"),
    ],
)  # fmt: skip
def test_numbers_as_people_read_them(cell: object, kind: str, says: str) -> None:
    assert shown(cell, kind) == says  # type: ignore[arg-type]


def test_a_sum_with_an_unknown_part_is_unknown() -> None:
    assert totalled([("a", 1, None), ("b", 2, 3)]) == ("Tổng cộng", 3, None)
    assert totalled([("a", 1)]) is None


def test_a_picture_is_drawn_of_anything() -> None:
    drawn = pictures.picture(table((STRANGE, 0, 0, 0), ("Đặng Thị Ượng", 10**9, 1, 2), *[("a", 1, 1, 1)] * 40))
    assert drawn is not None
    for svg in (drawn, pictures.following_theme(drawn)):
        root = ElementTree.fromstring(svg)
        assert root.tag.endswith("svg") and b"<script" not in svg.lower()
    assert pictures.picture(table()) is None and pictures.picture(table(("a", 1, 1, 1), key="fees")) is None


def test_bars_differ_by_pattern_and_follow_the_theme() -> None:
    drawn = pictures.picture(table(("a", 5, 5, 5)))
    assert drawn is not None and drawn.count(b"<pattern") == 2  # the first is plain
    followed = pictures.following_theme(drawn).decode()
    assert "prefers-color-scheme:dark" in followed
    body = followed.split("</style>")[1]
    for colour in (*pictures.FILLS[:3], pictures.INK):
        assert colour in drawn.decode() and colour not in body


def test_a_month_without_a_number_is_a_gap(session: Session, rows: Rows) -> None:
    rows.dossier(FIRST, "online")
    found = monthly.collect(session, NOVEMBER).table("trend")
    assert found is not None and pictures.picture(found) is not None


def test_several_pictures_at_once() -> None:
    tables = [table((f"dòng {number}", number, 2, 3)) for number in range(8)]
    alone = [pictures.picture(one) for one in tables]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(pictures.picture, tables))
    assert [len(one or b"") for one in alone] == [len(one or b"") for one in together]


def test_strange_names_in_every_file() -> None:
    columns = (Column("Nơi", "text"), Column("Cước", "dong"))
    strange = Table("settlement", STRANGE, columns, ((STRANGE, None),), "=x", None)
    figures = Figures(NOVEMBER, STRANGE, (strange,))
    assert spreadsheets.as_csv(figures).decode("utf-8-sig").count("chưa có số") == 1
    assert load_workbook(io.BytesIO(spreadsheets.as_workbook(figures))).sheetnames
    assert as_data(strange)["rows"][0][1] == "chưa có số"
    plain = Table("fees", "Lệ phí", columns, ((STRANGE, None),))
    assert printed.as_pdf(Figures(NOVEMBER, None, (plain,))).startswith(b"%PDF-")


@pytest.fixture
def opened(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The database that the command opens."""
    monkeypatch.setattr("bot.cli_reports.open_database", lambda: database)
    return database


def test_the_command_writes_the_files(opened: Database, tmp_path: Path) -> None:
    for ending in ("pdf", "xlsx", "csv"):
        file = tmp_path / f"thang.{ending}"
        done = RUNNER.invoke(app, ["report", "month", "2026-11", "--out", str(file)])
        assert done.exit_code == 0, done.output
        assert "Số liệu tháng 11/2026, toàn tỉnh" in done.output and file.stat().st_size > 500
    file = tmp_path / "quyet-toan.xlsx"
    assert RUNNER.invoke(app, ["report", "month", "2026-11", "--out", str(file), "--settlement"]).exit_code == 0
    assert len(load_workbook(file).sheetnames) == 2
    with opened.reading() as session:
        assert session.execute(select(AuditEntry.action)).scalars().all() == ["figures.export"] * 4


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["2026-13", "--out", "a.pdf"], "tháng viết dạng 2026-11"),
        (["2026-11", "--out", "a.docx"], ".pdf, .xlsx hoặc .csv"),
        (["2026-11", "--out", "/khong/co/a.csv"], "không ghi được"),
        (["2026-11", "--out", "a.csv", "--centre", "Không có"], "không có nơi nào"),
    ],
)
@pytest.mark.usefixtures("opened")
def test_what_the_command_cannot_do_it_says(arguments: list[str], says: str) -> None:
    done = RUNNER.invoke(app, ["report", "month", *arguments])
    assert done.exit_code == 1 and says in done.output + (done.stderr if done.stderr_bytes else "")


def test_help_has_an_example() -> None:
    assert "Ví dụ: motcua report month 2026-11" in RUNNER.invoke(app, ["report", "month", "--help"]).output
