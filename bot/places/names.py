"""The index of place names: what a name may mean, and how it is written.

A name has readings: the commune of today, a former unit, a former district. Which of them a person means
is for the gazetteer to find out from the unit word and from the other places in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import yaml

from bot.places.content import communes
from bot.settings import CONTENT
from bot.text import fold

# Letters and digits part: "P1" is "P" and "1".
TOKEN = re.compile(r"[^\W\d_]+|\d+")
_APOSTROPHE = re.compile("['’‘`´]")
# In the new names the old town or district stands last; people leave it out.
_SHORTENED = re.compile(r"(?: - Đà Lạt| Lâm Hà| Bảo Lộc)$")
DISTRICT_KINDS = frozenset({"huyện", "thị xã", "thành phố"})


@dataclass(frozen=True)
class Reading:
    """One thing a name may mean."""

    codes: tuple[str, ...]
    kind: str | None  # None: an everyday name without a unit word
    current: bool
    districts: frozenset[str]  # keys of the former districts it lay in
    key: str | None = None  # its own key, when it is a former district

    @property
    def is_district(self) -> bool:
        """Return whether this is a former district, town or city."""
        return self.kind in DISTRICT_KINDS


@dataclass
class Entry:
    """All readings of one key, and the ways its syllables are marked when written with care."""

    # "Tân Thành" and "Tân Thanh" share a key: each reading with the marks of its own spellings.
    spelled: dict[Reading, set[tuple[str, ...]]] = field(default_factory=dict)
    marks: set[tuple[str, ...]] = field(default_factory=set)
    everyday: bool = False  # without marks it reads like common words: "la gi", "dong tien"
    never_bare: bool = False  # alone it means something else: "Bình Thuận" is the former province

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Return all readings."""
        return tuple(self.spelled)

    def written(self, marks: tuple[str, ...]) -> tuple[Reading, ...]:
        """Return the readings that are written with just these marks; all of them when none is."""
        return tuple(reading for reading, own in self.spelled.items() if marks in own) or self.readings


def normal(folded: str) -> str:
    """Return the form of a folded token in which names are compared: "quy" = "qui", "dac" = "dak"."""
    if folded == "dac":
        return "dak"
    if folded.endswith("y") and (folded.endswith("quy") or folded[-2:-1] not in "aeiouy"):
        return folded[:-1] + "i"
    return folded


def marks_of(token: str) -> str:
    """Return the marks of a written syllable, wherever they stand: "hòa" and "hoà" are the same."""
    folded = fold(token)
    if folded in ("dak", "dac"):  # Đắk, Đăk, Đak: nobody agrees
        return ""
    crossed = "đ" if "đ" in token.lower() else ""
    marks = sorted(char for char in unicodedata.normalize("NFD", token) if unicodedata.combining(char))
    return crossed + "".join(marks)


def district_key(district: str) -> str:
    """Return the key of a former district, without its unit word."""
    for kind in DISTRICT_KINDS:
        if district.startswith(kind + " "):
            district = district[len(kind) + 1 :]
    return " ".join(_tokens(district))


@lru_cache(maxsize=1)
def index() -> dict[str, Entry]:
    """Return all names: tokens joined by spaces → entry. The longest has seven tokens."""
    entries: dict[str, Entry] = defaultdict(Entry)
    for name, reading in _readings():
        for key, marks in _spellings(name):
            entry = entries[key]
            spellings = entry.spelled.setdefault(reading, set())
            if marks:
                entry.marks.add(marks)
                spellings.add(marks)
    words = yaml.safe_load((CONTENT / "place_words.yml").read_text(encoding="utf-8"))
    for flag in ("everyday", "never_bare"):
        for name in words[flag]:
            setattr(entries[" ".join(_tokens(name))], flag, True)
    unknown = [key for key, entry in entries.items() if not entry.readings]
    if unknown:
        raise ValueError(f"place_words.yml: no place has these names: {', '.join(unknown)}")
    return dict(entries)


def _readings() -> Iterator[tuple[str, Reading]]:
    districts: dict[str, list[str]] = defaultdict(list)
    for commune in communes().values():
        inside = frozenset(district_key(former.district) for former in commune.former)
        current = Reading((commune.code,), commune.kind, True, inside)
        yield commune.name, current
        short = _SHORTENED.sub("", commune.name)
        if short != commune.name:
            yield short, current
        for name in (former.district for former in commune.former):
            districts[name].append(commune.code)
        for alias in commune.aliases:
            if alias.startswith("huyện "):
                districts[alias].append(commune.code)
            else:
                yield alias, Reading((commune.code,), None, False, inside)
    yield from _former_readings()
    for district, codes in districts.items():
        key = district_key(district)
        kind = next(kind for kind in DISTRICT_KINDS if district.startswith(kind + " "))
        unique = tuple(dict.fromkeys(codes))
        yield district[len(kind) + 1 :], Reading(unique, kind, False, frozenset({key}), key)


def _former_readings() -> Iterator[tuple[str, Reading]]:
    """Yield each former unit once; a split one has several codes."""
    targets: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for commune in communes().values():
        for former in commune.former:
            targets[former.name, former.kind, former.district].append(commune.code)
    for (name, kind, district), codes in targets.items():
        yield name, Reading(tuple(codes), kind, False, frozenset({district_key(district)}))


def _tokens(name: str) -> list[str]:
    return [normal(token) for token in TOKEN.findall(fold(name))]


def _spellings(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the keys of a name with the marks of their syllables: "B'Lao" → "b lao", "blao".

    A name written as one word ("dalat") has no marks to compare.
    """
    for written in (name, _APOSTROPHE.sub("", name)):
        yield " ".join(_tokens(written)), tuple(marks_of(token) for token in TOKEN.findall(written))
    letters = [token for token in _tokens(name) if not token.isdigit()]
    if len(letters) > 1 and len("".join(letters)) > 4:
        yield " ".join(["".join(letters), *[token for token in _tokens(name) if token.isdigit()]]), ()
