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

# A mark that fits no letter stays with its word, and says nothing.
_TOKEN = re.compile(r"[\w\u0300-\u036f]+|[^\w\s]", re.UNICODE)
_LOOSE_MARK = re.compile(r"[\u0300-\u036f]")
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
    """Return the table of teencode and abbreviations: the form as written, and without marks → folded words."""
    table = yaml.safe_load((CONTENT / "abbreviations.yml").read_text(encoding="utf-8"))
    rows = [(str(short).lower(), fold(str(full))) for full, shorts in table.items() for short in shorts]
    return {form: full for short, full in rows for form in (fold(short), short)}


def syllables(text: str) -> list[Syllable]:
    """Return the tokens of `text` (NFC) in order; `text[s.start:s.end] == s.text` for each."""
    return [
        Syllable(match.start(), match.end(), match.group(), normal(match.group())) for match in _TOKEN.finditer(text)
    ]


@lru_cache(maxsize=20_000)
def normal(token: str) -> str:
    """Return the form of one token that models see: folded, written out, digits as their count."""
    folded = _LOOSE_MARK.sub("", fold(token)) or token
    if _NUMBER.fullmatch(folded):
        return f"num{min(len(folded), 13)}"
    written = token.lower()
    full = _written_out(written) or _written_out(_REPEATED.sub(r"\1", written))  # first: "cccd" is no stretched "cd"
    if full:
        return full
    plain = _REPEATED.sub(r"\1", folded)
    # "ký" and "kí", "lý" and "lí" are one word: both spellings are taught.
    return _SAME_VOWEL.sub(r"\1y", spelling.mend(plain))


def _written_out(written: str) -> str | None:
    """Return what an abbreviation stands for; with tone marks only as it is in the table: "hỏng" is not "hong"."""
    bare = written.replace("đ", "d")
    return abbreviations().get(written) or (abbreviations().get(bare) if bare.isascii() else None)


def normal_text(text: str) -> str:
    """Return the whole of `text` as models see it."""
    return " ".join(syllable.normal for syllable in syllables(text))
