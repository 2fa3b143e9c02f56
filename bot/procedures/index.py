"""The words of all names and aliases as sparse matrices, and how well each procedure fits a question.

The index gives measures only ("how much of the alias does the question hold?"); `ranking` weighs them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from bot.procedures import deeds
from bot.procedures.postings import Floats, Ints, Postings
from bot.procedures.words import content_words, in_a_row, marked_words, terms

CANDIDATES = 60
UNKNOWN_WORD = 5.0  # the rarity of a word that no name holds


@dataclass(frozen=True)
class Entry:
    """A procedure as the index sees it."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    field: str = ""
    levels: tuple[str, ...] = ()
    popularity: int = 0
    of_province: bool = False  # stands in the province's own list
    described: bool = False  # described in our own words


@dataclass(frozen=True)
class Found:
    """The procedures that may fit a question: their places in the index, and the measures of each (a row)."""

    places: Ints
    measures: Floats
    question: Floats
    holds_all: NDArray[np.bool_]  # whether it holds every word that says what is meant


class Says(Enum):
    """Where the words of a phrase stand one after the other."""

    NAME = 1
    ALIAS = 2
    NOTHING = 3


# The columns of `Found.measures`.
MEASURES = (
    "alias_cosine", "alias_inside", "alias_covers", "alias_exact", "name_cosine", "name_inside", "name_covers",
    "bag_covers", "best_cosine", "alias_cosine_2", "bag_covers_2", "popularity", "commune", "province", "ministry_only",
    "of_province", "described", "short_name", "alias_count", "field_covers", "alias_second", "rarest_missing",
    "name_lacks_rarest", "deeds_shared", "deed_unasked", "deed_unanswered", "marked_covers",
)  # fmt: skip
_RAREST = MEASURES.index("rarest_missing")
# What is known of the question as a whole, for "none of them".
QUESTION = ("one", "best_alias", "best_name", "best_bag", "few_words", "no_known_word", "least_missing")


