"""Recognising what a message is about by key phrases, whatever the spelling: "ko nhận dc otp"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.normalise import abbreviations
from bot.text import fold

_WORD = re.compile(r"\w+")
_REPEATED = re.compile(r"([^\W\d])\1{2,}")
GAP = 3  # words that may stand where a phrase has "…"


def plain(text: str) -> str:
    """Return `text` in the form phrases are compared: folded words, written out, digits kept."""
    short = abbreviations()
    words = (
        word if word in short else _REPEATED.sub(r"\1", word)  # "quennnn", but "cccd" as it is
        for word in _WORD.findall(fold(text))
    )
    return " ".join(short.get(word, word) for word in words)


@lru_cache(maxsize=1000)
def pattern(phrase: str) -> re.Pattern[str]:
    """Return the pattern of a phrase; "…" stands for up to three words."""
    parts = [re.escape(plain(part)) for part in phrase.split("…")]
    return re.compile(r"\b" + rf"(?: \w+){{0,{GAP}}} ".join(parts) + r"\b")


def score(text: str, phrases: Iterable[str]) -> int:
    """Return how much of `text` (plain) the best of the phrases covers: its letters, 0 when none occurs."""
    return max((len(phrase) for phrase in phrases if pattern(phrase).search(text)), default=0)
