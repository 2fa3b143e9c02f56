"""Rows out of an Excel file of any size, in bounded memory.

openpyxl reads the sheet as a stream, but would hold the table of shared texts in memory: Excel puts every text of
the sheet into it, in a file of a million rows some gigabytes of Python objects. Here it lies in a temporary file.
"""

from __future__ import annotations

import lzma
import struct
import tempfile
import zlib
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError, iterparse
from zipfile import BadZipFile

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

IN_MEMORY = 8 * 2**20  # bytes of shared texts; more go to disk
SHORT = 400  # bytes; the names of procedures and agencies come again and again
_TEXT = f"{{{SHEET_MAIN_NS}}}si"
# What openpyxl and zipfile raise for a damaged file: they name it in a dozen ways, a TypeError in a foreign cell too.
_DAMAGED = (
    ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError, AssertionError, ParseError,
    InvalidFileException, BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error,
)  # fmt: skip


class NotExcel(ValueError):
    """The file cannot be read as an Excel workbook."""


class Sheet:
    """The first sheet of a workbook, open between `with` and its end.

    Entering raises NotExcel, and OSError for a file that cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is read yet."""
        self._path = path
        self._texts = SharedTexts()
        self.size = 0  # how many lines the file says it has; 0 when it does not say

    def __enter__(self) -> Sheet:
        """Open the workbook and read its shared texts."""
        try:
            self._reader = _Reader(self._path, self._texts)
            self._reader.read()
            self._sheet = self._reader.wb.worksheets[0]
        except _DAMAGED as error:
            self._texts.close()
            raise NotExcel(str(error)) from error
        self.size = self._sheet.max_row or 0
        self._sheet.reset_dimensions()  # some programs write a wrong size, and rows beyond it would be left out
        return self

    def __exit__(self, *exc: object) -> None:
        """Close the workbook."""
        self._reader.archive.close()
        self._texts.close()

    def rows(self) -> Iterator[tuple[int, Sequence[Any]]]:
        """Yield (line, values of the cells); raises NotExcel in the middle of a damaged file."""
        try:
            yield from enumerate(self._sheet.iter_rows(values_only=True), 1)
        except _DAMAGED as error:
            raise NotExcel(str(error)) from error


class SharedTexts:
    """The texts that cells refer to by number, on disk when they are many."""

    def __init__(self) -> None:
        """Begin without texts."""
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (closed by `close`)
        self._ends = array("Q", [0])
        self._look_up = lru_cache(maxsize=20_000)(self._read)

    def load(self, source: IO[bytes]) -> None:
        """Add all texts of the part `source` of a workbook."""
        root, end = None, 0
        # As openpyxl does for the sheet itself: expat takes no entities from elsewhere, and limits those inside.
        for event, node in iterparse(source, ("start", "end")):  # noqa: S314
            if root is None:
                root = node
            if event == "end" and node.tag == _TEXT:
                text: str = Text.from_tree(node).content  # type: ignore[union-attr]
                end += self._file.write(text.replace("x005F_", "").encode("utf-8", "surrogatepass"))
                self._ends.append(end)
                root.clear()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        length = self._ends[number + 1] - self._ends[number]
        return self._look_up(number) if length <= SHORT else self._read(number)

    def close(self) -> None:
        """Remove the temporary file."""
        self._file.close()

    def _read(self, number: int) -> str:
        start, end = self._ends[number], self._ends[number + 1]
        self._file.seek(start)
        return self._file.read(end - start).decode("utf-8", "surrogatepass")


class _Reader(ExcelReader):
    def __init__(self, path: Path, texts: SharedTexts) -> None:
        super().__init__(path, read_only=True, keep_links=False, data_only=True)
        self._texts = texts

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self._texts.load(source)
        self.shared_strings = self._texts  # type: ignore[assignment]
