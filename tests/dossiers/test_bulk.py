"""A file of dossiers in bulk: the same as one by one, in one transaction, in bounded memory."""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import new_postgres_database
from sqlalchemy import delete, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot import importing, importing_rows
from bot.db import migrate
from bot.db.engine import Database
from bot.db.sealed import ColumnSealer
from bot.dossiers.intake import checking, direct, events, importer, merging, reviews, storing
from bot.dossiers.intake.importer import DossierImporter
from bot.dossiers.intake.models import DossierReview
from bot.dossiers.lookup import find
from bot.dossiers.models import Dossier, DossierEvent
from bot.dossiers.notices import subscriptions
from bot.dossiers.notices.models import DossierNotice
from bot.importing import BadRow, FileError, Report, run_import
from bot.importing_rows import parse, read_chunks

from .conftest import PHONE

Rows = list[dict[str, Any]]
AT = ("2026-11-02T08:00:00+07:00", "2026-11-03T09:30:00+07:00", "2026-11-05T10:00:00Z", "2026-11-09T16:00:00.250+07:00")
NOTES = ("chuyển phòng chuyên môn", 'ghi "nháp" \\ hai\ndòng', None)


def code(number: int) -> str:
    return f"H36.12-261102-{number:04}"


def row(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "code": code(number),
        "owner_name": "Nguyễn Thị Mây Hồng",
        "owner_phone": PHONE,
        "status": 4,
        "events": [{"status": 1, "at": AT[0]}, {"status": 4, "at": AT[1], "note": NOTES[1]}],
        **fields,
    }


def write(path: Path, rows: Rows) -> Path:
    """Write rows to a file of the kind that its name says."""
    if path.suffix == ".jsonl":
        path.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in rows), encoding="utf-8")
        return path
    names = list(dict.fromkeys(name for each in rows for name in each))
    cells = [[_cell(each.get(name)) for name in names] for each in rows]
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([names, *cells])
    else:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for line in [names, *cells]:
            sheet.append(line)
        book.save(path)
    return path


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value


def bring(database: Database, path: Path, rows: Rows, *, strict: bool = False) -> Report:
    return run_import(database, DossierImporter(), write(path, rows), strict=strict)


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.read, report.new, report.changed, report.same, report.refused


def content(database: Database) -> dict[str, Any]:
    """Everything that is known of dossiers, without the numbers of rows and the moment of writing."""
    with database.reading() as session:
        columns = [column for column in Dossier.__table__.c if column.name not in ("id", "updated_at")]
        found: dict[str, Any] = {each.code: [tuple(each)] for each in session.execute(select(*columns))}
        history = select(
            Dossier.code, DossierEvent.event_id, DossierEvent.status, DossierEvent.at, DossierEvent.note
        ).join(Dossier, Dossier.id == DossierEvent.dossier_id)
        for each in session.execute(history.order_by(Dossier.code, DossierEvent.event_id)):
            found[each.code].append(tuple(each)[1:])
    return found


def number_of(database: Database, table: Any) -> int:
    with database.reading() as session:
        return int(session.execute(select(func.count()).select_from(table)).scalar_one())


def follow(session: Session, number: int, asker: str = "web:1") -> None:
    subscriptions.subscribe(session, asker=asker, code=code(number), channel="web", conversation_id=None)


@pytest.fixture(scope="module")
def migrated_postgresql(postgres_url: str) -> Iterator[Database]:
    database = new_postgres_database(postgres_url)
    migrate.upgrade(database)
    yield database
    database.dispose()


