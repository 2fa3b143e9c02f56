"""How every file is imported (contract §5): streamed, checked row by row, written in one transaction.

Rows are read and checked before the transaction begins, so that a running server is held up only while
the good rows are written.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

import msgspec
from sqlalchemy.orm import Session

from bot.db.engine import Database
from bot.importing_rows import BadRow, FileError, Progress, RowError, read_rows

__all__ = [
    "BadRow", "BulkImporter", "FileError", "Importer", "Report", "RowError", "fingerprint", "read_rows", "run_import",
]  # fmt: skip

KEPT_BAD_ROWS = 10_000  # a file of a million wrong rows must not fill the memory with reasons

Record = TypeVar("Record")

_encode = msgspec.json.Encoder(order="sorted", enc_hook=str).encode


@dataclass
class Report:
    """What an import did; `bad` holds the first refused rows, `refused` counts them all."""

    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    bad: list[BadRow] = field(default_factory=list)

    def refuse(self, row: BadRow) -> None:
        """Count a bad row, and keep it while there is room."""
        self.refused += 1
        if len(self.bad) < KEPT_BAD_ROWS:
            self.bad.append(row)

    def check_strict(self, path: Path) -> None:
        """Raise FileError when a row is bad: for `strict`, before anything is written."""
        if self.refused:
            first = self.bad[0]
            raise FileError(f"{path.name}: {self.refused} dòng sai (dòng {first.line}: {first.reason}); chưa nhập gì")


class Importer(Protocol[Record]):
    """What a capability offers so that its files can be imported."""

    def check(self, row: dict[str, Any]) -> Record:
        """Return the row as a record; raises RowError."""

    def key(self, record: Record) -> str:
        """Return what makes the record unique in a file."""

    def write(self, session: Session, records: list[Record], report: Report) -> None:
        """Store the records; count new, changed and same ones in `report`."""


@runtime_checkable
class BulkImporter(Protocol):
    """What a capability offers instead, when its files are too large for the memory."""

    def import_file(self, database: Database, path: Path, *, strict: bool, progress: Progress) -> Report:
        """Do all that `run_import` promises."""


def run_import(
    database: Database,
    importer: Importer[Any] | BulkImporter,
    path: Path,
    *,
    strict: bool = False,
    progress: Progress = lambda done, total: None,
) -> Report:
    """Import `path`; `progress` is told bytes (or rows) done and in all.

    Raises FileError when the file cannot be read, or when `strict` and a row is bad: then nothing is written.
    """
    if isinstance(importer, BulkImporter):
        return importer.import_file(database, path, strict=strict, progress=progress)
    report = Report()
    records: dict[str, tuple[int, Any]] = {}
    for line, row in read_rows(path, progress):
        report.read += 1
        try:
            if isinstance(row, BadRow):
                raise RowError(row.reason)
            record = importer.check(row)
            key = importer.key(record)
            if key in records:
                raise RowError(repeated(key, records[key][0]))
            records[key] = (line, record)
        except RowError as error:
            report.refuse(BadRow(line, str(error)))
    if strict:
        report.check_strict(path)
    with database.unit_of_work() as session:
        importer.write(session, [record for _, record in records.values()], report)
    return report


def repeated(key: str, line: int) -> str:
    """Return why a row is refused whose key stands on an earlier `line`."""
    return f"{key} đã có ở dòng {line} của tệp này"


def fingerprint(value: Any) -> str:
    """Return a stable hash of a JSON-like value: the same row twice changes nothing."""
    return hashlib.sha256(_encode(value)).hexdigest()
