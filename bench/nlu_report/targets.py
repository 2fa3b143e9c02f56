"""What should be reached, and who says so; and how a figure is written beside it."""

from __future__ import annotations

from dataclasses import dataclass

from bench.nlu_report.figures import Figure


@dataclass(frozen=True)
class Target:
    """A limit; `proposed` when nothing but this file asks for it."""

    limit: float
    at_least: bool = True
    proposed: bool = True


# Not proposed: what the product has to reach.
TARGETS = {
    "intents as written": Target(0.95, proposed=False),
    "lost no marks": Target(0.01, at_least=False, proposed=False),
    "lost noisy": Target(0.02, at_least=False, proposed=False),
    "intents calibration": Target(0.05, at_least=False, proposed=False),
    "out of scope": Target(0.9, proposed=False),
    "false refusals": Target(0.03, at_least=False, proposed=False),
    "pattern": Target(0.95, proposed=False),
    "person and address": Target(0.85, proposed=False),
    "search first": Target(0.85, proposed=False),
    "search three": Target(0.95, proposed=False),
    "search wrong": Target(0.03, at_least=False, proposed=False),
    "search calibration": Target(0.05, at_least=False, proposed=False),
    "parse p95": Target(8.0, at_least=False, proposed=False),
    "search p95": Target(3.0, at_least=False, proposed=False),
    "search many p95": Target(25.0, at_least=False, proposed=False),
    "training": Target(60.0, at_least=False, proposed=False),
    "model": Target(25.0, at_least=False, proposed=False),
    "loading": Target(2.0, at_least=False, proposed=False),
    "intents noisy": Target(0.93),
    "learned names": Target(0.8),
    "search ten": Target(0.98),
}


def percent(figure: Figure) -> str:
    """Return a share with its interval, in per cent."""
    if not figure.known:
        return "–"
    return f"{figure.value * 100:.1f} % ({figure.low * 100:.1f}–{figure.high * 100:.1f})"


def points(figure: Figure) -> str:
    """Return a difference of shares with its interval, in points."""
    return f"{figure.value * 100:+.1f} ({figure.low * 100:+.1f} to {figure.high * 100:+.1f})" if figure.known else "–"


def number(figure: Figure, unit: str) -> str:
    """Return a measured value with its interval and unit."""
    return f"{figure.value:.2f} {unit} ({figure.low:.2f}–{figure.high:.2f})" if figure.known else "–"


def judged(name: str, figure: Figure, unit: str = "%") -> str:
    """Return the target called `name` and whether `figure` meets it; "" where there is none."""
    target = TARGETS.get(name)
    if target is None:
        return ""
    limit = f"{target.limit * 100:g} %" if unit == "%" else f"{target.limit:g} {unit}"
    said = f"{'≥' if target.at_least else '≤'} {limit}{' *' if target.proposed else ''}"
    if not figure.known:
        return said
    met = figure.value >= target.limit if target.at_least else figure.value <= target.limit
    unsure = figure.low < target.limit < figure.high
    return f"{said}: {'met' if met else '**missed**'}{', within chance' if unsure else ''}"
