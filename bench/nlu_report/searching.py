"""Procedure search, measured on questions of people who know no official name, beside two plainer ways."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import yaml
from sqlalchemy.orm import Session

from bench.nlu_report.bm25 import Bm25
from bench.nlu_report.catalogue import instead, without_aliases
from bench.nlu_report.figures import Bin, Figure, calibration, reliability, share
from bot.procedures import catalogue, search
from bot.procedures.index import Entry
from bot.settings import ROOT
from bot.text import fold

QUESTIONS = ROOT / "tests" / "search_heldout" / "questions.yml"
STYLES = ("marks", "bare", "noisy")
FAR = 99
_LOOKED_AT = 30  # ranks asked for, so that ten are left when same names are one


@dataclass(frozen=True)
class Question:
    """What somebody asks, and the procedures that answer it."""

    ask: str
    codes: frozenset[str]
    style: str


@dataclass(frozen=True)
class Asked:
    """A question and what the search made of it."""

    question: Question
    place: int  # of the first right procedure, from 0; FAR when it is not found
    chance: float  # of the procedure that comes first
    outcome: str  # "answered", "asked back" or "not found"
    answered_wrong: bool
    seconds: float


@dataclass(frozen=True)
class Search:
    """The figures of some questions."""

    first: Figure
    three: Figure
    ten: Figure
    answered: Figure
    asked_back: Figure
    not_found: Figure
    wrong: Figure
    calibration: Figure
    bins: list[Bin]


def questions(known: Sequence[Entry]) -> tuple[list[Question], int]:
    """Return the held-out questions whose procedure is in the catalogue, and how many are left out."""
    codes = {entry.code for entry in known}
    rows = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    every = [Question(r["ask"], frozenset([r["code"], *(r.get("also") or [])]), r["style"]) for r in rows]
    kept = [one for one in every if one.codes & codes]
    return kept, len(every) - len(kept)


def asked(session: Session, known: Sequence[Entry], rows: Sequence[Question], step: Callable[[], None]) -> list[Asked]:
    """Ask the product's search every question."""
    named = {entry.code: _same(entry.name) for entry in known}
    for one in rows[:20]:
        search.rank(session, one.ask)
    results = []
    for one in rows:
        right = {named[code] for code in one.codes if code in named}
        begun = time.perf_counter()
        search.rank(session, one.ask)
        seconds = time.perf_counter() - begun
        likely: dict[str, float] = {}
        for match in search.rank(session, one.ask, _LOOKED_AT):
            likely[_same(match.name)] = likely.get(_same(match.name), 0.0) + match.score
        ranked = sorted(likely, key=lambda name: -likely[name])
        linked = search.link(session, one.ask)
        results.append(
            Asked(
                one,
                _place(ranked, right),
                min(likely[ranked[0]], 1.0) if ranked else 0.0,
                "answered" if linked.best else "asked back" if linked.choices else "not found",
                linked.best is not None and _same(linked.best.name) not in right,
                seconds,
            )
        )
        step()
    return results


def plain(known: Sequence[Entry], rows: Sequence[Question]) -> list[Asked]:
    """Ask BM25 over the official names, marks as typed."""
    index = Bm25([entry.name for entry in known])
    named = {entry.code: _same(entry.name) for entry in known}
    results = []
    for one in rows:
        begun = time.perf_counter()
        best = index.best(one.ask, _LOOKED_AT)
        seconds = time.perf_counter() - begun
        ranked = list(dict.fromkeys(_same(known[i].name) for i in best))
        place = _place(ranked, {named[code] for code in one.codes if code in named})
        results.append(Asked(one, place, 0.0, "", False, seconds))
    return results


def unaided(session: Session, known: Sequence[Entry], rows: Sequence[Question]) -> list[Asked]:
    """Ask the product's search as it would be without our everyday names."""
    with instead(without_aliases(known)):
        return asked(session, known, rows, lambda: None)


def figures(results: Sequence[Asked]) -> Search:
    """Return the figures of `results`."""
    chances, hits = [one.chance for one in results], [one.place == 0 for one in results]

    def outcome(name: str) -> Figure:
        return share([one.outcome == name for one in results])

    return Search(
        first=share(hits),
        three=share([one.place < 3 for one in results]),
        ten=share([one.place < 10 for one in results]),
        answered=outcome("answered"),
        asked_back=outcome("asked back"),
        not_found=outcome("not found"),
        wrong=share([one.answered_wrong for one in results]),
        calibration=calibration(chances, hits),
        bins=reliability(chances, hits) if results else [],
    )


def entries(session: Session) -> list[Entry]:
    """Return what the product's index holds."""
    return list(catalogue.of(session).index.entries)


def _same(name: str) -> str:
    """Return what tells names apart: the catalogue holds some procedures under several codes."""
    return fold(name).strip(" .")


def _place(ranked: Sequence[str], right: set[str]) -> int:
    return next((i for i, name in enumerate(ranked) if name in right), FAR)
