"""Which procedure is meant? Ranks the whole catalogue for a question and decides: answer, ask back, or not found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy.orm import Session

from bot.procedures import catalogue, deeds
from bot.procedures.index import MEASURES, Says
from bot.procedures.ranking import chances
from bot.procedures.words import content_words
from bot.text import fold

# A chance from SURE on is answered; below it a few are offered that together are likely, each worth a button.
SURE, OFFERED_TOGETHER, WORTH_A_BUTTON = 0.85, 0.4, 0.03
# So few words, all of them in so many procedures, ask for a choice however popular the first one is.
FEW_WORDS, SEVERAL, BEYOND_DOUBT, WELL_KNOWN = 2, 3, 0.95, 50
# Of a text that is known to name a procedure the first is taken when no other one counts beside it.
ALONE, LEAST_ALONE = 0.95, 0.1
SAME_BEGINNING = 30  # letters: "Cấp Giấy phép …" and "Cấp lại Giấy phép …" go on differently
ONLY_ONE = 0.6  # where nothing else is worth a button, asking "is it this?" costs more than it saves
CHOICES, RANKED, EVERY = 5, 10, 60
_EXACT = MEASURES.index("alias_exact")
_AGAIN = re.compile(r"\bcap (?:lai|doi|moi)\b")
_CODE = re.compile(r"(?<![\d.])\d\.\d{6}(?![\d])")


@dataclass(frozen=True)
class Match:
    """A procedure that may be meant, how likely it is (0 to 1), and whether it holds all that was asked."""

    code: str
    name: str
    score: float
    holds_all: bool = False
    same_words: bool = False  # a name or alias says exactly what was asked
    popularity: int = 0


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
        Match(
            entry.code,
            entry.name,
            round(float(likely[i]), 7),
            bool(found.holds_all[i]),
            bool(found.measures[i, _EXACT]),
            entry.popularity,
        )
        for entry, i in zip(entries, order, strict=True)
    ]


def link(session: Session, text: str, *, named: bool = False) -> Linked:
    """Decide what `text` means: one procedure when it is likely enough, a few to choose from, or nothing.

    `named`: the text is known to name a procedure ("tử tuất"), so "none of them" need not be thought of.
    """
    code = _CODE.search(text)
    if code and (known := catalogue.find(session, code[0])):
        return Linked(Match(known.code, known.name, 1.0), ())
    matches = _one_of_each_name(rank(session, text, 2 * RANKED))
    every = sum(match.score for match in matches)
    if named and matches and matches[0].holds_all and matches[0].score >= max(ALONE * every, LEAST_ALONE):
        return Linked(matches[0], ())
    if matches and _is_vague(text, matches):
        return Linked(None, tuple(match for match in matches if match.holds_all)[:CHOICES])
    if matches and matches[0].score >= SURE:
        return Linked(matches[0], ())
    offered = [match for match in matches if match.score >= WORTH_A_BUTTON][:CHOICES]
    if first := _first_time(text, offered):
        return Linked(first, ())
    if len(offered) == 1 and offered[0].score >= ONLY_ONE:
        return Linked(offered[0], ())
    if sum(match.score for match in offered) < OFFERED_TOGETHER:
        return Linked(None, ())
    return Linked(None, tuple(offered))


def has_code(text: str) -> bool:
    """Return whether a code of a procedure ("1.001193") stands in `text`."""
    return bool(_CODE.search(text))


def saying(session: Session, matches: Sequence[Match], phrase: str) -> tuple[Match, ...]:
    """Return those of `matches` of which a name says `phrase` as it stands, and not its words here and there.

    Where the official name says it comes first, then what is asked most: low chances say nothing any more.
    """
    index = catalogue.of(session).index
    found = [(index.says(match.code, phrase), match) for match in matches]
    order = sorted(found, key=lambda pair: (pair[0] is not Says.NAME, -pair[1].popularity))
    return tuple(match for says, match in order if says is not Says.NOTHING)


def among(session: Session, text: str, codes: Sequence[str]) -> dict[str, float]:
    """Return the chances of the procedures with these codes alone, of those that share a word with `text`."""
    return {match.code: match.score for match in rank(session, text, EVERY) if match.code in codes and match.score}


def _is_vague(text: str, matches: list[Match]) -> bool:
    """Return whether `text` ("sổ đỏ") says a thing and not what to do with it: several procedures hold all of it."""
    if matches[0].same_words or matches[0].score >= BEYOND_DOUBT or not 0 < len(content_words(text)) <= FEW_WORDS:
        return False
    holding = [match for match in matches if match.holds_all]
    well_known = any(match.popularity >= WELL_KNOWN for match in holding)
    return len(holding) >= SEVERAL and (well_known or sum(match.score for match in holding) >= OFFERED_TOGETHER)


def _first_time(text: str, offered: list[Match]) -> Match | None:
    """Return the plain one of "Cấp …" and "Cấp lại …" alone: who tells of no loss or change asks for the first time."""
    if deeds.of_question(text) & deeds.specific() or sum(match.score for match in offered) < SURE:
        return None
    plain = [match for match in offered if not deeds.of_name(match.name) & deeds.specific()]
    same = {_AGAIN.sub("cap", fold(match.name))[:SAME_BEGINNING] for match in offered}
    return plain[0] if len(plain) == 1 and len(offered) > 1 and len(same) == 1 else None


def _one_of_each_name(matches: list[Match]) -> list[Match]:
    """Return `matches` with those of one name as one: the catalogue holds some procedures under several codes."""
    found: dict[str, Match] = {}
    for match in matches:
        name = fold(match.name).strip(" .")
        first = found.get(name)
        total = min(round(first.score + match.score, 4), 1.0) if first else match.score
        found[name] = replace(first or match, score=total)
    return sorted(found.values(), key=lambda match: -match.score)
