"""Dossiers come in by file: a full export of a million rows, in bounded memory and one transaction.

Rows are read, checked and staged first; known dossiers are locked only when the whole file is read. On PostgreSQL new
ones are written meanwhile, which holds up no one. SQLite has one writer, and it takes all of them at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.db.engine import Database
from bot.db.sealed import sealer_of
from bot.dossiers import lookup
from bot.dossiers.intake import reviews, storing
from bot.dossiers.intake.checking import Checked, CheckingEnded, Refused, checked
from bot.dossiers.intake.direct import Direct
from bot.dossiers.intake.events import row_of
from bot.dossiers.intake.merging import Merging
from bot.dossiers.intake.staging import Staging
from bot.dossiers.intake.storing import Record
from bot.dossiers.models import Dossier, DossierEvent
from bot.importing import KEPT_BAD_ROWS, BadRow, FileError, Report, repeated
from bot.importing_rows import BusyError, Progress, read_chunks

PROCESSES_FROM = 4 * 2**20  # bytes; starting processes takes as long as checking some thousand rows
RANGE = 5_000  # lines that one statement writes
REVIEWED = 1_000  # bad rows of one file that are kept for a person; nobody looks at more
ANALYZE_FROM = 10_000  # written rows after which the database looks at its tables again

_IMPORTS = 4_226_118  # number of the lock that keeps two imports apart


class DossierImporter:
    """The importer of `dossiers` files."""

    def check(self, row: dict[str, Any]) -> Record:
        """Return the row as a record; raises RowError."""
        return storing.check(row)

    def import_file(self, database: Database, path: Path, *, strict: bool, progress: Progress) -> Report:
        """Import a file (see `bot.importing.run_import`)."""
        with database.unit_of_work() as session:
            report = _FileImport(session, path, strict, progress).run()
        if report.new + report.changed >= ANALYZE_FROM:
            # Done all the same when it fails: the database looks at its tables by itself, only later.
            with suppress(SQLAlchemyError), database.unit_of_work() as session:
                _analyze(session, database.is_sqlite)
        return report


class _FileImport:
    """One file, in the transaction of its session."""

    def __init__(self, session: Session, path: Path, strict: bool, progress: Progress) -> None:
        self._session, self._path, self._strict = session, path, strict
        self._progress, self._size = progress, 0
        self._staging = Staging(session)
        if not self._staging.is_sqlite:
            self._prepare_postgresql()
        self._direct = None if self._staging.is_sqlite else Direct(session)
        self._merging = Merging(session, self._staging)
        self._report = Report()
        self._refused: list[Refused] = []
        self._last_line = 0

    def run(self) -> Report:
        """Do it all; raises FileError."""
        self._read()
        repeated_lines = self._refuse_repeated()
        if self._strict:
            self._report.check_strict(self._path)
        self._write()
        self._keep_for_review(repeated_lines)
        self._staging.drop()
        report = self._report
        report.new = self._merging.new + (self._direct.new if self._direct else 0)
        report.changed = self._merging.changed
        report.same = report.read - report.refused - report.new - report.changed
        self._progress(2 * self._size, 2 * self._size)
        return report

    def _read(self) -> None:
        """Check and stage all rows."""
        processes = self._path.is_file() and self._path.stat().st_size >= PROCESSES_FROM
        try:
            sealer = sealer_of(self._session.get_bind().dialect)
            with closing(checked(read_chunks(self._path, self._tell_read), sealer, processes=processes)) as chunks:
                for chunk in chunks:
                    self._stage(chunk)
        except CheckingEnded as error:
            sentence = "một tiến trình kiểm tra đã dừng đột ngột (thiếu bộ nhớ?); chưa nhập gì, thử lại sau"
            raise FileError(f"{self._path.name}: {sentence}") from error

    def _stage(self, chunk: Checked) -> None:
        report, rows = self._report, chunk.good
        report.read += len(rows) + len(chunk.refused)
        for refused in chunk.refused:
            report.refuse(BadRow(refused.line, refused.reason))
        self._refused += chunk.refused[: REVIEWED - len(self._refused)]
        if not rows:
            return
        self._last_line = rows[-1].line
        self._staging.note(rows)
        if not (self._strict and report.refused):  # else the file is refused, and only counted to its end
            self._staging.add(self._direct.take(rows) if self._direct else rows)

    def _refuse_repeated(self) -> list[Any]:
        """Refuse the lines whose code stands on an earlier one; returns the first of them."""
        report, count = self._report, self._staging.find_repeated()
        lines = self._staging.repeated(KEPT_BAD_ROWS) if count else []
        late = [BadRow(row.line, repeated(row.code, row.first)) for row in lines]
        report.bad = sorted([*report.bad, *late], key=lambda row: row.line)[:KEPT_BAD_ROWS]
        report.refused += count
        return lines

    def _write(self) -> None:
        if self._staging.is_sqlite:
            self._merging.lock()
        self._by_ranges(self._merging.add_new, 0, 2)
        self._by_ranges(self._merging.change, 1, 2)
        self._merging.store_followed()

    def _by_ranges(self, write: Callable[[int, int], None], part: int, parts: int) -> None:
        """Have all lines written range by range: each is told to the progress bar."""
        for first in range(1, self._last_line + 1, RANGE):
            write(first, first + RANGE - 1)
            done = (part + first / self._last_line) / parts
            self._progress(self._size + int(done * self._size), 2 * self._size)

    def _keep_for_review(self, repeated_lines: list[Any]) -> None:
        source = f"file {self._path.name}"
        for row in self._refused:
            reviews.keep(
                self._session,
                source=source,
                reason=row.kind,
                detail=row.reason,
                payload=row.payload,
                code=row.code,
                line=row.line,
            )
        again = repeated_lines[: REVIEWED - len(self._refused)]
        records = dict(self._staging.records([row.line for row in again]))
        for row in again:
            record = records.get(row.line)  # none for a line that says what is known already
            reviews.keep(
                self._session,
                source=source,
                reason="bad_row",
                detail=repeated(row.code, row.first),
                payload=_as_row(record) if record else {"code": row.code},
                code=row.code,
                line=row.line,
            )

    def _tell_read(self, done: int, total: int) -> None:
        """Tell the progress bar: half of the way is reading, half is writing."""
        self._size = total
        self._progress(done, 2 * total)

    def _prepare_postgresql(self) -> None:
        """Set the transaction up for work on a large scale; raises BusyError while another import runs."""
        alone = select(func.pg_try_advisory_xact_lock(_IMPORTS))
        if not self._session.execute(alone).scalar_one():
            raise BusyError(f"{self._path.name}: một lần nhập hồ sơ khác đang chạy; chưa nhập gì, thử lại sau")
        for setting in ("statement_timeout = '15min'", "work_mem = '64MB'", "jit = off"):
            self._session.execute(text(f"SET LOCAL {setting}"))


def _as_row(record: Record) -> dict[str, Any]:
    """Return a record as a row of a file again."""
    dossier = Dossier(**record.values, events=[row_of(event) for event in record.events])
    return lookup.full_record(dossier)


def _analyze(session: Session, is_sqlite: bool) -> None:
    """Let the database look at its tables again: what it knew of their sizes no longer holds."""
    if is_sqlite:
        session.execute(text("PRAGMA analysis_limit = 1000"))  # rows of each index; all of them would take minutes
    for table in (Dossier.__table__, DossierEvent.__table__):
        session.execute(text(f"ANALYZE {table.name}"))
