"""The `motcua pickups` commands, on both databases: what they write, say, refuse and put into the audit log."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from typer.testing import CliRunner, Result

from bot import cli
from bot.db.engine import Database
from bot.pickups import booking
from bot.pickups.models import PickupEvent, PickupNotice
from bot.pickups.sheets.day_sheet import ROUND_NAMES
from bot.privacy.models import AuditEntry
from bot.settings import settings

from ..conftest import OFFICE, WEDNESDAY, add_world
from .conftest import putter

FIRST, SECOND, AGAIN = "MC-0000018", "MC-0000026", "MC-0000034"
NAME, PHONE, ADDRESS = "Lê Thị Ngọc Bích", "0912345678", "12 Hùng Vương"


@pytest.fixture
def post(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The database of the settings, with three bookings."""
    monkeypatch.setenv("MOTCUA_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("USER", "lan")
    monkeypatch.setenv("LOGNAME", "lan")
    with database.unit_of_work() as session:
        add_world(session)
        put = putter(session)
        put(state="requested")
        put(window="afternoon")
        put(state="failed_1", next_visit_on=WEDNESDAY)
    yield database
    settings.cache_clear()


def run(*arguments: object) -> Result:
    settings.cache_clear()
    return CliRunner().invoke(cli.app, ["pickups", *map(str, arguments)])


def sheet(file: Path, *more: str, day: str = "2026-11-23", office: str = OFFICE) -> Result:
    return run("sheet", "--office", office, "--date", day, "--out", file, *more)


def refused(result: Result, *parts: str) -> None:
    """Check that a command ended with one sentence, and named nobody in it."""
    assert result.exit_code == 1, result.output
    told = result.stderr.strip()
    assert told.startswith("Lỗi: ") and "\n" not in told
    assert all(part in told for part in parts), told
    assert not any(secret in result.output for secret in (NAME, PHONE, ADDRESS))


def looks(database: Database) -> list[tuple[str, str, str, str | None]]:
    with database.reading() as session:
        rows = session.execute(select(AuditEntry).order_by(AuditEntry.id)).scalars()
        return [(row.actor, row.action, row.subject, row.reason) for row in rows]


def state_of(database: Database, number: str) -> str:
    with database.reading() as session:
        found = booking.find(session, number)
        assert found is not None
        return str(found.state)


def test_a_sheet_is_written_and_every_booking_on_it_is_a_look(post: Database, tmp_path: Path) -> None:
    file = tmp_path / "bang.xlsx"
    result = sheet(file)
    assert result.exit_code == 0 and "2 điểm" in result.output, result.output
    assert NAME not in result.output
    book = load_workbook(file)
    assert [tab["A3"].value for tab in book] == [FIRST, SECOND]
    assert [tab["C3"].value for tab in book] == [NAME, NAME]
    why = f"sheet {OFFICE} 2026-11-23"
    assert looks(post) == [("cli:lan", "pickup.sheet", number, why) for number in (FIRST, SECOND)]
    assert file.stat().st_mode & 0o077 == 0, "only its owner may read it"


def test_a_sheet_of_one_round_as_csv_in_place_of_an_older_one(post: Database, tmp_path: Path) -> None:
    file = tmp_path / "bang.CSV"
    file.write_text("cũ", encoding="utf-8")
    file.chmod(0o644)
    assert sheet(file, "--round", "afternoon").exit_code == 0
    with file.open(encoding="utf-8-sig", newline="") as opened:
        (row,) = csv.DictReader(opened)
    assert (row["Buổi"], row["Số lịch"]) == (ROUND_NAMES["afternoon"], SECOND)
    assert len(looks(post)) == 1 and file.stat().st_mode & 0o077 == 0


def test_a_second_visit_and_a_day_without_any(post: Database, tmp_path: Path) -> None:
    file = tmp_path / "bang.csv"
    assert "1 điểm" in sheet(file, day="2026-11-25").output and AGAIN in file.read_text(encoding="utf-8-sig")
    assert "0 điểm" in sheet(file, "--round", "outside").output


def test_a_sheet_that_cannot_be_is_one_sentence(post: Database, tmp_path: Path) -> None:
    file = tmp_path / "bang.xlsx"
    refused(sheet(file, office="BC-KHONG"), "motcua import offices")
    refused(sheet(file, "--round", "night"), "morning, afternoon, outside")
    for day in ("23/11/2026", "2026-02-30", "mai", ""):
        refused(sheet(file, day=day), "2026-11-25")
    refused(sheet(tmp_path / "bang.pdf"), ".xlsx")
    assert looks(post) == [] and not file.exists()
    refused(sheet(tmp_path / "none" / "bang.xlsx"), "none")


@pytest.mark.parametrize(("name", "start"), [("phieu.pdf", b"%PDF"), ("phieu.png", b"\x89PNG")])
def test_a_slip_is_drawn_and_is_a_look(post: Database, tmp_path: Path, name: str, start: bytes) -> None:
    file = tmp_path / name
    result = run("slip", "mc 0000018", "--out", file)
    assert result.exit_code == 0 and FIRST in result.output and NAME not in result.output
    assert file.read_bytes().startswith(start) and file.stat().st_mode & 0o077 == 0
    assert looks(post) == [("cli:lan", "pickup.slip", FIRST, None)]


def test_a_slip_that_cannot_be_is_one_sentence(post: Database, tmp_path: Path) -> None:
    file = tmp_path / "phieu.pdf"
    for number in ("MC-0000017", "0000018", "x", "MC-0000018 MC-0000026"):
        refused(run("slip", number, "--out", file), "MC-")
    refused(run("slip", "MC-0000042", "--out", file), "motcua pickups list")
    refused(run("slip", FIRST, "--out", tmp_path / "phieu.doc"), ".pdf")
    run("move", FIRST, "rejected")
    refused(run("slip", FIRST, "--out", file), "rejected")
    assert not file.exists()


def test_the_list_names_nobody(post: Database) -> None:
    told = run("list").output
    assert [number in told for number in (FIRST, SECOND, AGAIN)] == [True] * 3
    assert "lần 2 từ" in told
    assert not any(secret in told for secret in (NAME, PHONE, ADDRESS)) and looks(post) == []
    only = run("list", "--state", "requested").output
    assert FIRST in only and SECOND not in only
    assert "còn nữa" in run("list", "--limit", "1").output and "còn nữa" not in told
    refused(run("list", "--state", "lost"), "requested")


def test_a_move_is_made_by_staff_noted_and_told(post: Database) -> None:
    result = run("move", FIRST, "confirmed", "--note", "đã gọi")
    assert result.exit_code == 0 and "requested → confirmed" in result.output
    assert looks(post) == [("cli:lan", "pickup.move", FIRST, "requested -> confirmed")]
    with post.reading() as session:
        event = session.execute(select(PickupEvent)).scalar_one()
        assert (event.state, event.note, event.source) == ("confirmed", "đã gọi", "staff")
        assert session.execute(select(PickupNotice)).first() is None, "no conversation, nobody to tell"
    again = run("move", FIRST, "confirmed")
    assert again.exit_code == 0 and "đã ở bước confirmed" in again.output and len(looks(post)) == 1


def test_a_move_that_is_refused_is_one_sentence_and_changes_nothing(post: Database) -> None:
    refused(run("move", FIRST, "delivered"), "requested", "cancelled, confirmed, rejected")
    refused(run("move", FIRST, "lost"), "bước là một trong")
    refused(run("move", "MC-0000042", "confirmed"), "motcua pickups list")
    assert state_of(post, FIRST) == "requested" and looks(post) == []
    run("move", FIRST, "cancelled")
    refused(run("move", FIRST, "confirmed"), "bước cuối")
    assert state_of(post, FIRST) == "cancelled"


def test_a_second_visit_too_soon_is_refused_with_its_first_day(post: Database) -> None:
    run("move", SECOND, "assigned")
    run("move", SECOND, "failed_1")
    refused(run("move", SECOND, "failed_2"), "2 ngày làm việc", "thứ tư 25/11/2026")
    assert state_of(post, SECOND) == "failed_1"
