"""The pictures of the report, each readable at the width of a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

from bench.nlu_report import ablations
from bench.nlu_report.figures import Bin, Figure
from bench.nlu_report.heldout import STYLES
from bench.nlu_report.measures import Measured

mpl.use("Agg")

from matplotlib import pyplot as plt

BLUE, GREEN, OCHRE, GREY, RED = "#3b6ea5", "#6f9f7f", "#c39050", "#8a8f98", "#b4554d"
COLOURS = (BLUE, GREEN, OCHRE)
DOTS = 130
_STYLE = {
    "font.family": "DejaVu Sans", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False,
    "axes.edgecolor": GREY, "axes.titlesize": 10, "axes.titleweight": "bold", "xtick.color": "#33373d",
    "ytick.color": "#33373d", "legend.frameon": False,
}  # fmt: skip


def draw(measured: Measured, folder: Path) -> list[str]:
    """Draw every picture into `folder`; return the names of the files."""
    drawn = []
    pictures = {
        "confusion.png": _confusion, "reliability.png": _reliability, "per_intent.png": _per_intent,
        "styles.png": _styles, "ablations.png": _ablations,
    }  # fmt: skip
    with plt.rc_context(_STYLE):
        for name, make in pictures.items():
            figure = make(measured)
            (folder / name).unlink(missing_ok=True)  # no picture of an earlier run beside newer figures
            if figure is not None:
                figure.savefig(folder / name, dpi=DOTS, bbox_inches="tight", facecolor="white")
                plt.close(figure)
                drawn.append(name)
    return drawn


def _confusion(measured: Measured) -> Any:
    found = measured.intents[STYLES[0]].confusions
    if not found:
        return None
    rows = sorted({pair[0] for pair, _ in found})
    columns = sorted({pair[1] for pair, _ in found})
    counts = np.zeros((len(rows), len(columns)))
    for (right, understood), count in found:
        counts[rows.index(right), columns.index(understood)] = count
    size = 0.19
    figure, axes = plt.subplots(figsize=(2 + size * len(columns), 2 + size * len(rows)))
    axes.imshow(np.where(counts > 0, counts, np.nan), cmap="Blues", vmin=-1, vmax=max(counts.max(), 3), aspect="equal")
    for y, x in zip(*np.nonzero(counts), strict=True):
        dark = counts[y, x] > counts.max() * 0.6
        axes.text(x, y, f"{counts[y, x]:.0f}", ha="center", va="center", fontsize=7, color="white" if dark else "black")
    axes.set_xticks(range(len(columns)), columns, rotation=90, fontsize=7)
    axes.set_yticks(range(len(rows)), rows, fontsize=7)
    axes.set_xticks(np.arange(len(columns) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(rows) + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="#e4e7ea", linewidth=0.5)
    axes.tick_params(which="both", length=0)
    axes.set_xlabel("understood as")
    axes.set_ylabel("right intent")
    axes.set_title("Wrongly understood sentences, as written (intents without a mistake are left out)", loc="left")
    return figure


def _reliability(measured: Measured) -> Any:
    figure, (left, right) = plt.subplots(1, 2, figsize=(8.4, 4.2), sharey=True)
    for style, colour in zip(STYLES, COLOURS, strict=True):
        found = measured.intents[style]
        _curve(left, found.bins, colour, f"{style} (ECE {found.calibration.value * 100:.1f} %)")
    everything = measured.search["all"]
    if everything.bins:
        _curve(right, everything.bins, BLUE, f"all questions (ECE {everything.calibration.value * 100:.1f} %)")
        for one in everything.bins:
            right.annotate(f"{one.was.count}", (one.said + 0.015, one.was.value - 0.035), fontsize=7, color="#5b626b")
    for axes, title in ((left, "Intents"), (right, "Procedure search (with the number of questions)")):
        axes.plot((0, 1), (0, 1), color=GREY, linewidth=0.8, linestyle=":")
        axes.set(xlim=(0, 1.02), ylim=(0, 1.02), xlabel="chance that was given")
        axes.set_title(title, loc="left")
        axes.legend(loc="upper left", fontsize=8)
    left.set_ylabel("share that was right")
    figure.tight_layout()
    return figure


def _curve(axes: Any, bins: list[Bin], colour: str, label: str) -> None:
    said = [one.said for one in bins]
    _dots(axes, said, [one.was for one in bins], colour, label, join=True)


def _dots(axes: Any, x: Any, figures: list[Figure], colour: str, label: str, *, join: bool = False) -> None:
    values = np.array([one.value for one in figures])
    spread = np.array([[max(f.value - f.low, 0) for f in figures], [max(f.high - f.value, 0) for f in figures]])
    axes.errorbar(
        x, values, yerr=spread, fmt="o-" if join else "o", color=colour, ecolor=colour, elinewidth=1, capsize=2,
        markersize=4.5, linewidth=1, label=label,
    )  # fmt: skip


def _per_intent(measured: Measured) -> Any:
    each = sorted(measured.intents[STYLES[0]].each.items(), key=lambda item: (item[1].value, item[0]), reverse=True)
    values = np.array([one.value for _, one in each])
    spread = [[one.value - one.low for _, one in each], [one.high - one.value for _, one in each]]
    figure, axes = plt.subplots(figsize=(7.6, 0.175 * len(each) + 1.2))
    axes.barh(
        range(len(each)), values, xerr=spread, color="#a9c1da", height=0.72,
        error_kw={"ecolor": "#4a5560", "elinewidth": 0.8, "capsize": 1.5},
    )  # fmt: skip
    axes.set_yticks(range(len(each)), [f"{name} ({one.count})" for name, one in each], fontsize=7.5)
    axes.invert_yaxis()
    axes.axvline(measured.intents[STYLES[0]].accuracy.value, color=OCHRE, linewidth=1, label="all sentences")
    axes.set(xlim=(0, 1.0), ylim=(len(each) - 0.4, -0.6), xlabel="accuracy as written, 95 % interval")
    axes.tick_params(axis="y", length=0)
    axes.legend(loc="lower left", fontsize=8, frameon=True, framealpha=0.9)
    axes.set_title("Each intent (number of sentences)", loc="left")
    return figure


def _styles(measured: Measured) -> Any:
    groups: dict[str, list[Figure]] = {"intents\naccuracy": [measured.intents[s].accuracy for s in STYLES]}
    for group in ("pattern", "person and address", "learned names"):
        groups[group.replace(" and ", " +\n") + "\nF1"] = [measured.entities[s][group].f1 for s in STYLES]
    by_style = [measured.search[style] for style in measured.search if style != "all"]
    groups["search\nright first"] = [one.first for one in by_style]
    groups["search\nin three"] = [one.three for one in by_style]
    figure, axes = plt.subplots(figsize=(8.4, 4.2))
    for i, (style, colour) in enumerate(zip(STYLES, COLOURS, strict=True)):
        places = np.arange(len(groups)) + (i - 1) * 0.2
        _dots(axes, places, [found[i] for found in groups.values()], colour, style)
    axes.set_xticks(range(len(groups)), list(groups))
    axes.set_ylim(0, 1.02)
    axes.set_yticks(np.arange(0, 1.01, 0.1), [f"{i * 10} %" for i in range(11)])
    axes.grid(axis="y", color="#e4e7ea", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.axvline(3.5, color=GREY, linewidth=0.6, linestyle=":")
    axes.legend(loc="lower left", ncol=3, fontsize=8.5, frameon=True, edgecolor="white")
    axes.set_title("Three styles, 95 % intervals (search: other questions in each style)", loc="left")
    return figure


def _ablations(measured: Measured) -> Any:
    if not measured.ablations:
        return None
    rows = measured.ablations[1:]
    figure, panels = plt.subplots(1, len(ablations.COLUMNS), figsize=(10, 0.5 * len(rows) + 1.4), sharey=True)
    for column, (axes, title) in enumerate(zip(panels, ablations.COLUMNS, strict=True)):
        for y, row in enumerate(rows):
            worth = row.worth[column]
            colour = GREEN if worth.low > 0 else RED if worth.high < 0 else GREY
            axes.plot((worth.low * 100, worth.high * 100), (y, y), color=colour, linewidth=2)
            axes.plot(worth.value * 100, y, "o", color=colour, markersize=5)
        axes.axvline(0, color="#33373d", linewidth=0.8)
        axes.set_title(title.replace(", ", "\n"), loc="left", fontsize=9)
        axes.set_xlabel("points")
        axes.grid(axis="x", color="#e4e7ea", linewidth=0.7)
        axes.tick_params(axis="y", length=0)
    panels[0].set_yticks(range(len(rows)), [f"{row.part}\n{row.verdict}" for row in rows], fontsize=8.5)
    panels[0].invert_yaxis()
    figure.suptitle("What each part brings (right of zero: it helps)", x=0.01, ha="left", fontsize=10, weight="bold")
    figure.tight_layout()
    return figure
