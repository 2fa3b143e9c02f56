"""A linear model that names texts, over views of them (words, letters, …), with calibrated chances.

Weights come from a linear SVM; one temperature, fitted on sentences the SVM had not seen, turns margins into chances.
Scoring one text takes a tenth of a millisecond: no matrix is built for it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.model_selection import GroupShuffleSplit
from sklearn.svm import LinearSVC

Floats = NDArray[np.float32]
LEARNED_FIRST, HELD_BACK = 0.5, 0.2  # of the sentences: to learn from, and to fit the temperature on
_LETTERS = (2, 3, 4)


def words(text: str) -> list[str]:
    """Return the words of a normalised text and their pairs, its two ends among them."""
    found = ["^", *text.split(), "$"]
    return [*found[1:-1], *(f"{a} {b}" for a, b in pairwise(found))]


def letters(text: str) -> list[str]:
    """Return the letter groups of each word of a normalised text."""
    return [group for word in text.split() for group in _groups(word)]


@lru_cache(maxsize=50_000)
def _groups(word: str) -> tuple[str, ...]:
    padded = f"_{word}_"
    return tuple(padded[i : i + size] for size in _LETTERS for i in range(max(len(padded) - size + 1, 1)))


View = Callable[[str], list[str]]  # the terms of a text
SPELLING: tuple[View, ...] = (words, letters)  # of a normalised text
_NOTHING: Floats = np.zeros(0, dtype=np.float32)


@dataclass
class LinearModel:
    """What is learned: the terms of each view with how rare they are, their weights, a bias, a temperature."""

    views: Sequence[View]  # the order of `terms` and `rarity`

    names: list[str]
    terms: list[dict[str, int]]
    rarity: list[Floats]
    weights: Floats  # all terms × names
    bias: Floats
    sharpness: float  # what margins are multiplied by before the softmax

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        named: Sequence[str],
        sentences: Sequence[int],
        strength: float,
        views: Sequence[View] | None = None,
        heavier: Mapping[str, float] | None = None,
    ) -> LinearModel:
        """Learn what texts are named; `strength` is the SVM's C, `views` those of the spelling unless others are given.

        All names weigh alike, however many texts they have; `heavier` says which weigh more, and how much.

        `sentences` numbers the sentence that each text is a view of: views of one are never split between learning
        and checking.
        """
        views = views or SPELLING
        terms: list[dict[str, int]] = []
        rarity: list[Floats] = []
        for view in views:
            seen = Counter(term for text in texts for term in set(view(text)))
            terms.append({term: i for i, term in enumerate(seen)})
            counts = np.array(list(seen.values()))
            rarity.append((np.log((1 + len(texts)) / (1 + counts)) + 1).astype(np.float32))
        model = cls(views, sorted(set(named)), terms, rarity, _NOTHING, _NOTHING, 1.0)
        matrix = model._matrix(texts)
        wanted = np.array([model.names.index(name) for name in named])
        parts = GroupShuffleSplit(1, train_size=LEARNED_FIRST, test_size=HELD_BACK, random_state=0)
        learn, check = next(parts.split(matrix, wanted, sentences))
        weigh = _weights(wanted, model.names, heavier)
        part = _svm(strength, weigh).fit(matrix[learn], wanted[learn])
        model.sharpness = _sharpness(part.decision_function(matrix[check]), wanted[check])
        svm = _svm(strength, weigh).fit(matrix, wanted)
        model.weights = np.ascontiguousarray(svm.coef_.T, dtype=np.float32)
        model.bias = svm.intercept_.astype(np.float32)
        return model

    def chances(self, text: str) -> Floats:
        """Return the chance of each of `names` for a text."""
        margins = self.bias.copy()
        for columns, values in self._rows(text):
            margins += values @ self.weights[columns]
        powers = np.exp(self.sharpness * (margins - margins.max()))
        return powers / powers.sum()

    def _rows(self, text: str) -> list[tuple[NDArray[np.int64], Floats]]:
        """Return the columns and values of a text in each view."""
        rows, offset = [], 0
        for view, terms, rarity in zip(self.views, self.terms, self.rarity, strict=True):
            counts = Counter(terms[term] for term in view(text) if term in terms)
            if counts:
                columns = np.fromiter(counts, dtype=np.int64, count=len(counts))
                often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
                values = (1.0 + np.log(often)) * rarity[columns]
                rows.append((columns + offset, values / np.linalg.norm(values)))
            offset += len(terms)
        return rows

    def _matrix(self, texts: Sequence[str]) -> Any:
        rows = [self._rows(text) for text in texts]
        starts = np.cumsum([0, *(sum(len(columns) for columns, _ in row) for row in rows)])
        parts = [part for row in rows for part in row]
        columns = np.concatenate([columns for columns, _ in parts])
        values = np.concatenate([values for _, values in parts])
        return csr_matrix((values, columns, starts), shape=(len(texts), sum(map(len, self.terms))))

    def save(self, folder: Path) -> None:
        """Write the model into `folder`."""
        rarity = {f"rarity_{number}": values for number, values in enumerate(self.rarity)}
        np.savez_compressed(folder / "linear.npz", weights=self.weights, bias=self.bias, **rarity)
        rest = {"names": self.names, "terms": [list(terms) for terms in self.terms], "sharpness": self.sharpness}
        (folder / "linear.json").write_text(json.dumps(rest, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, views: Sequence[View] | None = None) -> LinearModel:
        """Read a model that `save` wrote, with the views that it was fitted with."""
        views = views or SPELLING
        rest = json.loads((folder / "linear.json").read_text(encoding="utf-8"))
        with np.load(folder / "linear.npz") as held:
            terms = [{term: i for i, term in enumerate(found)} for found in rest["terms"]]
            rarity = [held[f"rarity_{number}"] for number in range(len(views))]
            return cls(views, rest["names"], terms, rarity, held["weights"], held["bias"], rest["sharpness"])


def _svm(strength: float, weigh: Any) -> LinearSVC:
    return LinearSVC(C=strength, class_weight=weigh, random_state=0, tol=1e-2)


def _weights(wanted: NDArray[np.int64], names: list[str], heavier: Mapping[str, float] | None) -> Any:
    """Return the weight of each name, as the learner takes them."""
    if not heavier:
        return "balanced"
    counts = Counter(wanted.tolist())
    return {
        number: heavier.get(names[number], 1.0) * len(wanted) / (len(counts) * count)
        for number, count in counts.items()
    }


def _sharpness(margins: NDArray[np.float64], wanted: NDArray[np.int64]) -> float:
    """Return the factor that makes the chances of unseen sentences most truthful (least log loss)."""

    def loss(factor: float) -> float:
        scaled = factor * margins
        top = scaled.max(axis=1)
        total = np.log(np.exp(scaled - top[:, None]).sum(axis=1)) + top
        return float((total - scaled[np.arange(len(wanted)), wanted]).mean())

    return float(minimize_scalar(loss, bounds=(0.1, 30.0), method="bounded").x)
