"""What people type, in the one form the learned models read: folded syllables with offsets into the text.

Teencode and office abbreviations are written out ("hs" → "ho so"), because half of the messages hold some.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import yaml

from bot import spelling
from bot.settings import CONTENT
from bot.text import fold

_TOKEN = re.compile(r"\w+|[^\w\s]", re.UNICODE)
_REPEATED = re.compile(r"(\w)\1{2,}")
_NUMBER = re.compile(r"\d+")
_SAME_VOWEL = re.compile(r"\b([klm])i\b")


@dataclass(frozen=True)
class Syllable:
    """A token of the text: where it stands, and the form in which models see it."""

    start: int
    end: int
    text: str
    normal: str


@lru_cache(maxsize=1)
def abbreviations() -> dict[str, str]:
    """Return the table of teencode and abbreviations: folded form → folded words."""
    table = yaml.safe_load((CONTENT / "abbreviations.yml").read_text(encoding="utf-8"))
    return {fold(str(short)): fold(str(full)) for full, shorts in table.items() for short in shorts}


def syllables(text: str) -> list[Syllable]:
    """Return the tokens of `text` (NFC) in order; `text[s.start:s.end] == s.text` for each."""
    return [
        Syllable(match.start(), match.end(), match.group(), normal(match.group())) for match in _TOKEN.finditer(text)
    ]


@lru_cache(maxsize=20_000)
def normal(token: str) -> str:
    """Return the form of one token that models see: folded, written out, digits as their count."""
    folded = fold(token)
    if _NUMBER.fullmatch(folded):
        return f"num{min(len(folded), 13)}"
    if folded in abbreviations():
        return abbreviations()[folded]  # first: "cccd" is no stretched "cd"
    plain = _REPEATED.sub(r"\1", folded)
    if plain in abbreviations():
        return abbreviations()[plain]
    # "ký" and "kí", "lý" and "lí" are one word: both spellings are taught.
    return _SAME_VOWEL.sub(r"\1y", spelling.mend(plain))


def normal_text(text: str) -> str:
    """Return the whole of `text` as models see it."""
    return " ".join(syllable.normal for syllable in syllables(text))
