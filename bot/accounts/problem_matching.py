"""Which problem somebody tells of: weighed by the words that were found, in whatever order and spelling.

"Máy cũ hư rồi, giờ nó đòi xác nhận bên đó" holds no key phrase, but an old phone and something broken. Words are
looked up in `content/problem_words.yml`; a problem's signs (problems.yml) say which of them together tell of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import yaml

from bot.key_phrases import pattern
from bot.normalise import normal
from bot.settings import CONTENT
from bot.text import fold

_WORD = re.compile(r"\w+")
_STRONG, _USUAL, _WEAK = 3.0, 2.0, 1.0
_A_WORD_OF_A_PHRASE = 1.2  # a key phrase is weighed by its length: it says more than single words do
_SUPPORT = 0.5  # of its weight: what makes a problem likelier
LONGEST = 6  # syllables of an entry
_NOT = frozenset(("khong", "chua", "chang"))  # an entry with one of these says no as well


class WordsError(ValueError):
    """A table of words, or a sign, that cannot be used; its text says what is wrong."""


@dataclass(frozen=True)
class Words:
    """The table of words: entry → what it means; and how much each meaning weighs."""

    meanings: dict[str, frozenset[str]]
    weights: dict[str, float]
    short: dict[str, str]


@dataclass(frozen=True)
class Sign:
    """Words that together tell of a problem, and words with which they do not."""

    all: frozenset[str]
    none: frozenset[str]


@dataclass(frozen=True)
class Told:
    """A message: its words in one spelling, and what was found among them."""

    text: str
    found: frozenset[str]


@lru_cache(maxsize=1)
def table() -> Words:
    """Return the shipped table; raises WordsError for an entry that could never be found."""
    raw = yaml.safe_load((CONTENT / "problem_words.yml").read_text(encoding="utf-8"))
    meanings: dict[str, set[str]] = {}
    for name, entries in raw["words"].items():
        for entry in entries:
            if not isinstance(entry, str) or fold(entry) != entry or len(entry.split()) > LONGEST:
                raise WordsError(f"problem_words.yml: {name}: {entry!r} is no short folded text")
            meanings.setdefault(entry, set()).add(name)
            if name != "passed_over" and _NOT & set(entry.split()):
                meanings[entry].add("khong")
    heavy = {**dict.fromkeys(raw["weak"], _WEAK), **dict.fromkeys(raw["strong"], _STRONG)}
    weights = {name: heavy.get(name, _USUAL) for name in raw["words"]}
    short = {form: fold(full) for key, full in raw["short"].items() for form in (str(key), fold(str(key)))}
    return Words({entry: frozenset(names) for entry, names in meanings.items()}, weights, short)


def read(text: str) -> Told:
    """Return what a message tells."""
    words = table()
    said = " ".join(_spelled(token, words) for token in _WORD.findall(text.lower())).split()
    found: set[str] = set()
    start = 0
    while start < len(said):
        for length in range(min(LONGEST, len(said) - start), 0, -1):
            meant = words.meanings.get(" ".join(said[start : start + length]))
            if meant:
                found |= meant
                break
        else:
            length = 1
        start += length
    return Told(" ".join(said), frozenset(found))


def score(told: Told, phrases: Iterable[str], signs: Iterable[Sign], supports: frozenset[str]) -> float:
    """Return how surely a message tells of a problem with these key phrases and signs; 0: not at all."""
    weights = table().weights
    best = max(
        (_A_WORD_OF_A_PHRASE * len(phrase.split()) for phrase in phrases if pattern(phrase).search(told.text)),
        default=0.0,
    )
    used: frozenset[str] = frozenset()
    for sign in signs:
        weight = sum(weights[name] for name in sign.all)
        if sign.all <= told.found and not sign.none & told.found and weight >= best:
            best, used = weight, sign.all
    if not best:
        return 0.0
    return best + _SUPPORT * sum(weights[name] for name in (supports & told.found) - used)


def sign(written: str) -> Sign:
    """Read a sign: names of words, "-" before one that must not be there; raises WordsError for an unknown name."""
    names = written.split()
    for name in names:
        known(name.lstrip("-"))
    return Sign(
        frozenset(name for name in names if not name.startswith("-")),
        frozenset(name[1:] for name in names if name.startswith("-")),
    )


def known(name: str) -> str:
    """Return the name of words that are in the table; raises WordsError for any other."""
    if name not in table().weights:
        raise WordsError(f"problem_words.yml has no words called {name}")
    return name


def _spelled(token: str, words: Words) -> str:
    if token.isdecimal():
        return token
    folded = fold(token)
    if short := words.short.get(token) or words.short.get(folded):
        return short
    return folded if folded in words.meanings else normal(token)
