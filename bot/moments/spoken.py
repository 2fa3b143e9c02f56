"""Small helpers for reading speech: spoken numbers, and what was really typed where marks were folded away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_UNITS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9,
}  # fmt: skip
# In folded text: "hai mươi lăm", "hăm lăm", "hai lăm", "mười", "ba mươi mốt", "năm".
_UNIT = "mot|hai|ba|bon|tu|nam|lam|nham|sau|bay|tam|chin"
TENS = rf"(?:(?:hai|ba)\smuoi|ham|muoi|ba(?=\smot\b)|hai(?=\s(?:lam|mot|bon|nham)\b))(?:\s(?:{_UNIT}))?"
NUMBER = rf"(?:\d{{1,2}}|{TENS}|{_UNIT})"
LONG_NUMBER = rf"(?:\d{{1,2}}|{TENS})"  # no lone syllable: "năm", "ba", "sáu" are words of their own
# Small words that may follow the last word that matters: "mai nha em".
FILLERS = (
    r"(?:\s(?:nha|nhe|nhen|nghen|nghe|a|di|em|oi|e|ad|luon|do|nua|nhi|hen|ha|voi|thoi|duoc|dc|ok|anh|chi|b|giup"
    r"|gium|chu|co))*"
)


@dataclass(frozen=True)
class Found:
    """A piece of text and what it means."""

    start: int
    end: int
    value: str


class Places:
    """Which characters of a text are taken; two things found never share one."""

    def __init__(self, length: int) -> None:
        """Begin with nothing taken."""
        self._taken = bytearray(length)

    def take(self, start: int, end: int) -> bool:
        """Take the place, if it is free."""
        if any(self._taken[start:end]):
            return False
        self._taken[start:end] = b"\x01" * (end - start)
        return True


@lru_cache(maxsize=512)
def number(folded: str) -> int | None:
    """Return the number that digits or spoken words mean ("25", "hai muoi lam", "ham mot"), or None."""
    if folded.isascii() and folded.isdigit():
        return int(folded)
    parts = folded.split()
    if not parts:
        return None
    if len(parts) == 1:
        return {"muoi": 10, "ham": None}.get(parts[0], _UNITS.get(parts[0]))
    last = 0 if parts[-1] == "muoi" else _UNITS.get(parts[-1])
    tens = {"muoi": 1, "ham": 2, "hai": 2, "ba": 3}.get(parts[0])
    return None if last is None or tens is None else tens * 10 + last


def typed(text: str, match: re.Match[str], group: int | str = 0) -> str:
    """Return what was typed where the folded text matched, in lower case: "mốt" and "một" fold to one form."""
    return text[match.start(group) : match.end(group)].lower()


def has_marks(text: str) -> bool:
    """Tell whether the writer uses tone marks at all."""
    return any("À" <= char <= "ỹ" for char in text)
