"""Rows as they come out of a .jsonl, .csv or .xlsx file: read one by one, every text in them cleaned.

Reading and parsing are two steps, so that the second, which takes most of the time, may run in another process.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, NamedTuple

import msgspec

from bot.text import clean

LONGEST_LINE = 16 * 2**20  # bytes; a dossier with 500 long events has 6 MB
DEEPEST = 100  # levels; a record has three, and Python ends at a thousand, each of its readers at another one
CHUNK_ROWS, CHUNK_BYTES = 2_000, 2 * 2**20  # whichever is reached first

SHORT = 200  # characters; the names of procedures, agencies, steps come again and again

Progress = Callable[[int, int], None]

_BOM = b"\xef\xbb\xbf"
_decode = msgspec.json.Decoder().decode
_clean_again = lru_cache(maxsize=4096)(clean)


class RowError(ValueError):
    """A row that cannot be imported; its text is one clear sentence for the person who made the file."""


class FileError(ValueError):
    """A file that cannot be read at all, or that `strict` refused."""


class BusyError(FileError):
    """Another import of the kind is running; nothing was read."""


@dataclass(frozen=True)
class BadRow:
    """A refused row: its line in the file (1 = first) and why."""

    line: int
    reason: str


class Cells(NamedTuple):
    """A row of a table as it stands in its file."""

    names: list[str]  # of the columns
    values: Sequence[Any]


class Broken(NamedTuple):
    """A row that the reader itself could not take."""

    text: str  # as much of it as there is
    reason: str


class Lines(NamedTuple):
    """Whole lines of a .jsonl file."""

    first: int  # number of the first one
    text: bytes


RawRow = bytes | Cells | Broken  # bytes: a line of JSON
Chunk = Lines | list[tuple[int, RawRow]]


def read_rows(
    path: Path, progress: Progress = lambda done, total: None
) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    """Yield (line number, row) of a .jsonl, .csv or .xlsx file; a broken line comes as a BadRow.

    Raises FileError for a missing file or another kind of file.
    """
    for chunk in read_chunks(path, progress):
        for line, raw in rows_of(chunk):
            try:
                yield line, parse(raw)
            except RowError as error:
                yield line, BadRow(line, str(error))


def read_chunks(path: Path, progress: Progress) -> Iterator[Chunk]:
    """Yield the rows as they stand there, a bounded number at a time: cheap, so that others may parse them.

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


def rows_of(chunk: Chunk) -> Iterator[tuple[int, RawRow]]:
    """Yield (line number, row) of a chunk, without the empty ones."""
    if isinstance(chunk, list):
        yield from chunk
        return
    for line, raw in enumerate(chunk.text.split(b"\n"), chunk.first):
        if len(raw) >= LONGEST_LINE:
            yield line, Broken(raw[:10_000].decode(errors="replace"), f"dòng dài quá {LONGEST_LINE // 2**20} MB")
        elif raw and not raw.isspace():
            yield line, raw


def parse(raw: RawRow) -> dict[str, Any]:
    """Return a row with every text in it cleaned; raises RowError for a broken one."""
    if isinstance(raw, Broken):
        raise RowError(raw.reason)
    if isinstance(raw, Cells):
        row = from_cells(raw)
    else:
        try:
            row = _decode(raw.removeprefix(_BOM))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            row = _decode_slowly(raw)
        if not isinstance(row, dict):
            raise RowError("mỗi dòng phải là một đối tượng JSON")
    try:
        _clean(row)
    except RecursionError as error:
        raise RowError("lồng nhau quá nhiều tầng") from error
    return row


