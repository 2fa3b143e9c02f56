"""Needs that are no procedure yet: "giấy tờ nhà đất", "giấy tờ xe". They are answered with a choice, not a guess."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import yaml

from bot.procedures.words import content_words
from bot.settings import CONTENT


@dataclass(frozen=True)
class Need:
    """Words that say no more than what it is about, and the procedures it may come to."""

    words: frozenset[str]
    one_of: frozenset[str]
    codes: tuple[str, ...]


def offered(text: str) -> tuple[str, ...]:
    """Return the codes to offer for a text that says nothing clearer; empty when it does."""
    said = set(content_words(text))
    return next((need.codes for need in _needs() if said and said <= need.words and said & need.one_of), ())


@lru_cache(maxsize=1)
def _needs() -> tuple[Need, ...]:
    rows = yaml.safe_load((CONTENT / "needs.yml").read_text(encoding="utf-8"))
    return tuple(Need(_words(row["words"]), _words(row["needs_one_of"]), tuple(row["offer"])) for row in rows)


def _words(phrases: list[str]) -> frozenset[str]:
    return frozenset(word for phrase in phrases for word in phrase.split())
