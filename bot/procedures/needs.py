"""Needs that are no procedure yet: "giấy tờ nhà đất", "giấy tờ cho con". They get a choice and no guess."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import yaml

from bot.procedures.words import content_words, spelled
from bot.settings import CONTENT

FILE = CONTENT / "needs.yml"
# For whom it is says nothing of what it is: "giấy tờ đất cho ba mẹ".
_KIN = frozenset("bo me ma cha ong ba noi ngoai vo chong con cai ruot gai trai dau re nha gia dinh".split())


@dataclass(frozen=True)
class Need:
    """Words that say no more than what it is about, and the procedures it may come to."""

    words: frozenset[str]
    one_of: tuple[str, ...]
    but_not: tuple[str, ...]
    codes: tuple[str, ...]

    def fits(self, told: str, said: frozenset[str]) -> bool:
        """Return whether a message (as names are compared, and its words of meaning) says this need and no more."""
        return (
            said - _KIN <= self.words
            and any(f" {phrase} " in told for phrase in self.one_of)
            and not any(f" {phrase} " in told for phrase in self.but_not)
        )


def offered(text: str) -> tuple[str, ...]:
    """Return the codes to offer for a text that says nothing clearer; empty when it does."""
    told, said = f" {spelled(text)} ", frozenset(content_words(text))
    return next((need.codes for need in _needs() if need.fits(told, said)), ())


@lru_cache(maxsize=1)
def _needs() -> tuple[Need, ...]:
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(
        Need(
            frozenset(word for phrase in row["words"] for word in phrase.split()),
            tuple(row["needs_one_of"]),
            tuple(row.get("but_not") or ()),
            tuple(row["offer"]),
        )
        for row in rows
    )
