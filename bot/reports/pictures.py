"""Pictures of the tables: bars whose parts differ by pattern as well as by colour, and two lines with their names.

A picture shows nothing that its table does not say; the colours are variables that follow the page to dark.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.pickups.sheets.stops import one_line
from bot.reports.tables import Cell, Table, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The same as in theme.css; on paper all of them have a contrast of 3:1 or more.
PAPER, INK, QUIET = "#ffffff", "#17251f", "#4a5c54"
FILLS = ("#0d6353", "#c98a00", "#9c2a10", "#7c8c84", "#3f6a9e")
_HATCHES = ("", "///", "||", "xx", "\\\\\\")
_DARK = {
    PAPER: "#1a2521", INK: "#e8f0ec", QUIET: "#a9bab2",
    FILLS[0]: "#86d9c1", FILLS[1]: "#d9a520", FILLS[2]: "#ffab94", FILLS[3]: "#7f9188", FILLS[4]: "#9dbce2",
}  # fmt: skip
# Inches: the width, one bar, the legend, what stays free at an edge, one letter of a name.
WIDTH, BAR, LEGEND, EDGE, PER_SIGN = 6.2, 0.42, 0.38, 0.1, 0.079
MOST_BARS, LONGEST_LABEL = 14, 28
_INSIDE = 0.07  # share of the longest bar that a part needs for its number to fit
_SIZE = 10.0  # points
_SIGN_OF_LEGEND = 0.55  # inches of a patch and the room around it
# matplotlib draws on shared caches: one picture at a time.
_one_at_a_time = threading.Lock()


def bars(table: Table, *parts: str) -> bytes:
    """Return stacked bars of some columns, one bar for a row, as SVG."""
    values_of = [table.column(part) for part in parts]
    rows = [(row[0], [column[place] for column in values_of]) for place, row in enumerate(table.rows)][:MOST_BARS]

    wide = sum(len(part) * PER_SIGN + _SIGN_OF_LEGEND for part in parts)
    columns = len(parts) if wide <= WIDTH else -(-len(parts) // 2)  # as many beside each other in two lines

    def draw(axes: Axes) -> None:
        longest = max((sum(map(_number, values)) for _, values in rows), default=0.0) or 1.0
        left = [0.0] * len(rows)
        for part, name in enumerate(parts):
            widths = [_number(values[part]) for _, values in rows]
            axes.barh(range(len(rows)), widths, 0.68, left, label=name, color=FILLS[part], edgecolor=PAPER,
                      hatch=_HATCHES[part], linewidth=0.8)  # fmt: skip
            for place, width in enumerate(widths):
                if len(parts) > 1 and width >= longest * _INSIDE:
                    _write(axes, left[place] + width / 2, place, shown(int(width), "count"), boxed=True)
                left[place] += width
        for place, end in enumerate(left):
            _write(axes, end + longest * 0.012, place, shown(int(end), "count"), ha="left", weight="bold")
        axes.set_xlim(0, longest * 1.14)
        axes.set_yticks(range(len(rows)))
        axes.set_yticklabels([_label(name) for name, _ in rows])
        axes.invert_yaxis()
        axes.xaxis.set_visible(False)
        axes.spines["bottom"].set_visible(False)
        if len(parts) > 1:
            axes.figure.legend(
                loc="upper left",
                bbox_to_anchor=(0, 1.0),
                ncol=columns,
                frameon=False,
                fontsize=_SIZE,
                labelcolor=INK,
                borderaxespad=0.2,
                handlelength=1.6,
            )

    names = max((len(_label(name)) for name, _ in rows), default=0) * PER_SIGN
    top = EDGE if len(parts) == 1 else LEGEND if columns == len(parts) else 1.6 * LEGEND
    return _picture(draw, BAR * max(1, len(rows)), left=names + EDGE, right=EDGE, top=top, bottom=EDGE)


def lines(table: Table, *parts: str) -> bytes:
    """Return shares over time as lines, each named at its end, as SVG; a month without a number is a gap."""

    def draw(axes: Axes) -> None:
        names = [str(name) for name in table.column(table.columns[0].title)]
        ends: list[float] = []
        for part, (name, dashes, marker) in enumerate(zip(parts, ("-", "--"), ("o", "s"), strict=False)):
            values = [None if cell is None else float(cell) * 100 for cell in table.column(name)]
            there = [(place, value) for place, value in enumerate(values) if value is not None]
            drawn = [float("nan") if value is None else value for value in values]
            axes.plot(range(len(names)), drawn, dashes, marker=marker, color=FILLS[(0, 2)[part]], linewidth=2.2, ms=6)
            if there:
                place, value = there[-1]
                near = any(abs(value - other) < 9 for other in ends)
                ends.append(value)
                written = f"{name} {shown(value / 100, 'share')}"
                _write(axes, place + 0.45, value - (9 if near else 0), written, ha="left", color=FILLS[(0, 2)[part]])
        axes.set_ylim(-3, 103)
        axes.set_xlim(-0.4, len(names) + 7.2)
        axes.set_xticks(range(len(names)))
        axes.set_xticklabels(names, rotation=45)
        axes.set_yticks([0, 25, 50, 75, 100])
        axes.set_yticklabels([f"{tick} %" for tick in (0, 25, 50, 75, 100)])
        axes.grid(axis="y", color=QUIET, alpha=0.3)

    return _picture(draw, 2.7, left=0.6, right=EDGE, top=0.12, bottom=0.6)


PICTURES: dict[str, Callable[[Table], bytes]] = {
    "channels": lambda table: bars(table, "Trợ lý", "Nhân viên", "Chưa trả lời được", "Chưa phân loại"),
    "topics": lambda table: bars(table, "Trợ lý", "Nhân viên", "Chưa trả lời được", "Chưa phân loại"),
    "tickets": lambda table: bars(
        table, "Xong đúng hạn", "Đang mở", "Đang mở, quá hạn", "Xong trễ hạn", "Xong, không đặt hạn"
    ),
    "followed": lambda table: bars(table, "Lượt theo dõi"),
    "guides": lambda table: bars(table, "Làm xong", "Đang làm", "Bỏ dở"),
    "trend": lambda table: lines(table, "Tỷ lệ trực tuyến", "Tỷ lệ qua bưu điện"),
    "pickups": lambda table: bars(table, "Cộng"),
    "settlement": lambda table: bars(table, "Giao kết quả", "Lấy hồ sơ", "Giao và lấy"),
}


def picture(table: Table) -> bytes | None:
    """Return the picture of a table as SVG in light colours; None where it has none, or nothing to show."""
    draw = PICTURES.get(table.key)
    return draw(table) if draw is not None and table.rows else None


def alt(table: Table) -> str:
    """Return the picture in one sentence: what it shows, and that the numbers stand in the table."""
    if table.key == "trend":
        return f"Hình: {table.title}, hai đường theo tháng. Số nằm trong bảng bên cạnh."
    return f"Hình: {table.title}, {len(table.rows[:MOST_BARS])} thanh ngang. Số nằm trong bảng bên cạnh."


def following_theme(svg: bytes) -> bytes:
    """Return a picture whose colours follow the page that shows it, light or dark."""
    written = svg.decode("utf-8")
    names = {colour: f"--c{place}" for place, colour in enumerate(_DARK)}
    written = re.sub(
        r"#[0-9a-f]{6}", lambda found: f"var({names[found[0]]})" if found[0] in names else found[0], written
    )
    light = "".join(f"{name}:{colour};" for colour, name in names.items())
    dark = "".join(f"{names[colour]}:{other};" for colour, other in _DARK.items())
    style = f"<style>svg{{{light}}}@media (prefers-color-scheme:dark){{svg{{{dark}}}}}</style>"
    return re.sub(r"(<svg[^>]*>)", lambda found: found[1] + style, written, count=1).encode("utf-8")


def _picture(
    draw: Callable[[Axes], None], inside: float, *, left: float, right: float, top: float, bottom: float
) -> bytes:
    """Return a picture whose inner part is `inside` inches high, with as much around it as is said."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as MatplotlibFigure

    with _one_at_a_time:
        height = inside + top + bottom
        figure: Figure = MatplotlibFigure(figsize=(WIDTH, height))
        FigureCanvasSVG(figure)
        axes = figure.add_axes((left / WIDTH, bottom / height, 1 - (left + right) / WIDTH, inside / height))
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(QUIET)
        axes.tick_params(colors=INK, labelsize=_SIZE, length=0)
        draw(axes)
        written = io.BytesIO()
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    return written.getvalue()


def _write(axes: Axes, x: float, y: float, text: str, *, boxed: bool = False, **how: Any) -> None:
    box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.2} if boxed else None
    wanted = {"ha": "center", "va": "center", "fontsize": _SIZE, "color": INK, **how}
    axes.text(x, y, text, bbox=box, **wanted)


def _number(cell: Cell) -> float:
    return float(cell) if isinstance(cell, (int, float)) else 0.0


def _label(name: Cell) -> str:
    text = one_line(str(name)).replace("$", r"\$")  # a dollar would begin a formula
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1]}…"