def _decode_slowly(raw: bytes) -> Any:
    """Read what the fast reader refused: Python's takes NaN and half characters, and it tells what is wrong."""
    try:
        # A name may hold half a character, too; nothing could store it or count over it.
        return json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_with_clean_names)
    except UnicodeDecodeError as error:
        raise RowError("không phải chữ UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise RowError("không phải JSON hợp lệ") from error


def _with_clean_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {clean(name): value for name, value in pairs}


def _read_jsonl(path: Path, progress: Progress) -> Iterator[Chunk]:
    total, done, line = path.stat().st_size, 0, 1
    with path.open("rb") as file:
        while text := file.read(CHUNK_BYTES):
            end = file.readline(LONGEST_LINE)
            chunk = Lines(line, text + end)
            if len(end) == LONGEST_LINE and not end.endswith(b"\n"):
                done += _skip_line(file)
                line += 1
            done += len(chunk.text)
            line += chunk.text.count(b"\n")
            yield chunk
            progress(done, total)


def _skip_line(file: IO[bytes]) -> int:
    done = 0
    while rest := file.readline(LONGEST_LINE):
        done += len(rest)
        if rest.endswith(b"\n"):
            break
    return done


def _read_csv(path: Path, progress: Progress) -> Iterator[Chunk]:
    total = path.stat().st_size
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        try:
            header = [clean(name) for name in next(reader, [])]
            for chunk in _chunks(_rows_of_table(reader, header)):
                yield chunk
                progress(raw.tell(), total)
        except UnicodeDecodeError as error:
            raise FileError(f"{path.name}: không phải chữ UTF-8 (dòng {reader.line_num + 1})") from error
        except csv.Error as error:
            raise FileError(f"{path.name}: dòng {reader.line_num + 1} không đọc được ({error})") from error


def _rows_of_table(reader: Any, header: list[str]) -> Iterator[tuple[int, RawRow]]:
    for cells in reader:
        if len(cells) > len(header):
            yield reader.line_num, Broken(str(cells), "nhiều ô hơn số cột của dòng tiêu đề")
        elif cells:
            yield reader.line_num, Cells(header, cells)


def _read_xlsx(path: Path, progress: Progress) -> Iterator[Chunk]:
    from bot.importing_excel import NotExcel, Sheet  # openpyxl takes 15 MB that no other file needs

    try:
        with Sheet(path) as sheet:
            lines = sheet.rows()
            _, names = next(lines, (1, ()))
            header = [clean(str(cell or "")) for cell in names]
            line = 1
            for chunk in _chunks(
                (line, Cells(header, cells)) for line, cells in lines if any(cell is not None for cell in cells)
            ):
                yield chunk
                line = chunk[-1][0]
                progress(line, max(line, sheet.size))
            progress(line, line)
    except NotExcel as error:
        raise FileError(f"{path.name}: không phải tệp Excel (.xlsx) đọc được") from error


def _chunks(rows: Iterable[tuple[int, RawRow]]) -> Iterator[list[tuple[int, RawRow]]]:
    """Put rows together, until there are many or they are long."""
    chunk: list[tuple[int, RawRow]] = []
    weight = 0
    for line, row in rows:
        chunk.append((line, row))
        if isinstance(row, Cells):
            weight += sum(len(value) for value in row.values if value.__class__ is str)
        if len(chunk) >= CHUNK_ROWS or weight >= CHUNK_BYTES:
            yield chunk
            chunk, weight = [], 0
    if chunk:
        yield chunk


def from_cells(cells: Cells) -> dict[str, Any]:
    """Turn the cells of a table into a row: empty ones are left out, JSON in a cell is read as such."""
    row: dict[str, Any] = {}
    for name, value in zip(cells.names, cells.values, strict=False):
        if not name or value is None or value == "":
            continue
        if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
            with suppress(msgspec.DecodeError, UnicodeEncodeError, RecursionError):
                value = _decode(value)  # a text that only begins with a bracket is a text
        row[name] = value
    return row


def _clean(value: Any, levels: int = DEEPEST) -> None:
    """Clean every text inside a row or list (NFC, no control characters), in place."""
    if not levels:
        raise RecursionError
    for key, item in value.items() if value.__class__ is dict else enumerate(value):
        if item.__class__ is str:
            # Codes and times, most of what a row holds, are seen to be clean at a glance.
            if not item.isascii() or " " in item or not item.isprintable():
                value[key] = _clean_again(item) if len(item) < SHORT else clean(item)
        elif item.__class__ in (dict, list):
            _clean(item, levels - 1)
