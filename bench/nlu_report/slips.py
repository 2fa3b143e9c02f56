"""One word as fingers, keyboards and dialects spoil it."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

from bot.text import fold

_TONES = {"\u0301": ("s", "1"), "\u0300": ("f", "2"), "\u0309": ("r", "3"), "\u0303": ("x", "4"), "\u0323": ("j", "5")}
_VOWELS = {"â": ("aa", "a6"), "ê": ("ee", "e6"), "ô": ("oo", "o6"), "ơ": ("ow", "o7"), "ư": ("uw", "u7")}
_VOWELS |= {"ă": ("aw", "a8"), "đ": ("dd", "d9")}
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_A = "aăâáàảãạắằẳẵặấầẩẫậươướườưởữự"  # before a final n or ng, which the South hears alike after these
_DIALECT = (
    ("^tr", "ch"), ("^ch(?!$)", "tr"), ("^s(?=[^x])", "x"), ("^x", "s"), ("^gi(?=[^n])", "d"), ("^d", "gi"),
    ("^d", "r"), ("^r", "d"), ("^v", "d"), ("^l", "n"), ("^n(?![gh])", "l"), (f"(?<=[{_A}])n$", "ng"),
    (f"(?<=[{_A}])ng$", "n"), ("c$", "t"), ("t$", "c"), ("\u0309", "\u0303"), ("\u0303", "\u0309"),
)  # fmt: skip


def slipped(word: str, chance: random.Random) -> str:
    """Return `word` with one slip; as it is when none fits it."""
    ways = list(_WAYS)
    while ways:
        way = chance.choices(ways, [_WAYS[w] for w in ways])[0]
        ways.remove(way)
        if (changed := way(word, chance)) and changed != word:
            return changed[0].upper() + changed[1:] if word[0].isupper() else changed
    return word


def _drop_letter(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word)) if len(word) > 3 else 0
    return word[:at] + word[at + 1 :] if at else word


def _drop_last(word: str, _: random.Random) -> str:
    return word[:-1] if len(word) > 3 else word


def _double(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[: at + 1] + word[at] + word[at + 1 :] if len(word) > 1 else word


def _swap(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word) - 1) if len(word) > 2 else -1
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :] if at >= 0 else word


def _neighbour(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    row = next((row for row in _KEYS if fold(word[at]) in row), "")
    if len(word) < 3 or not row:
        return word
    key = row.index(fold(word[at]))
    return word[:at] + chance.choice([row[i] for i in (key - 1, key + 1) if 0 <= i < len(row)]) + word[at + 1 :]


def _unmarked(word: str, _: random.Random) -> str:
    return fold(word)


def _keys(word: str, chance: random.Random) -> str:
    """Return what the hands type in Telex (mostly) or VNI: "đăng" → "ddangw", "ký" → "kys"."""
    vni = int(chance.random() < 0.25)
    late = chance.random() < 0.4
    out, end = "", ""
    for char in unicodedata.normalize("NFC", word.lower()):
        parts = unicodedata.normalize("NFD", char)
        tone = next((mark for mark in parts if mark in _TONES), "")
        letter = unicodedata.normalize("NFC", parts.replace(tone, "")) if tone else char
        keys = _VOWELS.get(letter, (letter, letter))[vni]
        if late and letter not in "đ" and len(keys) == 2:
            keys, end = keys[0], keys[1] + end
        out += keys
        if tone:
            end += _TONES[tone][vni]
    return out + end


def _dialect(word: str, chance: random.Random) -> str:
    low = word.lower()
    changed = []
    for pattern, other in _DIALECT:
        given = unicodedata.normalize("NFD", low) if unicodedata.combining(other[0]) else low
        new = unicodedata.normalize("NFC", re.sub(pattern, other, given, count=1))
        if new != low and len(low) > 1:
            changed.append(new)
    return chance.choice(changed) if changed else word


_WAYS: dict[Callable[[str, random.Random], str], float] = {
    _unmarked: 3.0, _keys: 2.5, _dialect: 2.5, _neighbour: 1.2, _drop_letter: 1.0, _swap: 1.0, _double: 0.8,
    _drop_last: 0.8,
}  # fmt: skip
