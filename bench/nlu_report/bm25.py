"""Plain BM25 over names with their marks: what anybody would build first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

K1, B = 1.2, 0.75
_WORD = re.compile(r"\w+")


class Bm25:
    """Ranks texts by the words they share with a question."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Count the words of all texts."""
        cut = [_words(text) for text in texts]
        lengths = np.array([len(words) for words in cut], dtype=float)
        self._count = len(texts)
        self._norm = K1 * (1 - B + B * lengths / max(lengths.mean(), 1.0))
        holders: dict[str, list[tuple[int, int]]] = {}
        for i, words in enumerate(cut):
            for word, often in Counter(words).items():
                holders.setdefault(word, []).append((i, often))
        self._holders = {word: np.array(rows, dtype=np.int64) for word, rows in holders.items()}

    def best(self, question: str, most: int) -> list[int]:
        """Return the places of the texts that fit best, best first; only such as share a word."""
        scores = np.zeros(self._count)
        for word in set(_words(question)):
            if (rows := self._holders.get(word)) is not None:
                places, often = rows[:, 0], rows[:, 1]
                rarity = np.log(1 + (self._count - len(rows) + 0.5) / (len(rows) + 0.5))
                scores[places] += rarity * often * (K1 + 1) / (often + self._norm[places])
        order = np.argsort(-scores, kind="stable")[:most]
        return [int(i) for i in order if scores[i] > 0]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