@pytest.fixture
def postgresql(migrated_postgresql: Database) -> Iterator[Database]:
    """A PostgreSQL, for what SQLite cannot have: two who write at once."""
    yield migrated_postgresql
    with migrated_postgresql.unit_of_work() as session:
        session.execute(delete(Dossier))


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small files take several chunks, ranges and batches."""
    monkeypatch.setattr(importer, "RANGE", 7)
    monkeypatch.setattr(importing_rows, "CHUNK_BYTES", 2_000)
    monkeypatch.setattr(importing_rows, "CHUNK_ROWS", 5)
    monkeypatch.setattr(merging, "FOLLOWED_BATCH", 3)


# --- the same as one by one ---


def some_row(chance: random.Random, number: int) -> dict[str, Any]:
    """A row out of a few that differ, so that the next file says the same, more, less or something else."""
    steps = sorted(chance.choices(range(4), k=chance.randrange(5)))
    return {
        "code": code(number),
        "procedure_name": chance.choice(("Đăng ký khai sinh", None)),
        "owner_phone": chance.choice((PHONE, "+84 900 001 234")),
        "status": chance.choice((2, 4, 5)),
        "due_at": chance.choice(("2026-12-04T16:30:00+07:00", "04/12/2026 16:30", None)),
        "supplement": chance.choice(([], ["Tờ khai; bản 2", 'Bản "sao"'], None)),
        "amount_due": chance.choice((None, 0, 1_200_000)),
        "apology": chance.choice((None, {"reason": "Đo lại\ntừ đầu", "new_due_at": AT[3]})),
        "events": [
            {"status": chance.choice((2, 4)), "at": AT[step], "note": NOTES[chance.randrange(3)]} for step in steps
        ],
    }


def one_by_one(database: Database, rows: Rows) -> tuple[int, int]:
    """Do what a file of these rows does by storing each; returns how many are new and changed."""
    new = changed = 0
    with database.unit_of_work() as session:
        for each in rows:
            record = storing.check(parse(json.dumps(each).encode()))
            known = find(session, record.code)
            if known is None or known.fingerprint != record.fingerprint:
                change = storing.store(session, record, known)
                new += change is events.Change.NEW
                changed += change is events.Change.CHANGED
    return new, changed


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Database]:
    """A second database, for what is stored one by one."""
    database = Database(f"sqlite:///{tmp_path / 'other.db'}")
    migrate.upgrade(database)
    yield database
    database.dispose()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("all_wait", [False, True])
def test_a_file_does_what_storing_each_row_does(
    database: Database,
    other: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    all_wait: bool,
    seed: int,
) -> None:
    if all_wait:
        monkeypatch.setattr(direct.Direct, "take", lambda _self, rows: rows)
    chance = random.Random(seed)
    for step in range(4):
        rows = [some_row(chance, number) for number in chance.sample(range(25), 18)]
        report = bring(database, tmp_path / "d.jsonl", rows)
        assert (report.new, report.changed) == one_by_one(other, rows)
        assert content(database) == content(other)
        for number in chance.sample(range(25), 10):
            # Some of these say what records say too.
            event = {"status": chance.choice((2, 4)), "at": AT[chance.randrange(4)], "note": NOTES[chance.randrange(3)]}
            for each in (database, other):
                with each.unit_of_work() as session:
                    if find(session, code(number)) is not None:
                        events.add_event(session, code(number), {**event, "event_id": f"e{step}"})
    assert content(database) == content(other)


@pytest.mark.parametrize("name", ["d.jsonl", "d.csv", "d.xlsx"])
def test_the_three_kinds_of_file_say_the_same(database: Database, tmp_path: Path, name: str) -> None:
    chance = random.Random(9)
    rows = [some_row(chance, number) for number in range(20)]
    assert counts(bring(database, tmp_path / "first.jsonl", rows)) == (20, 20, 0, 0, 0)
    before = content(database)
    assert counts(bring(database, tmp_path / name, rows)) == (20, 0, 0, 20, 0)
    assert content(database) == before


def test_the_same_file_twice_changes_nothing_and_keeps_what_was_reported(database: Database, tmp_path: Path) -> None:
    rows = [row(number) for number in range(20)]
    assert counts(bring(database, tmp_path / "d.jsonl", rows)) == (20, 20, 0, 0, 0)
    with database.unit_of_work() as session:
        events.add_event(session, code(3), {"status": 9, "at": AT[3], "event_id": "e1"})
    before = content(database)
    assert counts(bring(database, tmp_path / "d.jsonl", rows)) == (20, 0, 0, 20, 0)
    assert content(database) == before
    rows[3]["events"].pop()
    rows[5]["status"] = 5
    assert counts(bring(database, tmp_path / "d.jsonl", rows)) == (20, 0, 2, 18, 0)
    history = [event[0] for event in content(database)[code(3)][1:]]
    assert len(history) == 2 and "e1" in history
    assert content(database)[code(3)][0][Dossier.__table__.c.keys().index("status") - 1] == 4


def test_events_that_stay_keep_their_rows(database: Database, tmp_path: Path) -> None:
    def ids() -> list[int]:
        with database.reading() as session:
            return sorted(session.execute(select(DossierEvent.id).where(DossierEvent.status == 1)).scalars())

    bring(database, tmp_path / "d.jsonl", [row(1), row(2)])
    before = ids()
    bring(database, tmp_path / "d.jsonl", [row(1, status=5), row(2, events=[{"status": 1, "at": AT[0]}])])
    assert ids() == before and number_of(database, DossierEvent) == 3


# --- bad rows ---


def test_a_repeated_code_is_a_bad_row_and_the_first_one_counts(database: Database, tmp_path: Path) -> None:
    rows = [row(number) for number in range(12)]
    rows += [row(2, status=9, events=[{"status": 9, "at": AT[2]}]), row(2), row(11, status=9)]
    expected = [(13, 2, 3), (14, 2, 3), (15, 11, 12)]
    for new, same in ((12, 0), (0, 12)):
        report = bring(database, tmp_path / "d.jsonl", rows)
        assert counts(report) == (15, new, 0, same, 3)
        assert report.bad == [
            BadRow(line, f"{code(number)} đã có ở dòng {first} của tệp này") for line, number, first in expected
        ]
    assert {event[1] for each in content(database).values() for event in each[1:]} == {1, 4}
    with pytest.raises(FileError, match="3 dòng sai"):
        bring(database, tmp_path / "d.jsonl", rows, strict=True)


def test_bad_rows_come_in_the_order_of_the_file(database: Database, tmp_path: Path) -> None:
    rows = [row(1), {"code": "x"}, row(1), {"code": "y"}, row(2), row(2)]
    assert [bad.line for bad in bring(database, tmp_path / "d.jsonl", rows).bad] == [2, 3, 4, 6]


@pytest.mark.parametrize("wrong", [{"code": "x"}, row(3)])
def test_strict_writes_nothing_at_all(database: Database, tmp_path: Path, wrong: dict[str, Any]) -> None:
    rows = [*(row(number) for number in range(20)), wrong, row(40)]
    with pytest.raises(FileError, match="1 dòng sai"):
        bring(database, tmp_path / "d.jsonl", rows, strict=True)
    assert content(database) == {} and number_of(database, DossierReview) == 0
    assert bring(database, tmp_path / "d.jsonl", rows[:20], strict=True).new == 20


def test_of_many_bad_rows_the_first_are_kept_and_all_are_counted(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (importing, importer):
        monkeypatch.setattr(module, "KEPT_BAD_ROWS", 8)
    monkeypatch.setattr(importer, "REVIEWED", 6)
    rows = [
        row(0),
        *[{"code": "x"}] * 3,
        *[row(0)] * 4,
        *[row(1, status=11, n=n) for n in range(30)],
    ]
    report = bring(database, tmp_path / "d.jsonl", rows)
    assert counts(report) == (38, 1, 0, 0, 37)
    assert [bad.line for bad in report.bad] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert number_of(database, DossierReview) <= 6


def test_bad_rows_are_kept_for_review_once(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    good = [json.dumps(row(number)) for number in range(3)]
    odd = [
        json.dumps(row(7, status="Chờ ý kiến")), json.dumps(row(8, owner_phone="không có", note=float("nan"))),
        "{" + "x" * 5_000, json.dumps(row(1, status=5)), json.dumps({**row(9, channel="zalo"), "more": "x" * 60_000}),
    ]  # fmt: skip
    path.write_text("\n".join([*good, *odd]))
    for _ in range(2):
        assert run_import(database, DossierImporter(), path).refused == 5
    with database.reading() as session:
        kept = {review.line: review for review in reviews.listed(session)}
        session.expunge_all()
    assert {line: review.reason for line, review in kept.items()} == {
        4: "unknown_status", 5: "bad_row", 6: "bad_row", 7: "bad_row", 8: "bad_row",
    }  # fmt: skip
    assert {review.source for review in kept.values()} == {"file d.jsonl"}
    assert [kept[line].code for line in sorted(kept)] == [code(7), code(8), None, code(1), code(9)]
    assert kept[4].payload["status"] == "Chờ ý kiến"
    assert len(kept[6].payload["raw"]) == len(kept[8].payload["raw"]) == 2_000
    assert kept[7].detail == f"{code(1)} đã có ở dòng 2 của tệp này"
    assert (kept[7].payload["code"], kept[7].payload["status"]) == (code(1), 5)
    assert [event["status"] for event in kept[7].payload["events"]] == [1, 4]


def test_numbers_and_depths_that_nobody_expects_are_bad_rows(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    lines = [
        b'{"code": "H36.12-261102-0001", "status": 1' + b"0" * 5000 + b"}",
        b'{"code": "H36.12-261102-0002", "status": 4, "owner_name": NaN}',
        b'{"code": "H36.12-261102-0003", "status": 4, "owner_name": 1' + b"0" * 400 + b"}",
        b'{"code": "H36.12-261102-0004", "status": 4, "x": ' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"code": "H36.12-261102-0005", "status": 4, "due_at": "9999-12-31T23:00:00Z"}',
        b'{"code": "H36.12-261102-0006", "status": 4, "owner_name": "\\ud800 \\u0000An"}',
    ]
    path.write_bytes(b"\n".join(lines))
    report = run_import(database, DossierImporter(), path)
    assert [bad.line for bad in report.bad] == [1, 4, 5]
    assert all(bad.reason and len(bad.reason) < 200 for bad in report.bad)
    names = {each: values[0][3] for each, values in content(database).items()}
    assert names == {code(2): "nan", code(3): "1" + "0" * 400, code(6): "An"}


def test_a_line_without_end_is_one_bad_row(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing_rows, "LONGEST_LINE", 4_000)
    path = tmp_path / "d.jsonl"
    for end in ("\n" + json.dumps(row(2)), ""):
        path.write_text(json.dumps(row(1)) + "\n" + "x" * 50_000 + end)
        report = run_import(database, DossierImporter(), path)
        assert [bad.line for bad in report.bad] == [2] and "dài quá" in report.bad[0].reason
    assert set(content(database)) == {code(1), code(2)}


# --- one transaction, and whom it holds up ---


@pytest.mark.parametrize(
    ("where", "broken"),
    [
        (merging.Staging, "add"),
        (merging.Merging, "add_new"),
        (merging.Merging, "change"),
        (merging.Merging, "store_followed"),
        (merging.Staging, "drop"),
    ],
)
def test_a_crash_in_the_middle_writes_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: type[Any], broken: str
) -> None:
    bring(database, tmp_path / "d.jsonl", [row(number) for number in range(0, 40, 2)])
    before = content(database)
    original, calls = getattr(where, broken), []

    def fail(self: Any, *given: Any) -> None:
        original(self, *given)
        calls.append(given)
        if len(calls) >= 2 or not given:
            raise RuntimeError

    monkeypatch.setattr(where, broken, fail)
    rows = [row(number, status=5) for number in range(40)]
    with pytest.raises(RuntimeError):
        bring(database, tmp_path / "d.jsonl", rows)
    assert content(database) == before
    monkeypatch.undo()
    assert counts(bring(database, tmp_path / "d.jsonl", rows)) == (40, 20, 20, 0, 0)


def test_others_write_while_the_file_is_read(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "d.jsonl"
    bring(database, path, [row(number) for number in range(20)])
    beside = Database(str(database.url)) if database.is_sqlite else database
    done = []

    def write_beside(self: Any) -> Any:
        with beside.unit_of_work() as session:
            if not database.is_sqlite:
                session.connection().exec_driver_sql("SET LOCAL lock_timeout = '2s'")
            storing.put(session, code(3), row(3, status=9))
            storing.put(session, code(90), row(90))
        done.append(1)
        return original(self)

    original = merging.Staging.find_repeated
    monkeypatch.setattr(merging.Staging, "find_repeated", write_beside)
    report = bring(database, path, [row(number, status=5) for number in range(30)])
    assert done and counts(report) == (30, 10, 20, 0, 0)
    assert code(90) in content(database)
    if database.is_sqlite:
        beside.dispose()


def test_a_dossier_that_comes_in_at_the_same_moment_is_overwritten(
    postgresql: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, put = direct.Direct._write, []

    def put_first(self: Any, rows: Any) -> bool:
        if not put:
            with postgresql.unit_of_work() as session:
                put.append(storing.put(session, code(2), row(2, status=9, events=[{"status": 9, "at": AT[2]}])))
        return original(self, rows)

    monkeypatch.setattr(direct.Direct, "_write", put_first)
    report = bring(postgresql, tmp_path / "d.jsonl", [row(number) for number in (*range(12), 3)])
    assert counts(report) == (13, 11, 1, 0, 1)
    known = content(postgresql)
    assert len(known) == 12 and {len(each) for each in known.values()} == {3}


def test_two_imports_at_once_are_refused(postgresql: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    def again(self: Any) -> int:
        with pytest.raises(FileError, match="đang chạy"):
            bring(postgresql, tmp_path / "other.jsonl", [row(50)])
        return original(self)

    original = merging.Staging.find_repeated
    monkeypatch.setattr(merging.Staging, "find_repeated", again)
    assert bring(postgresql, tmp_path / "d.jsonl", [row(1)]).new == 1
    assert set(content(postgresql)) == {code(1)}


def test_temporary_tables_are_gone_afterwards(database: Database, tmp_path: Path) -> None:
    for _ in range(3):
        bring(database, tmp_path / "d.jsonl", [row(1)])
        with pytest.raises(FileError):
            bring(database, tmp_path / "d.jsonl", [row(1), row(1)], strict=True)


# --- followed dossiers ---


def test_followed_dossiers_are_stored_one_by_one(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(database, tmp_path / "d.jsonl", [row(number) for number in range(12)])
    with database.unit_of_work() as session:
        for number in (1, 4, 5, 6, 7, 30):
            follow(session, number)
        follow(session, 2)
        subscriptions.unsubscribe(session, asker="web:1", code=code(2))
    stored, original = [], storing.store

    def store(session: Session, record: storing.Record, known: Dossier | None) -> events.Change:
        stored.append((record.code, known is not None))
        return original(session, record, known)

    monkeypatch.setattr(storing, "store", store)
    rows = [row(number, status=9 if number != 7 else 4) for number in (*range(12), 30, 4)]
    report = bring(database, tmp_path / "d.jsonl", rows)
    assert counts(report) == (14, 1, 11, 1, 1)
    assert stored == [
        (code(1), True), (code(4), True), (code(5), True), (code(6), True), (code(30), False),
    ]  # fmt: skip
    assert number_of(database, DossierNotice) == 4


def test_staged_records_are_what_was_checked(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(5)
    rows = [some_row(chance, number) for number in range(20)]
    found = []

    def look(self: Any) -> int:
        found.extend(self.records(list(range(1, 21))))
        return 0

    monkeypatch.setattr(merging.Staging, "find_repeated", look)
    monkeypatch.setattr(direct.Direct, "take", lambda _self, rows: rows)
    bring(database, tmp_path / "d.jsonl", rows)
    assert [line for line, _ in found] == list(range(1, 21))
    for (_, record), each in zip(found, rows, strict=True):
        checked = storing.check(parse(json.dumps(each).encode()))
        assert record == checked and record.fingerprint == checked.fingerprint


# --- large files ---


def _die(*_: Any) -> None:
    os._exit(1)


SEALER = ColumnSealer(lambda: (b"k" * 32,))


def test_processes_check_as_this_one_does(tmp_path: Path) -> None:
    rows = [*(row(number) for number in range(60)), {"code": "x"}, row(3, status="?")]
    path = write(tmp_path / "d.jsonl", rows)

    def chunks() -> Iterator[Any]:
        return read_chunks(path, lambda done, total: None)

    alone, together = (list(checking.checked(chunks(), SEALER, processes=processes)) for processes in (False, True))
    assert alone == together
    assert (sum(len(chunk.good) for chunk in alone), sum(len(chunk.refused) for chunk in alone)) == (60, 2)


def test_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    path = write(tmp_path / "d.jsonl", [row(number) for number in range(60)])
    script = (
        "import multiprocessing, pathlib, sys, time\n"
        "from bot.db.sealed import ColumnSealer\n"
        "from bot.dossiers.intake.checking import checked\n"
        "from bot.importing_rows import read_chunks\n"
        f"chunks = read_chunks(pathlib.Path({str(path)!r}), lambda *at: None)\n"
        "chunks = checked(chunks, ColumnSealer(lambda: (b'k' * 32,)), processes=True)\n"
        "next(chunks)\n"
        "print(*(child.pid for child in multiprocessing.active_children()), flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        children = [Path("/proc") / pid for pid in parent.stdout.readline().split()]
        assert children and all(child.exists() for child in children)
        parent.kill()
    for _ in range(200):
        if not any(child.exists() for child in children):
            return
        time.sleep(0.05)
    pytest.fail("they still run")


def test_a_process_that_dies_is_one_sentence(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "PROCESSES_FROM", 1)
    monkeypatch.setattr(checking, "check_chunk", _die)
    with pytest.raises(FileError, match="dừng đột ngột"):
        bring(database, tmp_path / "d.jsonl", [row(number) for number in range(30)])
    assert content(database) == {}


def test_memory_does_not_grow_with_the_file(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()

    def peak(rows: int) -> int:
        each = [
            json.dumps(row(number % 9_000, code=f"H36.{10 + number // 9_000}-261102-{number % 9_000:04}"))
            for number in range(rows)
        ]
        path = tmp_path / "d.jsonl"
        path.write_text("\n".join(each))
        del each
        tracemalloc.start()
        try:
            run_import(database, DossierImporter(), path)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    monkeypatch.setattr(importer, "PROCESSES_FROM", 2**40)
    monkeypatch.setattr(importing_rows, "CHUNK_BYTES", 2**18)  # so that even the small file has several chunks
    small, large = peak(3_000), peak(12_000)
    assert large < small * 1.5 + 2**20


def test_progress_goes_forward_to_the_whole(database: Database, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = write(tmp_path / "d.jsonl", [row(number) for number in range(40)])
    run_import(database, DossierImporter(), path, progress=lambda *at: told.append(at))
    assert told[-1][0] == told[-1][1] > 0
    assert len(told) > 5 and [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_large_import_is_looked_at_by_the_database(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "ANALYZE_FROM", 10)
    looked = []
    original = importer._analyze

    def analyze(session: Session, is_sqlite: bool) -> None:
        original(session, is_sqlite)
        looked.append(is_sqlite)

    monkeypatch.setattr(importer, "_analyze", analyze)
    bring(database, tmp_path / "d.jsonl", [row(number) for number in range(9)])
    bring(database, tmp_path / "d.jsonl", [row(number) for number in range(10, 30)])
    assert looked == [database.is_sqlite]

    def fail(session: Session, is_sqlite: bool) -> None:
        raise OperationalError("ANALYZE", None, TimeoutError())

    monkeypatch.setattr(importer, "_analyze", fail)
    assert bring(database, tmp_path / "d.jsonl", [row(number, status=5) for number in range(10, 30)]).changed == 20
