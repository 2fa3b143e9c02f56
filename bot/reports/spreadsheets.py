"""The figures as CSV and as an Excel workbook: numbers stay numbers, texts stay texts whatever they begin with."""

from __future__ import annotations

import csv
import io
import re

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.formulas import as_data, is_formula
from bot.pickups.sheets.day_sheet import BOM
from bot.pickups.sheets.stops import one_line
from bot.reports.monthly import Figures
from bot.reports.tables import UNKNOWN, Cell, Table

FONT, POINTS = "Arial", 11
_FORMATS = {"count": "#,##0", "dong": "#,##0", "share": "0.0%", "minutes": "#,##0.0"}
_WIDEST = 44
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_thin = Side(style="thin", color="808080")
_BORDER = Border(left=_thin, right=_thin, top=_thin, bottom=_thin)
_HEAD = PatternFill("solid", start_color="DCE6F1")


def as_csv(figures: Figures) -> bytes:
    """Return all tables below each other; the first column names the table, so that rows can be told apart."""
    written = io.StringIO(newline="")
    written.write(BOM)
    rows = csv.writer(written)
    rows.writerow(["Tháng", "Nơi", "Bảng"])
    rows.writerow([str(figures.month), _plain(figures.centre or "toàn tỉnh"), ""])
    for table in figures.tables:
        rows.writerow([])
        rows.writerow([table.title, *(_titled(column.title, column.kind) for column in table.columns)])
        rows.writerows([table.title, *map(_plain, row)] for row in table.all_rows())
    return written.getvalue().encode("utf-8")


def as_workbook(figures: Figures) -> bytes:
    """Return a workbook with one sheet for each table, ready to print."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "Một Cửa"
    for table in figures.tables:
        _sheet(book.create_sheet(_NO_SHEET_NAME.sub(" ", one_line(table.title))[:31]), table, figures)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _sheet(sheet: Worksheet, table: Table, figures: Figures) -> None:
    place = figures.centre or "toàn tỉnh"
    _put(sheet.cell(1, 1), f"{table.title}, {figures.month.name}, {place}", bold=True, size=POINTS + 3)
    head = 2
    for number, column in enumerate(table.columns, 1):
        cell = _put(sheet.cell(head, number), _titled(column.title, column.kind), bold=True)
        cell.fill, cell.border = _HEAD, _BORDER
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        texts = [str(row[number - 1]) for row in table.all_rows() if isinstance(row[number - 1], str)]
        sheet.column_dimensions[get_column_letter(number)].width = min(_WIDEST, max([12, *map(len, texts)]) + 2)
    for line, row in enumerate(table.all_rows(), head + 1):
        for number, (value, column) in enumerate(zip(row, table.columns, strict=True), 1):
            cell = _put(sheet.cell(line, number), value, column.kind, bold=row is table.total)
            cell.border = _BORDER
            cell.alignment = Alignment(
                wrap_text=True, vertical="top", horizontal="left" if column.kind == "text" else "right"
            )
    if table.note:
        _put(sheet.cell(head + len(table.all_rows()) + 2, 1), table.note)
    sheet.freeze_panes = f"B{head + 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    sheet.print_title_rows = f"1:{head}"
    sheet.oddFooter.right.text = "Trang &P / &N"  # type: ignore[union-attr]


def _put(cell: object, value: Cell, kind: str = "text", *, bold: bool = False, size: int = POINTS) -> SheetCell:
    assert isinstance(cell, SheetCell), "nothing is merged here"
    cell.font = Font(name=FONT, size=size, bold=bold)
    if isinstance(value, (int, float)):
        cell.value, cell.number_format = value, _FORMATS.get(kind, "General")
        return cell
    text = UNKNOWN if value is None else one_line(value)
    cell.value = text
    # A text stays one, whatever it begins with; the mark keeps it so when somebody edits the cell.
    cell.data_type, cell.number_format, cell.quotePrefix = "s", "@", is_formula(text)
    return cell


def _titled(title: str, kind: str) -> str:
    return f"{title} ({'đồng' if kind == 'dong' else 'phút'})" if kind in ("dong", "minutes") else title


def _plain(cell: Cell) -> str:
    if cell is None:
        return UNKNOWN
    if isinstance(cell, float):
        return f"{cell:.4f}"
    return as_data(cell) if isinstance(cell, str) else str(cell)
