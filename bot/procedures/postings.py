"""Which documents hold a term: for each term a list of documents, as in a search engine."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Postings:
    """The documents of each term."""

    def __init__(self, columns: Sequence[Ints], terms_count: int) -> None:
        """Turn the terms of each document into the documents of each term."""
        lengths = np.array([len(found) for found in columns], dtype=np.int64)
        flat = np.concatenate(columns) if len(columns) else np.zeros(0, dtype=np.int64)
        documents = np.repeat(np.arange(len(columns)), lengths)
        order = np.argsort(flat, kind="stable")
        self.count = len(columns)
        self._documents = documents[order]
        self._starts = np.searchsorted(flat[order], np.arange(terms_count + 1))

    def frequency(self) -> Ints:
        """Return in how many documents each term stands."""
        return np.diff(self._starts)

    def overlap(self, known: Ints, weights: Floats) -> Floats:
        """Return for each document the weight of the terms that it shares with the question."""
        total = np.zeros(self.count)
        for term, weight in zip(known, weights, strict=True):
            total[self._documents[self._starts[term] : self._starts[term + 1]]] += weight
        return total

    def held(self, places: Ints, known: Ints, weights: Floats) -> Floats:
        """Return, a row for each term, its weight where the document holds it and 0 elsewhere."""
        rows = np.zeros((len(known), len(places)))
        for row, (term, weight) in enumerate(zip(known, weights, strict=True)):
            holders = self._documents[self._starts[term] : self._starts[term + 1]]
            if len(holders):
                at = holders.searchsorted(places)
                at[at == len(holders)] = 0
                rows[row] = weight * (holders[at] == places)
        return rows
