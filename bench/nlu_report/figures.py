"""Shares, percentiles and scores with their 95 % intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Z = 1.96
RESAMPLES = 1000
BINS = 10
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Figure:
    """A measured value and the interval that holds the true one 95 times out of 100; NaN when nothing was there."""

    value: float
    low: float
    high: float
    count: int = 0  # what it was measured on

    @property
    def known(self) -> bool:
        """Return whether there was anything to measure."""
        return not math.isnan(self.value)


NOTHING = Figure(math.nan, math.nan, math.nan)


def share(hits: Sequence[bool] | NDArray[np.bool_]) -> Figure:
    """Return the share of true values, with Wilson's interval."""
    n = len(hits)
    if not n:
        return NOTHING
    p = float(np.mean(hits))
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return Figure(p, min(max(middle - half, 0.0), p), max(min(middle + half, 1.0), p), n)


def resampled(n: int) -> NDArray[np.int64]:
    """Return the rows of `RESAMPLES` bootstrap samples of `n` things; the same ones for the same `n`."""
    return np.random.default_rng(7).integers(0, n, size=(RESAMPLES, n))


def between(value: float, samples: Floats, count: int) -> Figure:
    """Return a figure whose interval is that of bootstrap samples."""
    kept = samples[~np.isnan(samples)]
    if math.isnan(value) or not len(kept):
        return NOTHING
    low, high = np.percentile(kept, [2.5, 97.5])
    return Figure(value, float(low), float(high), count)


def calibration_error(chances: Floats, hits: Floats) -> float:
    """Return the expected calibration error over ten bins of equal width."""
    bins = np.minimum((chances * BINS).astype(int), BINS - 1)
    gap = np.bincount(bins, weights=chances - hits, minlength=BINS)
    return float(np.abs(gap).sum() / max(len(chances), 1))


def calibration(chances: Sequence[float], hits: Sequence[bool]) -> Figure:
    """Return the calibration error with its bootstrap interval."""
    c, h = np.array(chances, dtype=float), np.array(hits, dtype=float)
    if not len(c):
        return NOTHING
    samples = np.array([calibration_error(c[rows], h[rows]) for rows in resampled(len(c))])
    return between(calibration_error(c, h), samples, len(c))


@dataclass(frozen=True)
class Bin:
    """A bin of a reliability diagram."""

    said: float
    was: Figure


def reliability(chances: Sequence[float], hits: Sequence[bool]) -> list[Bin]:
    """Return what was said and what came true, for each bin that holds something."""
    c, h = np.array(chances, dtype=float), np.array(hits, dtype=bool)
    bins = np.minimum((c * BINS).astype(int), BINS - 1)
    return [Bin(float(c[bins == i].mean()), share(h[bins == i])) for i in range(BINS) if (bins == i).any()]


@dataclass(frozen=True)
class Scores:
    """Precision, recall and F1 of found spans."""

    precision: Figure
    recall: Figure
    f1: Figure


def spans_scores(counts: NDArray[np.int64]) -> Scores:
    """Return the scores of `counts`: a row a sentence, its columns found rightly, found in all, there in truth."""
    right, found, there = counts.sum(axis=0)
    rows = resampled(len(counts))
    sums = np.stack([counts[:, i][rows].sum(axis=1) for i in range(3)], axis=1).astype(float)
    f1 = between(_ratio(2 * right, found + there), _ratios(2 * sums[:, 0], sums[:, 1] + sums[:, 2]), int(there))
    return Scores(
        between(_ratio(right, found), _ratios(sums[:, 0], sums[:, 1]), int(found)),
        between(_ratio(right, there), _ratios(sums[:, 0], sums[:, 2]), int(there)),
        f1,
    )


def f1_samples(counts: NDArray[np.int64]) -> Floats:
    """Return F1 in each bootstrap sample of sentences (for differences between pairs)."""
    rows = resampled(len(counts))
    sums = [counts[:, i][rows].sum(axis=1).astype(float) for i in range(3)]
    return _ratios(2 * sums[0], sums[1] + sums[2])


def percentile(times: Sequence[float], at: float) -> Figure:
    """Return a percentile of measured times, with its bootstrap interval."""
    held = np.array(times, dtype=float)
    if not len(held):
        return NOTHING
    samples = np.percentile(held[resampled(len(held))], at, axis=1)
    return between(float(np.percentile(held, at)), samples, len(held))


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else math.nan


def _ratios(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
