"""The checklist of a procedure on the table: what the citizen has is ticked, what is missing can be said on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.citing import shortened, source_line
from bot.messages import Message, lines, say
from bot.procedures import sheet
from bot.procedures.cases import Option
from bot.procedures.known import Known, find
from bot.procedures.wording import ASPECT_TITLES

_MORE = ("fee", "duration", "place")
_LONGEST_NAME = 140


@dataclass(frozen=True)
class Paper:
    """One paper of a list; `number` is its place, by which it is ticked."""

    number: int
    text: str


@dataclass(frozen=True)
class Checklist:
    """The papers of a procedure in one case, and what else is asked at the counter."""

    code: str
    name: str
    cases: tuple[Option, ...]
    case: str | None
    papers: tuple[Paper, ...]  # everybody brings them
    only_some: tuple[str, ...]  # for some people only: no box to tick
    more: tuple[tuple[str, str], ...]  # title and sentence: fee, time, place
    source: str
    as_of: str | None
    legal_basis: tuple[str, ...]

    def missing(self, have: Collection[int]) -> tuple[Paper, ...]:
        """Return the papers that are not among the numbers of those that are there."""
        return tuple(paper for paper in self.papers if paper.number not in have)


def checklist(session: Session, code: str, case: str | None = None) -> Checklist | None:
    """Return the checklist of a procedure, for the usual or the first case if none is named; None for no procedure.

    Without a list of papers in the record, `papers` is empty.
    """
    known = find(session, code)
    if known is None:
        return None
    cases = sheet.cases_of(known)
    if case not in [option.id for option in cases]:
        case = known.usual_case or (cases[0].id if cases else None)
    fact = known.fact("documents", case)
    items = [] if fact is None else fact.body.get("items") or [_plain(fact.body["text"])]
    numbered = [Paper(number, text) for number, text in enumerate(items)]
    procedure = known.procedure
    return Checklist(
        procedure.code,
        shortened(procedure.name, _LONGEST_NAME),
        cases,
        case,
        tuple(paper for paper in numbered if not sheet.only_some_bring(paper.text)),
        tuple(paper.text for paper in numbered if sheet.only_some_bring(paper.text)),
        tuple(_more(known, case)),
        source_line(procedure.source_title or "danh mục thủ tục", procedure.legal_basis, fact.as_of, fact.checked_at)
        if fact
        else "",
        procedure.as_of,
        tuple(procedure.legal_basis),
    )


def message(listed: Checklist, have: Collection[int]) -> Message:
    """Return what is still missing, as the citizen gets it."""
    missing = [paper.text for paper in listed.missing(have)]
    first = f"Dạ, {listed.name}: anh/chị còn thiếu mấy giấy tờ sau:"
    text = lines(first, missing, listed.source) if missing else f"Dạ, {listed.name}: giấy tờ anh/chị đã đủ ạ."
    return say(
        "procedure",
        text,
        code=listed.code,
        name=listed.name,
        aspect="documents",
        as_of=listed.as_of,
        legal_basis=list(listed.legal_basis),
    )


def _more(known: Known, case: str | None) -> list[tuple[str, str]]:
    facts = [(aspect, known.fact(aspect, case)) for aspect in _MORE]
    return [(ASPECT_TITLES[aspect], _plain(fact.body["text"])) for aspect, fact in facts if fact is not None]


def _plain(text: str) -> str:
    text = text.removeprefix("Dạ, ")
    return text[:1].upper() + text[1:]