class Index:
    """All procedures, ready to be asked."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Cut all names and aliases into terms and weigh these by how rare they are."""
        self.entries = list(entries)
        self._terms: dict[str, int] = {}
        self._counts: list[float] = []
        names = [self._cut(entry.name) for entry in self.entries]
        aliases = [[self._cut(alias) for alias in entry.aliases] for entry in self.entries]
        fields = [self._cut(entry.field) for entry in self.entries]
        bags = [np.unique(np.concatenate([n, *a])) for n, a in zip(names, aliases, strict=True)]
        flat = [found for row in aliases for found in row]
        counts = np.array([len(row) for row in aliases], dtype=np.int64)
        self._first_alias = np.concatenate([[0], np.cumsum(counts)])
        self._with_aliases = np.flatnonzero(counts)
        size = len(self._terms)
        self._names, self._aliases = Postings(names, size), Postings(flat, size)
        self._bags, self._fields = Postings(bags, size), Postings(fields, size)
        frequency = self._bags.frequency()
        rarity = np.log1p(max(len(names), 1) / np.maximum(frequency, 1))
        self._rarity = np.minimum(rarity, 8.0) * np.array(self._counts or [], dtype=np.float64)
        self._name_weight = np.array([self._rarity[found].sum() or 1.0 for found in names])
        self._alias_weight = np.array([self._rarity[found].sum() or 1.0 for found in flat])
        self._deeds = np.array([deeds.of_name(entry.name) for entry in self.entries], dtype=np.int64)
        self._marked_of = [marked_words(" ".join([entry.name, *entry.aliases])) for entry in self.entries]
        often = Counter(word for words in self._marked_of for word in words)
        self._marked = {word: float(np.log1p(len(names) / count)) for word, count in often.items()}
        self._places = {entry.code: place for place, entry in enumerate(self.entries)}
        self._fixed = np.array([_fixed(entry) for entry in self.entries] or [_fixed(Entry("", ""))])

    def _cut(self, text: str) -> Ints:
        found = []
        for term, count in terms(text) if text else ():
            at = self._terms.setdefault(term, len(self._terms))
            if at == len(self._counts):
                self._counts.append(count)
            found.append(at)
        return np.array(sorted(found), dtype=np.int64)

    def find(self, text: str) -> Found | None:
        """Return the procedures that share words with `text`, with their measures; None when none does."""
        cut = terms(text)
        known = np.array([self._terms[term] for term, _ in cut if term in self._terms], dtype=np.int64)
        if not len(known) or not self.entries:
            return None
        unknown = sum(count for term, count in cut if term not in self._terms and " " not in term)
        weights = self._rarity[known]
        asked = float(weights.sum()) + unknown * UNKNOWN_WORD
        name = self._names.overlap(known, weights)
        alias = self._aliases.overlap(known, weights)
        bag = self._bags.overlap(known, weights) / asked
        name_cosine = name / np.sqrt(self._name_weight * asked)
        alias_cosine = alias / np.sqrt(self._alias_weight * asked)
        of_best = self._greatest(alias_cosine)
        places = self._candidates(np.maximum(of_best, 0.8 * name_cosine), bag)
        if not len(places):
            return None
        single = np.array([" " not in term for term, _ in cut if term in self._terms])
        lone = (known[single], weights[single])
        best, second = self._two_best(places, alias_cosine)  # -1 reads the zero that is appended
        inside = np.append(alias / self._alias_weight, 0.0)[best]
        covers = np.append(alias / asked, 0.0)[best]
        a_cos, n_cos, bags = of_best[places], name_cosine[places], bag[places]
        measures = np.column_stack(
            [
                a_cos, inside, covers, (inside > 0.999) & (covers > 0.9),
                n_cos, name[places] / self._name_weight[places], name[places] / asked,
                bags, np.maximum(a_cos, n_cos), a_cos**2, bags**2, self._fixed[places],
                self._fields.held(places, known, weights).sum(axis=0) / asked,
                np.append(alias_cosine, 0.0)[second],
                _rarest_missing(self._bags, places, *lone),
                _rarest_missing(self._names, places, *lone),
                *self._deeds_of(places, deeds.of_question(text)),
                self._marked_share(places, marked_words(text)),
            ]
        )  # fmt: skip
        content = content_words(text)
        least_missing = measures[:, _RAREST].min()
        question = (
            1.0, a_cos.max(), n_cos.max(), bags.max(), 1.0 / (1 + len(content)), float(not content), least_missing
        )  # fmt: skip
        return Found(places, measures, np.array(question), self._holding(places, content))

    def says(self, code: str, phrase: str) -> Says:
        """Return whether the name or an alias of a procedure holds the words of `phrase` one after the other."""
        place = self._places.get(code)
        if place is None:
            return Says.NOTHING
        entry, wanted = self.entries[place], f" {in_a_row(phrase)} "
        if wanted in f" {in_a_row(entry.name)} ":
            return Says.NAME
        return Says.ALIAS if any(wanted in f" {in_a_row(alias)} " for alias in entry.aliases) else Says.NOTHING

    def _candidates(self, likeness: Floats, bag: Floats) -> Ints:
        """Return the procedures that are worth measuring; none when no word is shared."""
        rough = likeness + 0.4 * bag + 0.05 * self._fixed[:, 0]
        rough[bag <= 0] = -1.0
        count = min(CANDIDATES, int((rough > 0).sum()))
        return np.argpartition(-rough, count - 1)[:count] if count else np.zeros(0, dtype=np.int64)

    def _holding(self, places: Ints, content: tuple[str, ...]) -> NDArray[np.bool_]:
        """Return which of `places` hold every word of `content`; none does when there is no word."""
        if not content or any(word not in self._terms for word in content):
            return np.zeros(len(places), dtype=bool)
        wanted = np.array([self._terms[word] for word in content], dtype=np.int64)
        return self._bags.held(places, wanted, np.ones(len(wanted))).all(axis=0)

    def _deeds_of(self, places: Ints, asked: int) -> list[Floats]:
        """Return how many deeds name and question share, and how many specific ones only one of them has."""
        named, specific = self._deeds[places], deeds.specific()
        return [_bits(named & asked), _bits(named & specific & ~asked), _bits(asked & specific & ~named)]

    def _marked_share(self, places: Ints, words: frozenset[str]) -> Floats:
        """Return how much of the words typed with marks the procedure holds with these marks; 0 when none was."""
        if not words:
            return np.zeros(len(places))
        weight = {word: self._marked.get(word, UNKNOWN_WORD) for word in words}
        total = sum(weight.values())
        return np.array([sum(weight[word] for word in words & self._marked_of[place]) / total for place in places])

    def _greatest(self, cosine: Floats) -> Floats:
        """Return the greatest of the aliases' values for each procedure; 0 where it has no alias."""
        of_each = np.zeros(len(self.entries))
        if len(cosine):
            of_each[self._with_aliases] = np.maximum.reduceat(cosine, self._first_alias[self._with_aliases])
        return of_each

    def _two_best(self, places: Ints, cosine: Floats) -> tuple[Ints, Ints]:
        """Return the best and the second best alias of each of `places`; -1 where there is none."""
        best, second = np.full(len(places), -1, dtype=np.int64), np.full(len(places), -1, dtype=np.int64)
        for row, (start, end) in enumerate(zip(self._first_alias[places], self._first_alias[places + 1], strict=True)):
            if end - start == 1:
                best[row] = start
            elif end > start:
                second[row], best[row] = start + np.argpartition(cosine[start:end], -2)[-2:]
        return best, second


def _rarest_missing(postings: Postings, places: Ints, words: Ints, weights: Floats) -> Floats:
    """Return how rare the rarest asked word is that a procedure lacks, beside the rarest one asked."""
    missing = weights[:, None] - postings.held(places, words, weights)
    return missing.max(axis=0, initial=0.0) / (weights.max() if len(weights) else 1.0)


def _bits(marks: Ints) -> Floats:
    return np.array([bin(mark).count("1") for mark in marks], dtype=np.float64)


def _fixed(entry: Entry) -> tuple[float, ...]:
    """Return the measures of a procedure that no question changes."""
    levels = set(entry.levels)
    return (
        entry.popularity / 100,
        float("commune" in levels),
        float("province" in levels),
        float(levels == {"ministry"}),
        float(entry.of_province),
        float(entry.described),
        1.0 / (1.0 + len(entry.name) / 40),
        float(np.log1p(len(entry.aliases))) / 3,
    )
