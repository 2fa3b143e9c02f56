"""Which procedure is meant? Ranks the whole catalogue for a question and decides: answer, ask back, or not found."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from bot.procedures import catalogue
from bot.procedures.ranking import chances
from bot.text import fold

# A chance from SURE on is answered; below it a few are offered that together are likely, each worth a button.
SURE, OFFERED_TOGETHER, WORTH_A_BUTTON = 0.8, 0.35, 0.03
CHOICES, RANKED = 5, 10
_CODE = re.compile(r"(?<![\d.])\d\.\d{6}(?![\d])")


@dataclass(frozen=True)
class Match:
    """A procedure that may be meant, and how likely it is (0 to 1)."""

    code: str
    name: str
    score: float


@dataclass(frozen=True)
class Linked:
    """What a text was linked to: one procedure, or a few to choose from, or nothing."""

    best: Match | None
    choices: tuple[Match, ...]


def rank(session: Session, text: str, limit: int = RANKED) -> list[Match]:
    """Return the procedures that `text` may mean, likeliest first, with calibrated chances."""
    index = catalogue.of(session).index
    found = index.find(text)
    if found is None:
        return []
    likely = chances(found)
    order = np.argsort(-likely, kind="stable")[:limit]
    entries = [index.entries[found.places[i]] for i in order]
    return [
        Match(entry.code, entry.name, round(float(likely[i]), 4)) for entry, i in zip(entries, order, strict=True)
    ]


def link(session: Session, text: str) -> Linked:
    """Decide what `text` means: one procedure when it is likely enough, a few to choose from, or nothing."""
    code = _CODE.search(text)
    if code and (named := catalogue.find(session, code[0])):
        return Linked(Match(named.code, named.name, 1.0), ())
    matches = _one_of_each_name(rank(session, text, 2 * RANKED))
    if matches and matches[0].score >= SURE:
        return Linked(matches[0], ())
    offered = [match for match in matches if match.score >= WORTH_A_BUTTON][:CHOICES]
    if sum(match.score for match in offered) < OFFERED_TOGETHER:
        return Linked(None, ())
    return Linked(None, tuple(offered))


def _one_of_each_name(matches: list[Match]) -> list[Match]:
    """Return `matches` with those of one name as one: the catalogue holds some procedures under several codes."""
    found: dict[str, Match] = {}
    for match in matches:
        name = fold(match.name).strip(" .")
        first = found.get(name, Match(match.code, match.name, 0.0))
        found[name] = Match(first.code, first.name, min(round(first.score + match.score, 4), 1.0))
    return sorted(found.values(), key=lambda match: -match.score)
