"""The day sheet of a post office as CSV or as an Excel workbook: what stands in it, not how it looks.

Names and addresses come from a chat with anybody. A cell that begins like a formula would be run by Excel on the
computer of the post office, so such a text is kept a text (OWASP, "CSV Injection").
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.clock import say_date
from bot.formulas import as_data
from bot.pickups.sheets.stops import Stop, one_line

ROUND_NAMES = {"morning": "Buổi sáng", "afternoon": "Buổi chiều", "outside": "Ngoài tỉnh"}
Cell = str | int | tuple[str, ...]
Stops = Mapping[str, Sequence[Stop]]  # round → its stops
BOM = "\ufeff"  # without it Excel reads UTF-8 as if it were the code page of the machine


@dataclass(frozen=True)
class Column:
    """A column: its title, its width in characters, and what stands in it; nothing where people write by hand."""

    title: str
    width: int
    value: Callable[[Stop], Cell] = lambda _: ""
    bold: bool = False


# Sixteen columns across A4: these widths leave type of some nine points on paper.
COLUMNS = (
    Column("Số lịch", 16, lambda stop: stop.booking, bold=True),
    Column("Việc", 12, lambda stop: (stop.service, stop.state)),
    Column("Họ tên", 14, lambda stop: stop.name, bold=True),
    Column("Người làm thay", 12, lambda stop: stop.proxy),
    Column("Điện thoại", 12, lambda stop: stop.phone, bold=True),
    Column("Địa chỉ", 22, lambda stop: stop.address),
    Column("Giao gì, lấy gì", 18, lambda stop: stop.goods),
    Column("Giấy tờ cần đếm", 20, lambda stop: stop.papers),
    Column("Bản chính thu lại", 12, lambda stop: stop.take_back),
    Column("Xem giấy tờ", 12, lambda stop: stop.show),
    Column("Cước (đ)", 10, lambda stop: stop.postage),
    Column("Lệ phí (đ)", 10, lambda stop: stop.fee),
    Column("Trả cước", 9, lambda stop: stop.payment),
    Column("Giờ", 7),
    Column("Chữ ký", 14),
    Column("Ghi chú", 12),
)


@dataclass(frozen=True)
class Day:
    """Everything on one sheet."""

    office: str
    date: date
    rounds: Stops

    def title(self, name: str) -> str:
        """Return what stands above one round."""
        count = len(self.rounds[name])
        return f"{ROUND_NAMES[name]} {say_date(self.date)} · {one_line(self.office)} · {count} điểm"


def as_csv(day: Day) -> bytes:
    """Return the sheet as CSV: the round, then the columns of the workbook."""
    written = io.StringIO(newline="")
    written.write(BOM)
    rows = csv.writer(written)
    rows.writerow(["Buổi", *(column.title for column in COLUMNS)])
    for name, stops in day.rounds.items():
        rows.writerows([ROUND_NAMES[name], *(_plain(column.value(stop)) for column in COLUMNS)] for stop in stops)
    return written.getvalue().encode("utf-8")


def _plain(cell: Cell) -> str:
    return as_data("; ".join(cell) if isinstance(cell, tuple) else str(cell))
