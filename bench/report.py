"""The table of figures and ratios, the targets with pass or fail, and both as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.measure import MOST, Figures


@dataclass(frozen=True)
class Row:
    """One figure of both systems; `better` says which way is better."""

    name: str
    ours: float | None
    peer: float | None
    unit: str
    higher_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        """Return how many times better ours is; below 1 the peer is better."""
        if not self.ours or not self.peer:
            return None
        return self.ours / self.peer if self.higher_is_better else self.peer / self.ours


@dataclass(frozen=True)
class Target:
    """A figure that must be reached; `value` is None when it was not measured."""

    name: str
    value: float | None
    limit: float
    at_least: bool = False

    @property
    def passed(self) -> bool | None:
        """Return whether the limit is kept; None when not measured."""
        if self.value is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def rows(ours: Figures, peer: Figures | None, import_seconds: float | None) -> list[Row]:
    """Return every line of the table."""

    def row(name: str, unit: str, read: Callable[[Figures], float | None], *, higher_is_better: bool = False) -> Row:
        return Row(name, read(ours), read(peer) if peer else None, unit, higher_is_better)

    table: list[Row] = []
    for senders in ours.visits:
        who = "visit, 1 sender" if senders == 1 else f"visit, {senders} senders"
        table += [
            row(f"{who}: p50", "ms", _of_visit(senders, "p50")),
            row(f"{who}: p95", "ms", _of_visit(senders, "p95")),
            row(f"{who}: p99", "ms", _of_visit(senders, "p99")),
            row(f"{who}: throughput", "turns/s", _of_visit(senders, "per_second"), higher_is_better=True),
        ]
    acting = f"action turns, {MOST} senders"
    return [
        *table,
        row(f"{acting}: p50", "ms", lambda f: f.actions.p50),
        row(f"{acting}: throughput", "turns/s", lambda f: f.actions.per_second, higher_is_better=True),
        row("one conversation, turns 5-25: median", "ms", lambda f: f.growth.early),
        row("one conversation, turns 180-200: median", "ms", lambda f: f.growth.late),
        row("one conversation: growth", "×", lambda f: f.growth.ratio),
        row("memory, ready", "MB", lambda f: f.memory_ready_mb),
        row("memory, after the load", "MB", lambda f: f.memory_loaded_mb),
        row("first start to first answer", "s", lambda f: f.first_start),
        row("start to first answer", "s", lambda f: f.first_answer),
        Row("import of procedures", import_seconds, None, "s"),
    ]


def _of_visit(senders: int, name: str) -> Callable[[Figures], float]:
    return lambda figures: float(getattr(figures.visits[senders], name))


def targets(ours: Figures, peer: Figures | None, import_seconds: float | None) -> list[Target]:
    """Return what must be reached."""
    times = ours.actions.per_second / peer.actions.per_second if peer else None
    return [
        Target(f"action turns at {MOST} senders: throughput, times the stock peer's", times, 5.0, at_least=True),
        Target("p50 of a turn at one sender, ms", ours.visits[1].p50, 10.0),
        Target("median of turns 180-200 over median of turns 5-25", ours.growth.ratio, 1.3),
        Target("import of the procedures, s", import_seconds, 20.0),
        Target("second start to first answer, s", ours.first_answer, 20.0),
    ]


def show(out: Console, table: list[Row], goals: list[Target], machine: dict[str, Any]) -> None:
    """Print the table and the targets."""
    printed = Table(
        title="One run, one machine, loopback",
        caption=f"{machine['cpus']} CPUs, {machine['cpu']}, load {machine['load_average']:.1f} before the run",
    )
    printed.add_column("", no_wrap=True)
    for heading in ("Một Cửa", "stock Rasa", "better by"):
        printed.add_column(heading, justify="right")
    for row in table:
        printed.add_row(f"{row.name} ({row.unit})", _number(row.ours), _number(row.peer), _number(row.ratio))
    out.print(printed)
    if machine["load_average"] > machine["cpus"] / 2:
        out.print("The machine was busy before the run: do not trust these figures.", style="yellow")
    out.print("Must reach:", style="bold")
    words = {True: "[green]pass[/green]", False: "[red]FAIL[/red]", None: "not measured"}
    for goal in goals:
        sign = "≥" if goal.at_least else "≤"
        out.print(f"  {words[goal.passed]}  {goal.name}: {_number(goal.value)} ({sign} {goal.limit:g})", soft_wrap=True)


def as_json(
    ours: Figures, peer: Figures | None, table: list[Row], goals: list[Target], machine: dict[str, Any]
) -> dict[str, Any]:
    """Return everything as plain data."""
    return {
        "machine": machine,
        "ours": asdict(ours),
        "peer": asdict(peer) if peer else None,
        "table": [{**asdict(row), "ratio": row.ratio} for row in table],
        "targets": [{**asdict(goal), "passed": goal.passed} for goal in goals],
    }


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"
