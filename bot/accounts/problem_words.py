"""The words in which people tell of problems (`content/problem_words.yml`), and whether a written word is one of them.

An entry's marks count as far as they were typed: "mượn" is found in "mươn" and "muon", not in "muốn". An entry without
marks is found in any writing; one that ends in "!" only where all its marks stand, as without them it is mostly
something else.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from bot.settings import CONTENT
from bot.text import fold

PASSED_OVER = "passed_over"  # entries under this name mean nothing, and keep shorter ones from being found in them
ASKS = "asks"  # the name of what nobody writes: that a clause asks whether
LONGEST = 7  # syllables of an entry
_STRONG, _USUAL, _WEAK = 3.0, 2.0, 1.0
_TONES = {"\u0300": "\\", "\u0301": "/", "\u0309": "?", "\u0303": "?", "\u0323": "."}  # hỏi and ngã are often one


class WordsError(ValueError):
    """A table of words, or a sign, that cannot be used; its text says what is wrong."""


@dataclass(frozen=True)
class Marks:
    """The marks of a syllable: its tone, and which letter has which other mark."""

    tone: str
    others: frozenset[tuple[int, str]]

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return bool(self.tone or self.others)

    def within(self, whole: Marks) -> bool:
        """Return whether these are marks of `whole`, some of which may not have been typed."""
        return self.tone in ("", whole.tone) and self.others <= whole.others


@dataclass(frozen=True)
class Entry:
    """A word of the table: its syllables' marks, whether all must be typed, and what it means."""

    marks: tuple[Marks, ...]
    exact: bool
    names: frozenset[str]


@dataclass(frozen=True)
class Denied:
    """What it means when a word is denied: "chưa kích hoạt" (not done), "kích hoạt không được" (in vain)."""

    undone: str
    in_vain: str


@dataclass(frozen=True)
class Words:
    """The whole table."""

    entries: dict[str, tuple[Entry, ...]]  # by their folded text
    lengths: dict[str, tuple[int, ...]]  # of the entries that begin with a syllable
    syllables: frozenset[str]  # all of theirs, folded: what is one is no slip of the keyboard
    weights: dict[str, float]  # of each name
    short: dict[str, str]  # abbreviations of this field, as they are typed → folded words
    denied: dict[str, Denied]
    about: frozenset[str]  # names that show that an account is spoken of
    light: frozenset[str]  # names of words over which a denial reaches
    things: frozenset[str]  # names of what is found inside longer entries, too


@lru_cache(maxsize=1)
def table() -> Words:
    """Return the shipped table; raises WordsError for an entry that could never be found."""
    return read_table(yaml.safe_load((CONTENT / "problem_words.yml").read_text(encoding="utf-8")))


def read_table(raw: dict[str, Any]) -> Words:
    """Return the table that a file holds; raises WordsError for an entry that could never be found."""
    entries: dict[str, dict[tuple[tuple[Marks, ...], bool], set[str]]] = {}
    for name, written in raw["words"].items():
        for text in itertools.chain.from_iterable(_written_out(name, one) for one in written):
            syllables = text.rstrip("!").split()
            key = tuple(marks_of(syllable) for syllable in syllables), text.endswith("!")
            entries.setdefault(fold(" ".join(syllables)), {}).setdefault(key, set()).add(name)
    heavy = {**dict.fromkeys(raw["weak"], _WEAK), **dict.fromkeys(raw["strong"], _STRONG)}
    denied = {name: _denied(meant) for name, meant in raw["denied"].items()}
    made = {name for pair in denied.values() for name in (pair.undone, pair.in_vain)}
    names = {*raw["words"], *made, ASKS}
    unknown = ({*heavy, *denied, *raw["about"], *raw["light"], *raw["things"]}) - names
    if unknown:
        raise WordsError(f"problem_words.yml has no words called {', '.join(sorted(unknown))}")
    return Words(
        entries={
            text: tuple(Entry(marks, exact, frozenset(found)) for (marks, exact), found in ways.items())
            for text, ways in entries.items()
        },
        lengths=_lengths(entries),
        syllables=frozenset(syllable for text in entries for syllable in text.split()),
        weights={name: heavy.get(name, _USUAL) for name in names},
        short={str(key): fold(full) for key, full in raw["short"].items()},
        denied=denied,
        about=frozenset(raw["about"]),
        light=frozenset(raw["light"]),
        things=frozenset(raw["things"]),
    )


@lru_cache(maxsize=20_000)
def marks_of(syllable: str) -> Marks:
    """Return the marks of a syllable, wherever its tone is written ("hoà" is "hòa")."""
    tone, others, at = "", set(), -1
    for char in unicodedata.normalize("NFD", syllable.lower()):
        if char in _TONES:
            tone = _TONES[char]
        elif unicodedata.combining(char):
            others.add((at, char))
        else:
            at += 1
            if char == "đ":
                others.add((at, "-"))
    return Marks(tone, frozenset(others))


def _lengths(entries: Iterable[str]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = {}
    for text in entries:
        first, *others = text.split()
        lengths.setdefault(first, set()).add(1 + len(others))
    return {first: tuple(sorted(found)) for first, found in lengths.items()}


def _denied(meant: str | dict[str, str]) -> Denied:
    return Denied(meant, meant) if isinstance(meant, str) else Denied(meant["undone"], meant["in_vain"])


def _written_out(name: str, written: object) -> list[str]:
    """Return the entries that one line of the table stands for: "nhập|gõ sai|nhầm" are four.

    "_" joins the syllables of one alternative; an empty one ("xài cái| máy") may be left out.
    """
    if not isinstance(written, str) or not written.strip():
        raise WordsError(f"problem_words.yml: {name}: {written!r} is no text")
    ways = itertools.product(*(part.split("|") for part in written.rstrip("!").split()))
    texts = [" ".join(" ".join(way).replace("_", " ").split()) for way in ways]
    for text in texts:
        if not text or len(text.split()) > LONGEST or unicodedata.normalize("NFC", text.lower()) != text:
            raise WordsError(f"problem_words.yml: {name}: {written!r} is no short text in small letters")
    return [f"{text}!" if written.endswith("!") else text for text in texts]
