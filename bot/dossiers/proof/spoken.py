"""Digits one by one: "bốn năm sáu bảy", "bốn lăm sáu bảy", "4-5-6-7". Who dictates to a telephone writes so.

Only a row of as many digits as a factor has counts, for the same words mean other things: "năm" a year, "ba" a father.
"""

from __future__ import annotations

import re
from itertools import product

from bot.text import fold

# "Mười hai" is 12 and "mười" 10, "bốn mươi lăm" 45 and "bốn mươi" 40; without marks it may be either.
_TENS = {"mười": ("1", "10"), "mươi": ("", "0"), "muoi": ("", "0", "1", "10")}
_MOST_TENS = 3  # of more nobody could tell
_VALUES = {
    "không": "0", "linh": "0", "lẻ": "0", "một": "1", "mốt": "1", "hai": "2", "ba": "3", "bốn": "4", "tư": "4",
    "năm": "5", "lăm": "5", "nhăm": "5", "sáu": "6", "bảy": "7", "bẩy": "7", "tám": "8", "chín": "9",
}  # fmt: skip
_BARE = {fold(word): value for word, value in _VALUES.items()}
_LENGTHS = frozenset({4, 6, 10, 11})  # a phone's tail, a code of ours, a whole number
_WORD = re.compile(r"\w+")
_GAP = re.compile(r"[\s,.;-]*")


def with_digits(text: str) -> str:
    """Return `text` (NFC) with every row of single digits that may be a factor written as one number.

    The length stays, for a row is never shorter than its digits: spaces fill its place.
    """
    kept = list(text)
    for start, end, digits in rows(text):
        kept[start:end] = digits.ljust(end - start)
    return "".join(kept)


def rows(text: str) -> list[tuple[int, int, str]]:
    """Return where rows of single digits stand that have a factor's length, and what they say."""
    found: list[tuple[int, int, str]] = []
    row: list[re.Match[str]] = []
    for match in [*_WORD.finditer(text), None]:
        if match is not None and _is_digit(match.group()) and (not row or _joined(text, row[-1], match)):
            row.append(match)
            continue
        if sum(part.group().lower() in _TENS for part in row) <= _MOST_TENS and (said := _said(row)):
            found.append((row[0].start(), row[-1].end(), said))
        row = [match] if match is not None and _is_digit(match.group()) else []
    return found


def _is_digit(word: str) -> bool:
    if word.isdecimal():
        return len(word) == 1
    return _value(word) is not None or word.lower() in _TENS


def _value(word: str) -> str | None:
    """Return the digit of a word; one with marks must be written just so: "bà" and "năm" are two things."""
    lower = word.lower()
    if word.isdecimal():
        return word
    return _BARE.get(lower) if lower.isascii() else _VALUES.get(lower)


def _said(row: list[re.Match[str]]) -> str | None:
    """Return the digits of a row; None when they are not as many as a factor has, or may be two things.

    "Bốn mươi lăm sáu bảy" is 4567, "tám tám mười hai" 8812, "bốn mươi sáu bảy" 4067: what tens stand for shows in
    the length alone.
    """
    ways = {
        said for parts in product(*(_ways(part.group()) for part in row)) if len(said := "".join(parts)) in _LENGTHS
    }
    return ways.pop() if len(ways) == 1 else None


def _ways(word: str) -> tuple[str, ...]:
    value = _value(word)
    return (value,) if value is not None else _TENS[word.lower()]


def _joined(text: str, before: re.Match[str], after: re.Match[str]) -> bool:
    return bool(_GAP.fullmatch(text, before.end(), after.start()))
