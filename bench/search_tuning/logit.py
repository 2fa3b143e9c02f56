"""The conditional logit: the weights that make the right procedure of each question the likeliest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from bot.procedures.index import Found
from bot.procedures.postings import Floats
from bot.procedures.ranking import Weights


@dataclass(frozen=True)
class Asked:
    """A question: what the index found, which of it is right (several may be), and how much the question counts."""

    found: Found
    right: tuple[int, ...]  # rows of found.measures; empty: none of them
    counts: float = 1.0


def learn(asked: Sequence[Asked], ridge: float = 2e-4) -> Weights:
    """Return the weights of the greatest likelihood, held small by `ridge`."""
    measures = np.concatenate([one.found.measures for one in asked])
    questions = np.stack([one.found.question for one in asked])
    sizes = np.array([len(one.found.places) for one in asked])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    right = np.zeros(len(measures))
    for start, one in zip(starts, asked, strict=True):
        right[start + np.array(one.right, dtype=int)] = 1.0
    none = np.array([not one.right for one in asked], dtype=float)
    counts = np.array([one.counts for one in asked])
    counts /= counts.sum()
    scale = measures.std(axis=0) + 1e-9
    width = measures.shape[1]

    def loss(flat: Floats) -> tuple[float, Floats]:
        sums, without = measures @ flat[:width], questions @ flat[width:]
        top = np.maximum(np.maximum.reduceat(sums, starts), without)
        powers, power = np.exp(sums - np.repeat(top, sizes)), np.exp(without - top)
        total = np.add.reduceat(powers, starts) + power
        good = np.add.reduceat(powers * right, starts) + power * none
        value = -(counts * np.log(good / total)).sum()
        share = np.repeat(counts / total, sizes) * powers - np.repeat(counts / good, sizes) * powers * right
        rest = counts * (power / total - power * none / good)
        gradient = np.concatenate([measures.T @ share, questions.T @ rest])
        penalty = np.concatenate([flat[:width] * scale, flat[width:]])
        gradient += 2 * ridge * np.concatenate([penalty[:width] * scale, penalty[width:]])
        return float(value + ridge * (penalty**2).sum()), gradient

    start = np.zeros(width + questions.shape[1])
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 800}).x
    return Weights(best[:width], best[width:])
