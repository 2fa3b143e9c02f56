"""How fast it is: a parse, a search in a small and a large catalogue, loading; and what it weighs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from bench.nlu_report.catalogue import instead, many
from bench.nlu_report.figures import NOTHING, Figure, percentile
from bench.nlu_report.searching import Asked, Question
from bench.nlu_report.understanding import Understood
from bot.procedures import search
from bot.procedures.index import Entry
from bot.settings import ROOT

LOADINGS = 3
# In a process of its own: importing Rasa first, then what is ours.
_LOAD = """
import json, sys, time, pathlib
begun = time.perf_counter()
from bot.conversation.engine import Engine
from rasa.core.processor import MessageProcessor
imported = time.perf_counter()
engine = Engine(pathlib.Path(sys.argv[1]))
loaded = time.perf_counter()
engine.understand("xin chào")
print(json.dumps([imported - begun, loaded - imported, time.perf_counter() - loaded]))
"""


@dataclass(frozen=True)
class Speed:
    """Milliseconds of calls, seconds of training and loading, megabytes of the model."""

    parse: dict[str, Figure] = field(default_factory=dict)  # "p50", "p95", "p99", ms
    search: dict[str, Figure] = field(default_factory=dict)
    search_many: dict[str, Figure] = field(default_factory=dict)
    importing: Figure = NOTHING
    loading: Figure = NOTHING
    first: Figure = NOTHING  # the first parse after loading, s
    model_mb: float | None = None


def of_parses(results: Sequence[Understood]) -> dict[str, Figure]:
    """Return p50, p95 and p99 in milliseconds."""
    times = [one.seconds * 1000 for one in results]
    return {f"p{at}": percentile(times, at) for at in (50, 95, 99)}


def of_searches(results: Sequence[Asked]) -> dict[str, Figure]:
    """Return p50 and p95 in milliseconds."""
    return _two([one.seconds * 1000 for one in results])


def searches_in_many(session: Session, known: Sequence[Entry], rows: Sequence[Question]) -> dict[str, Figure]:
    """Return p50 and p95 of a search over a hundred thousand procedures, in milliseconds."""
    times = []
    with instead(many(known)):
        for one in rows[:20]:
            search.rank(session, one.ask)
        for one in rows:
            begun = time.perf_counter()
            search.rank(session, one.ask)
            times.append((time.perf_counter() - begun) * 1000)
    return _two(times)


def loadings(model: Path, times: int = LOADINGS) -> list[list[float]]:
    """Return seconds of importing, of loading the model, and of the first parse, of fresh processes."""
    found = []
    for _ in range(times):
        done = subprocess.run(
            [sys.executable, "-c", _LOAD, str(model)], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            return []
        found.append(json.loads(done.stdout.strip().splitlines()[-1]))
    return found


def measured(rows: Sequence[Sequence[float]], column: int) -> Figure:
    """Return the median of a column of `loadings` between its least and its most; three runs give no better."""
    values = sorted(row[column] for row in rows)
    return Figure(values[len(values) // 2], values[0], values[-1], len(values)) if values else NOTHING


def _two(times: list[float]) -> dict[str, Figure]:
    return {f"p{at}": percentile(times, at) for at in (50, 95)}
