"""What is done to a paper, and to whom, as a set of marks: a lost one, an expired one, a foreigner.

Words alone do not tell "xin giấy phép" from "Cấp lại giấy phép": all words of the question stand in both names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import yaml

from bot.procedures.words import spelled
from bot.settings import CONTENT


@dataclass(frozen=True)
class _Deed:
    names: re.Pattern[str]
    people: re.Pattern[str]
    specific: bool


def of_name(name: str) -> int:
    """Return the deeds that an official name speaks of, a bit each."""
    said = spelled(name)
    return sum(1 << i for i, deed in enumerate(_deeds()) if deed.names.search(said))


def of_question(text: str) -> int:
    """Return the deeds that people's words speak of, a bit each."""
    said = spelled(text)
    return sum(1 << i for i, deed in enumerate(_deeds()) if deed.people.search(said))


@lru_cache(maxsize=1)
def specific() -> int:
    """Return the deeds that a question must speak of when the name does."""
    return sum(1 << i for i, deed in enumerate(_deeds()) if deed.specific)


@lru_cache(maxsize=1)
def _deeds() -> tuple[_Deed, ...]:
    rows = yaml.safe_load((CONTENT / "deeds.yml").read_text(encoding="utf-8"))
    return tuple(_Deed(_any(row["names"]), _any(row["people"]), row["specific"]) for row in rows.values())


def _any(phrases: list[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(re.escape(spelled(phrase)) for phrase in phrases) + r")\b")
