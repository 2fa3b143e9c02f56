"""Intents and entities, measured: what was said, what was understood, and the figures that follow."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.nlu_report.figures import (
    Bin,
    Figure,
    Scores,
    between,
    calibration,
    reliability,
    resampled,
    share,
    spans_scores,
)  # fmt: skip
from bench.nlu_report.heldout import Sentence

FALLBACK, OUT_OF_SCOPE = "nlu_fallback", "out_of_scope"
GROUPS = {
    "pattern": (
        "dossier_code", "booking_code", "phone", "identity_number", "date", "time_window", "ordinal", "commune",
    ),
    "person and address": ("person", "address"),
    "learned names": ("procedure", "account_problem"),
}  # fmt: skip
_WARM_UP = 50


@dataclass(frozen=True)
class Understood:
    """A sentence and what became of it."""

    sentence: Sentence
    likeliest: str  # whether or not it was sure enough
    chance: float
    answered: str  # the intent that the dialogue goes on with: the likeliest, or the fallback
    found: frozenset[tuple[str, int, int]]
    seconds: float

    @property
    def right(self) -> bool:
        """Return whether the likeliest intent is the right one."""
        return self.likeliest == self.sentence.intent

    @property
    def refused(self) -> bool:
        """Return whether the citizen hears that this is not understood or not ours."""
        return self.answered in (FALLBACK, OUT_OF_SCOPE)


def understood(
    understand: Callable[[str], dict[str, Any]], sentences: Sequence[Sentence], step: Callable[[], None]
) -> list[Understood]:
    """Let each sentence be understood; `step` is called after each."""
    for one in sentences[:_WARM_UP]:
        understand(one.text)
    results = []
    for one in sentences:
        begun = time.perf_counter()
        parsed = understand(one.text)
        seconds = time.perf_counter() - begun
        ranking = [row for row in parsed["intent_ranking"] if row["name"] != FALLBACK]
        top: dict[str, Any] = ranking[0] if ranking else {"name": FALLBACK, "confidence": 0.0}
        found = frozenset((e["entity"], e["start"], e["end"]) for e in parsed["entities"])
        answered = str(parsed["intent"]["name"])
        results.append(Understood(one, top["name"], float(top["confidence"]), answered, found, seconds))
        step()
    return results


@dataclass(frozen=True)
class Intents:
    """How well intents are understood in one style."""

    accuracy: Figure
    as_answered: Figure  # right and sure enough, out-of-scope that is refused included
    calibration: Figure
    bins: list[Bin]
    out_of_scope: Figure
    false_refusals: Figure
    confusions: list[tuple[tuple[str, str], int]]  # (right, understood), most frequent first
    each: dict[str, Figure]
    hits: tuple[bool, ...]  # of the sentences in their order


def intents(results: Sequence[Understood]) -> Intents:
    """Return the figures of the intents."""
    each: dict[str, list[bool]] = {}
    for one in results:
        each.setdefault(one.sentence.intent, []).append(one.right)
    outside = [one for one in results if one.sentence.intent == OUT_OF_SCOPE]
    inside = [one for one in results if one.sentence.intent != OUT_OF_SCOPE]
    wrong = Counter((one.sentence.intent, one.likeliest) for one in results if not one.right)
    chances, hits = [one.chance for one in results], [one.right for one in results]
    return Intents(
        accuracy=share(hits),
        as_answered=share([one.refused for one in outside] + [one.answered == one.sentence.intent for one in inside]),
        calibration=calibration(chances, hits),
        bins=reliability(chances, hits),
        out_of_scope=share([one.refused for one in outside]),
        false_refusals=share([one.refused for one in inside]),
        confusions=wrong.most_common(),
        each={name: share(hits) for name, hits in sorted(each.items())},
        hits=tuple(hits),
    )


def lost(written: Intents, style: Intents) -> Figure:
    """Return how much accuracy the same sentences lose in another style."""
    gaps = np.array(written.hits, dtype=float) - np.array(style.hits, dtype=float)
    return between(float(gaps.mean()), gaps[resampled(len(gaps))].mean(axis=1), len(gaps))


def counts(results: Sequence[Understood], kinds: Sequence[str]) -> NDArray[np.int64]:
    """Return for each sentence: spans found rightly, found in all, there in truth (exact span and type)."""
    rows = []
    for one in results:
        there = {(s.kind, s.start, s.end) for s in one.sentence.spans if s.kind in kinds}
        found = {f for f in one.found if f[0] in kinds}
        rows.append((len(there & found), len(found), len(there)))
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def entities(results: Sequence[Understood]) -> dict[str, Scores]:
    """Return the scores of each group and each type, groups first."""
    found = {group: spans_scores(counts(results, kinds)) for group, kinds in GROUPS.items()}
    for kinds in GROUPS.values():
        found |= {kind: spans_scores(counts(results, (kind,))) for kind in kinds}
    return found
