"""The day sheet as an Excel workbook that can be printed at once: one table a round, large type, A4 across."""

from __future__ import annotations

import io
import textwrap
from math import ceil

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.formulas import is_formula
from bot.pickups.sheets.day_sheet import COLUMNS, ROUND_NAMES, Cell, Column, Day
from bot.pickups.sheets.stops import Stop

FONT, POINTS, SMALL = "Arial", 13, 8
LINE = 1.32  # height of a line, in its type's size
PER_WIDTH = 9.5  # characters in a column of width 1, times their size: a little fewer than fit, so that none is cut
LOWEST, HIGHEST = 54.0, 409.0  # points: room for a signature; the highest row that Excel knows
TITLE_ROW, HEAD_ROW = 1, 2
FOOT = "Có dữ liệu cá nhân: giữ kín, xong việc thì hủy"
_thin = Side(style="thin", color="808080")
_BORDER = Border(left=_thin, right=_thin, top=_thin, bottom=_thin)
_HEAD = PatternFill("solid", start_color="DCE6F1")


def as_workbook(day: Day) -> bytes:
    """Return the sheet as a workbook with one table for each round."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "Một Cửa"
    for name, stops in day.rounds.items():
        sheet = book.create_sheet(ROUND_NAMES[name])
        _head(sheet, day.title(name))
        for row, stop in enumerate(stops, HEAD_ROW + 1):
            _line(sheet, row, stop)
        if not stops:
            _put(sheet.cell(HEAD_ROW + 1, 1), "Không có điểm nào.", Font(name=FONT, size=POINTS))
        _for_print(sheet)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _head(sheet: Worksheet, title: str) -> None:
    _put(sheet.cell(TITLE_ROW, 1), title, Font(name=FONT, size=POINTS + 5, bold=True))
    sheet.row_dimensions[TITLE_ROW].height = 30
    for number, column in enumerate(COLUMNS, 1):
        cell = _put(sheet.cell(HEAD_ROW, number), column.title, Font(name=FONT, size=POINTS, bold=True))
        cell.fill, cell.border = _HEAD, _BORDER
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.row_dimensions[HEAD_ROW].height = 58  # three lines
    sheet.freeze_panes = f"B{HEAD_ROW + 1}"


def _line(sheet: Worksheet, row: int, stop: Stop) -> None:
    values = [(column, column.value(stop)) for column in COLUMNS]
    # Excel does not measure rows of a file that it has not written, and hides what does not fit.
    size = next((size for size in range(POINTS, SMALL, -1) if _height(values, size) <= HIGHEST), SMALL)
    for number, (column, value) in enumerate(values, 1):
        cell = _put(sheet.cell(row, number), value, Font(name=FONT, size=size, bold=column.bold))
        cell.border = _BORDER
        cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="right" if _is_sum(value) else "left")
    sheet.row_dimensions[row].height = min(max(_height(values, size), LOWEST), HIGHEST)


def _put(cell: SheetCell | MergedCell, value: Cell, font: Font) -> SheetCell:
    assert isinstance(cell, SheetCell), "nothing is merged here"
    cell.font = font
    if isinstance(value, int):
        cell.value, cell.number_format = value, "#,##0"
        return cell
    text = _text(value)
    if text:
        cell.value = text
        # A text stays one, whatever it begins with; the mark keeps it so when somebody edits the cell.
        cell.data_type, cell.number_format = "s", "@"
        cell.quotePrefix = is_formula(text)
    return cell


def _text(value: Cell) -> str:
    if not isinstance(value, tuple):
        return str(value)
    return "\n".join(f"– {line}" for line in value) if len(value) > 1 else "".join(value)


def _is_sum(value: Cell) -> bool:
    return isinstance(value, int)


def _height(values: list[tuple[Column, Cell]], size: int) -> float:
    return ceil(max(_lines(column, value, size) for column, value in values) * size * LINE) + 4.0


def _lines(column: Column, value: Cell, size: int) -> int:
    parts = _text(value).split("\n")
    fits = max(4, int(column.width * PER_WIDTH / size * (0.92 if column.bold else 1.0)))
    return sum(max(1, len(textwrap.wrap(part, fits))) for part in parts)


def _for_print(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    sheet.print_title_rows = f"{TITLE_ROW}:{HEAD_ROW}"
    margins = sheet.page_margins
    margins.left = margins.right = 0.3
    margins.top, margins.bottom, margins.footer = 0.3, 0.5, 0.2
    sheet.oddFooter.left.text = FOOT  # type: ignore[union-attr]
    sheet.oddFooter.right.text = "Trang &P / &N"  # type: ignore[union-attr]
