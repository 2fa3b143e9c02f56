"""Dossier codes in free text: found as people write them, brought to one form, told from look-alikes.

The forms of codes will change (NĐ 309/2026 lets the ministry issue one rule), so the patterns stand together
here and nowhere else.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import Enum
from functools import lru_cache

import msgspec

from bot import clock
from bot.text import fold, straight_dashes
from bot.visible import visible

FIRST_YEAR = 2018  # the code rule began with TT 01/2018
LONGEST = 40  # characters; the patterns allow more, no system has them
SAMPLE = "H36.12-261105-0001"

# In folded text. People put spaces around the signs, leave dashes out, say the signs on the telephone, glue the
# code to the word before or after it. A group of six digits can only be the day, so a dot or a slash will do there.
_DOT = r"(?:\s{0,3}(?:\.|\bcham\b)\s{0,3}|\s{1,3}(?=[0-9]{1,3}(?![0-9])))"
_DASH = r"(?:\s{0,3}(?:[-_./]|\bgach(?:\s+(?:ngang|noi|duoi))?\b)\s{0,3}|\s{1,3})"
_AGENCY = rf"(?:[0-9]{{2,3}}{_DOT}){{0,4}}[a-z]\s?[0-9]{{2}}(?:[0-9]{{2}}){{0,2}}(?:{_DOT}[0-9]{{1,3}}){{0,4}}"
_GLUED = "".join(rf"|(?<=\b{word})" for word in ("hs", "hso", "hoso", "ma", "so", "mahs", "mhs", "code", "la"))
_IN_TEXT = re.compile(
    rf"(?:(?<![a-z0-9])(?<![0-9][.-]){_GLUED})(?P<agency>{_AGENCY}){_DASH}(?P<day>[0-9]{{6}}){_DASH}(?P<number>[0-9]{{4,8}})"
    r"(?![0-9]|[.-][0-9])"
)
# "H36122611180033": all signs left out. Where the day begins only the calendar tells.
_RUN_TOGETHER = re.compile(
    rf"(?:(?<![a-z0-9])(?<![0-9][.-]){_GLUED})(?P<letter>[a-z])(?P<digits>[0-9]{{12,22}})(?![a-z0-9]|[.-][0-9])"
)
_LEAST_NUMBER, _MOST_NUMBER, _MOST_PARTS = 4, 8, 4
# A code as programs write it, in its standard form already: a file of a million of them need not be folded.
_STANDARD = re.compile(r"(?:[0-9]{2,3}\.){0,4}[A-Z][0-9]{2}(?:\.[0-9]{1,3}){0,4}-(?P<day>[0-9]{6})-[0-9]{4,8}")
_LOOK_ALIKES = (
    ("booking", re.compile(r"(?<![a-z0-9])mc[\s-]*(?:\d[\s-]?){7}(?!\d)")),
    ("payment", re.compile(r"(?<![a-z0-9])[a-z]\d{2}(?:\.\d{1,3}){0,4}\s*-\s*\d{9,16}(?![\d-])")),
    ("procedure", re.compile(r"(?<![\d.])\d\.\d{6}(?:\.[a-z]\d{2}){0,2}(?![\d-])")),
    ("postal", re.compile(r"(?<![a-z0-9])[a-z]{2}\s?(?:\d\s?){9}vn(?![a-z0-9])")),
    ("identity", re.compile(r"(?<!\d)\d{3}[ .]?\d{3}[ .]?\d{3}[ .]?\d{3}(?!\d)")),
    ("phone", re.compile(r"(?<!\d)(?:\+?84|0)[ .]?\d{2,3}[ .]?\d{3}[ .]?\d{3,4}(?!\d)")),
    ("incomplete", re.compile(r"(?<![a-z0-9])[a-z]\d{2}(?:\.\d{1,3}){0,4}\s*-\s*\d[\d\s-]{0,16}(?!\d)")),
)
_THREE_DIGITS = re.compile(r"\d{3}")


class LookAlike(str, Enum):
    """What was written instead of a dossier code."""

    BOOKING = "booking"  # the number of a postman's visit
    PAYMENT = "payment"  # a payment id: no second dash
    PROCEDURE = "procedure"
    POSTAL = "postal"  # a parcel (UPU S10)
    IDENTITY = "identity"
    PHONE = "phone"
    BAD_DATE = "bad_date"  # the right shape, but no such day or not yet
    INCOMPLETE = "incomplete"


class FoundCode(msgspec.Struct, frozen=True):
    """A dossier code in a text: normalised, and where it stands there."""

    code: str
    start: int
    end: int


def find(text: str) -> list[FoundCode]:
    """Return every dossier code in `text`, in order; offsets count characters of `text`."""
    if not _THREE_DIGITS.search(text):
        return []
    seen = visible(text)
    folded = _comparable(seen.text)
    found = [
        (match.start(), match.end(), _canonical(match))
        for match in _IN_TEXT.finditer(folded)
        if _is_possible_day(match["day"])
    ]
    found += [(*match.span(), code) for match in _RUN_TOGETHER.finditer(folded) if (code := _parted(match))]
    return [FoundCode(code, *seen.place(start, end)) for start, end, code in sorted(found) if len(code) <= LONGEST]


def normalise(text: str, *, future: bool = False) -> str | None:
    """Return the one dossier code that `text` consists of in its standard form, or None.

    `future` lets codes of coming days pass: a system of record knows better than our clock.
    """
    if len(text) <= LONGEST and (standard := _STANDARD.fullmatch(text)) and _day(standard["day"]):
        return text if future or _is_possible_day(standard["day"]) else None
    plain = unicodedata.normalize("NFKC", visible(text).text).strip(" \n\t.,;:!?'\"()[]<>“”‘’/\\")
    together = _comparable(re.sub(r"\s+", "", plain))
    if run := _RUN_TOGETHER.fullmatch(together):
        return _parted(run)
    match = _IN_TEXT.fullmatch(together) or _IN_TEXT.fullmatch(_comparable(plain))
    if not match or _day(match["day"]) is None:
        return None
    if len(_canonical(match)) > LONGEST:
        return None
    return _canonical(match) if future or _is_possible_day(match["day"]) else None


def look_alike(text: str) -> LookAlike | None:
    """Return what `text` holds instead of a dossier code; None when it holds one, or nothing of the kind."""
    folded = _comparable(text)
    if any(_parted(match) for match in _RUN_TOGETHER.finditer(folded)):
        return None
    if shaped := list(_IN_TEXT.finditer(folded)):
        possible = any(_is_possible_day(match["day"]) for match in shaped)
        return None if possible else LookAlike.BAD_DATE
    return next((LookAlike(name) for name, pattern in _LOOK_ALIKES if pattern.search(folded)), None)


def without_codes(text: str) -> str:
    """Return `text` with everything shaped like a code blanked out, so that no digit of it is read twice."""
    folded, kept = _comparable(text), list(text)
    for match in _IN_TEXT.finditer(folded):
        kept[match.start() : match.end()] = " " * (match.end() - match.start())
    for match in _RUN_TOGETHER.finditer(folded):
        if _parted(match):
            kept[match.start() : match.end()] = " " * (match.end() - match.start())
    return "".join(kept)


def _comparable(text: str) -> str:
    """Return `text` folded, with plain digits and dashes, each character in its place."""
    plain = text if text.isascii() else "".join(map(_plain_char, straight_dashes(text)))
    return fold(plain)


@lru_cache(maxsize=4_096)
def _plain_char(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char


def _canonical(match: re.Match[str]) -> str:
    groups = re.findall(r"[a-z]\s?[0-9]{2}|[0-9]{1,3}(?![0-9])|[0-9]{2}", match["agency"].replace("cham", "."))
    agency = re.sub(r"\s", "", ".".join(groups))
    return f"{agency}-{match['day']}-{match['number']}".upper()


def _parted(match: re.Match[str]) -> str | None:
    """Return a code written without any sign with its signs; None where no day fits, or two do."""
    digits = match["digits"]
    ways = []
    for parts in range(_MOST_PARTS + 1):
        agency, day, number = digits[: 2 + 2 * parts], digits[2 + 2 * parts : 8 + 2 * parts], digits[8 + 2 * parts :]
        if _LEAST_NUMBER <= len(number) <= _MOST_NUMBER and _is_possible_day(day):
            pairs = ".".join(agency[at : at + 2] for at in range(0, len(agency), 2))
            ways.append(f"{match['letter']}{pairs}-{day}-{number}".upper())
    return ways[0] if len(ways) == 1 else None


@lru_cache(maxsize=4096)  # every day of eleven years
def _day(yymmdd: str) -> date | None:
    try:
        day = date(2000 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:]))
    except ValueError:
        return None
    return day if day.year >= FIRST_YEAR else None


def _is_possible_day(yymmdd: str) -> bool:
    day = _day(yymmdd)
    return day is not None and day <= clock.today()
