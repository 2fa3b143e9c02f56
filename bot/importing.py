"""How every file is imported (contract §5): streamed, checked row by row, written in one transaction.

Rows are read and checked before the transaction begins, so that a running server is held up only while
the good rows are written.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from sqlalchemy.orm import Session

from bot.db.engine import Database
from bot.text import clean

Record = TypeVar("Record")


class RowError(ValueError):
    """A row that cannot be imported; its text is one clear sentence for the person who made the file."""


class FileError(ValueError):
    """A file that cannot be read at all, or that `strict` refused."""


@dataclass(frozen=True)
class BadRow:
    """A refused row: its line in the file (1 = first) and why."""

    line: int
    reason: str


@dataclass
class Report:
    """What an import did."""

    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    bad: list[BadRow] = field(default_factory=list)


class Importer(Protocol[Record]):
    """What a capability offers so that its files can be imported."""

    def check(self, row: dict[str, Any]) -> Record:
        """Return the row as a record; raises RowError."""

    def key(self, record: Record) -> str:
        """Return what makes the record unique in a file."""

    def write(self, session: Session, records: list[Record], report: Report) -> None:
        """Store the records; count new, changed and same ones in `report`."""


def run_import(
    database: Database,
    importer: Importer[Record],
    path: Path,
    *,
    strict: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Import `path`; `progress` is told bytes (or rows) done and in all.

    Raises FileError when the file cannot be read, or when `strict` and a row is bad: then nothing is written.
    """
    report = Report()
    records: dict[str, tuple[int, Record]] = {}
    for line, row in read_rows(path, progress):
        report.read += 1
        try:
            if isinstance(row, BadRow):
                raise RowError(row.reason)
            record = importer.check(row)
            key = importer.key(record)
            if key in records:
                raise RowError(f"{key} đã có ở dòng {records[key][0]} của tệp này")
            records[key] = (line, record)
        except RowError as error:
            report.bad.append(BadRow(line, str(error)))
    if strict and report.bad:
        first = report.bad[0]
        raise FileError(f"{path.name}: {len(report.bad)} dòng sai (dòng {first.line}: {first.reason}); chưa nhập gì")
    with database.unit_of_work() as session:
        importer.write(session, [record for _, record in records.values()], report)
    return report


def fingerprint(value: Any) -> str:
    """Return a stable hash of a JSON-like value: the same row twice changes nothing."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def read_rows(
    path: Path, progress: Callable[[int, int], None] = lambda done, total: None
) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    """Yield (line number, row) of a .jsonl, .csv or .xlsx file; a broken line comes as a BadRow.

    Raises FileError for a missing file or another kind of file.
    """
    readers = {".jsonl": _read_jsonl, ".csv": _read_csv, ".xlsx": _read_xlsx}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise FileError(f"{path.name}: chỉ nhập được tệp .jsonl, .csv hoặc .xlsx")
    try:
        yield from reader(path, progress)
    except OSError as error:
        raise FileError(f"{path.name}: không mở được tệp ({error.strerror})") from error


def _read_jsonl(path: Path, progress: Callable[[int, int], None]) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    total, done = path.stat().st_size, 0
    with path.open("rb") as file:
        for line, raw in enumerate(file, 1):
            done += len(raw)
            progress(done, total)
            if not raw.strip():
                continue
            try:
                row = json.loads(raw.decode("utf-8-sig"))
            except UnicodeDecodeError:
                yield line, BadRow(line, "không phải chữ UTF-8")
                continue
            except (json.JSONDecodeError, RecursionError):
                yield line, BadRow(line, "không phải JSON hợp lệ")
                continue
            yield (
                line,
                _cleaned(row) if isinstance(row, dict) else BadRow(line, "mỗi dòng phải là một đối tượng JSON"),
            )


def _read_csv(path: Path, progress: Callable[[int, int], None]) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    total = path.stat().st_size
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        try:
            for row in reader:
                progress(raw.tell(), total)
                if None in row:
                    yield reader.line_num, BadRow(reader.line_num, "nhiều ô hơn số cột của dòng tiêu đề")
                    continue
                yield reader.line_num, _cleaned(_from_cells(row.items()))
        except UnicodeDecodeError as error:
            raise FileError(f"{path.name}: không phải chữ UTF-8 (dòng {reader.line_num + 1})") from error
        except csv.Error as error:
            raise FileError(f"{path.name}: dòng {reader.line_num + 1} không đọc được ({error})") from error


def _read_xlsx(path: Path, progress: Callable[[int, int], None]) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (ValueError, KeyError, InvalidFileException, BadZipFile) as error:
        raise FileError(f"{path.name}: không phải tệp Excel (.xlsx) đọc được") from error
    sheet = book.worksheets[0]
    total = sheet.max_row or 0
    rows = sheet.iter_rows(values_only=True)
    header = [str(cell or "").strip() for cell in next(rows, ())]
    for line, cells in enumerate(rows, 2):
        progress(line, total)
        if any(cell is not None for cell in cells):
            yield line, _cleaned(_from_cells(zip(header, cells, strict=False)))


def _from_cells(cells: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Turn the cells of a table into a row: empty ones are left out, JSON in a cell is read as such."""
    row: dict[str, Any] = {}
    for name, value in cells:
        if not name or value is None or value == "":
            continue
        if isinstance(value, str) and value.strip()[:1] in ("[", "{"):
            with suppress(json.JSONDecodeError):  # a text that begins with a bracket is a text
                value = json.loads(value)
        row[name.strip()] = value
    return row


def _cleaned(value: Any) -> Any:
    """Clean every text inside a row (NFC, no control characters)."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {key: _cleaned(item) for key, item in value.items()}
    return value
