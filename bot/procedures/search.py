"""Which procedure is meant? Ranks the whole catalogue by how much of the words of a name and a text coincide.

Everyday aliases count like names; of two that fit alike, the one that citizens ask more often comes first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.procedures import catalogue
from bot.procedures.index import Match

SURE, POSSIBLE, MARGIN = 0.62, 0.45, 0.12
CHOICES, RANKED = 5, 10
_CODE = re.compile(r"(?<![\d.])\d\.\d{6}(?![\d])")


@dataclass(frozen=True)
class Linked:
    """What a text was linked to: one procedure, or a few to choose from, or nothing."""

    best: Match | None
    choices: tuple[Match, ...]


def rank(session: Session, text: str, limit: int = 10) -> list[Match]:
    """Return the procedures that `text` may mean, best first."""
    return catalogue.of(session).index.rank(text, limit)


def link(session: Session, *texts: str) -> Linked:
    """Link the procedure that `texts` name: a name span first, the whole message last.

    The last text that is sure decides: "cccd" alone is an identity card, "làm lại cccd bị mất" a lost one. Choices
    are put in the order of the last text, because it says most about what is wanted.
    """
    sure: Match | None = None
    doubtful: list[Match] = []
    for text in texts:
        code = _CODE.search(text)
        if code and (named := catalogue.find(session, code[0])):
            return Linked(Match(named.code, named.name, 1.0), ())
        matches = rank(session, text, RANKED) if text else []
        if not matches:
            continue
        if _is_sure(matches):
            sure = matches[0]
        elif sure and matches[0].code != sure.code and matches[0].score >= SURE:
            sure = None  # the name alone was clear, but the message says something else about it: ask
            doubtful = [match for match in matches if match.score >= POSSIBLE]
            continue
        place = {match.code: number for number, match in enumerate(matches)}
        doubtful.sort(key=lambda match: place.get(match.code, RANKED))
        least = max(POSSIBLE, matches[0].score * 0.6)
        doubtful = doubtful or [match for match in matches if match.score >= least]
    if sure is None and len(doubtful) == 1 and doubtful[0].score >= SURE:
        sure = doubtful[0]
    return Linked(sure, ()) if sure else Linked(None, tuple(doubtful[:CHOICES]))


def _is_sure(matches: list[Match]) -> bool:
    first, second = matches[0].score, matches[1].score if len(matches) > 1 else 0.0
    return (first >= SURE and first - second >= MARGIN) or (first >= 0.9 and second < 0.86)
