"""A table of figures: what the page, the files and the printed report all show, so that none says another number.

A cell is a text, a count, a share (0–1), minutes, or None, which stands for "chưa có số": what the data do not hold is
never a zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

UNKNOWN = "chưa có số"
Cell = str | int | float | None


@dataclass(frozen=True)
class Column:
    """A column: its title, and how its numbers are read: text, count, share, minutes, dong."""

    title: str
    kind: str = "count"


@dataclass(frozen=True)
class Table:
    """Figures about one thing; `note` says what was counted and what was not."""

    key: str  # names it in addresses and in files
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    total: tuple[Cell, ...] | None = field(default=None)

    def all_rows(self) -> list[tuple[Cell, ...]]:
        """Return the rows, the total last."""
        return [*self.rows, *([self.total] if self.total else [])]

    def column(self, title: str) -> list[Cell]:
        """Return the cells of a column, without the total."""
        place = [column.title for column in self.columns].index(title)
        return [row[place] for row in self.rows]


def shown(cell: Cell, kind: str) -> str:
    """Return a cell as people read it in Vietnam: 1.234, 12,5 %, 3,4 phút, 25.000 đ."""
    if cell is None:
        return UNKNOWN
    if isinstance(cell, str):
        return cell
    if kind == "share":
        return f"{cell * 100:.1f} %".replace(".", ",")
    if kind == "minutes":
        return f"{cell:,.1f}".translate(_SIGNS)
    whole = f"{cell:,.0f}".translate(_SIGNS)
    return f"{whole} đ" if kind == "dong" else whole


def totalled(rows: list[tuple[Cell, ...]], first: str = "Tổng cộng") -> tuple[Cell, ...] | None:
    """Return the sums of columns of counts under a first column of names; None under less than two rows.

    A column in which any number is unknown has an unknown sum.
    """
    if len(rows) < 2:
        return None
    sums: list[Cell] = [first]
    for column in list(zip(*rows, strict=True))[1:]:
        sums.append(sum(column) if all(isinstance(cell, int) for cell in column) else None)
    return tuple(sums)


def share(part: int, whole: int) -> float | None:
    """Return a share; None of nothing."""
    return part / whole if whole else None


def as_data(table: Table) -> dict[str, Any]:
    """Return a table in plain words, for a template that only sets type."""
    kinds = [column.kind for column in table.columns]
    return {
        "key": table.key,
        "title": table.title,
        "note": table.note,
        "columns": [
            {"title": column.title, "right": column.kind != "text", "money": column.kind == "dong"}
            for column in table.columns
        ],
        "rows": [[shown(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in table.rows],
        "total": [shown(cell, kind) for cell, kind in zip(table.total, kinds, strict=True)] if table.total else None,
    }


_SIGNS = str.maketrans(",.", ".,")
