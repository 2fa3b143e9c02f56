"""The page of one procedure with everything known of it today, and its checklist as a picture and in print."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot import printing
from bot.citing import UNVERIFIED
from bot.db.engine import Database
from bot.http_json import HttpError
from bot.pages.render import CACHED, HERE, page
from bot.procedures import answers, sheet
from bot.procedures.known import Known, find
from bot.procedures.notes import notes, of_the_old_level
from bot.procedures.wording import ASPECT_TITLES
from bot.text import capital

_ORDER = (
    "overview", "documents", "fee", "duration", "place", "steps", "online", "forms", "eligibility", "proxy", "result",
    "legal_basis",
)  # fmt: skip
# What most people come for: links to these stand at the top of a long page.
_WANTED_FIRST = ("documents", "fee", "duration", "place", "online", "proxy")
_FEW = 3
_BASES = "căn cứ "
_TYPES: dict[printing.Format, str] = {"png": "image/png", "pdf": "application/pdf"}


def procedure_page(request: Request) -> Response:
    """Serve the page of a procedure; says kindly when the code is unknown."""
    database: Database = request.app.state.database
    with database.reading() as session:
        known = find(session, request.path_params["code"])
        parts = [] if known is None else [_part(session, known, aspect) for aspect in _ORDER if known.has(aspect)]
        sources = [] if known is None else _sources(known)
        text = "" if known is None or parts else _known_by_name(session, known.procedure.code)
    return page(
        "procedure.html",
        200 if known else 404,
        known=known,
        procedure=known and known.procedure,
        parts=parts,
        jumps=[part for part in parts if part["aspect"] in _WANTED_FIRST] if len(parts) > _FEW else [],
        sources=sources,
        text=text,
        capital=capital,
    )


async def checklist(request: Request) -> Response:
    """Serve the checklist of a procedure as PNG or PDF."""
    form = request.path_params["form"]
    if form not in _TYPES:
        raise HttpError(404, "not_found", "Danh sách giấy tờ có bản png và pdf.")
    drawn = await run_in_threadpool(
        _drawn, request.app.state.database, request.path_params["code"], form, request.query_params.get("case")
    )
    return Response(drawn, media_type=_TYPES[form], headers=CACHED)


def _drawn(database: Database, code: str, form: printing.Format, case: str | None) -> bytes:
    with database.reading() as session:
        known = find(session, code)
        if known is None or not known.has("documents"):
            raise HttpError(404, "not_found", "Thủ tục này chưa có danh sách giấy tờ.")
        return sheet.drawn(known, form, case if known.option(case) else None)


def _part(session: Session, known: Known, aspect: str) -> dict[str, Any]:
    """Return one aspect for the page: every case of it, each with its list and its notes."""
    told = []
    for (held, case), fact in known.facts.items():
        if held == aspect:
            option = known.option(case)
            told.append(
                {
                    "case": option.title if option else None,
                    "case_id": case,
                    "text": fact.body["text"].removeprefix("Dạ, "),
                    "items": fact.body.get("items") or [],
                    "notes": [
                        *notes(session, known.procedure, fact),
                        *of_the_old_level(known.procedure, " ".join(fact.body.get("items") or [])),
                    ],
                    "doubt": UNVERIFIED if fact.status == "unverified" else None,
                }
            )
    return {"aspect": aspect, "title": ASPECT_TITLES[aspect], "told": told}


def _known_by_name(session: Session, code: str) -> str:
    """Return what is said of a procedure that nobody has described; its name stands above already."""
    answer = answers.explain(session, code, "overview")
    return capital(answer.text.partition("\n")[2].removeprefix("Dạ, ")) if answer else ""


def _sources(known: Known) -> list[str]:
    """Return where all this comes from: the line of most aspects, then what is different of the others."""
    told: dict[str, list[str]] = {}
    for aspect in _ORDER:
        for fact in (fact for (held, _), fact in known.facts.items() if held == aspect):
            told.setdefault(answers.source_of(known.procedure, fact), []).append(ASPECT_TITLES[aspect])
    if not told:
        return []
    usual = max(told, key=lambda line: len(told[line]))
    others: dict[str, list[str]] = {}
    for line in told:
        for title in dict.fromkeys(told[line]):
            others.setdefault(title, []).extend(part for part in _parts(line) if part not in _parts(usual))
    return [usual, *(f"{title}: {_joined(parts)}." for title, parts in others.items() if parts)]


def _parts(line: str) -> list[str]:
    return line.rstrip(".").split("; ")


def _joined(parts: list[str]) -> str:
    """Return the parts each once, and what several cases rest on in one."""
    bases = [basis for part in parts if part.startswith(_BASES) for basis in part.removeprefix(_BASES).split(", ")]
    rest = [part for part in parts if not part.startswith(_BASES)]
    return "; ".join(dict.fromkeys([*rest, *([_BASES + ", ".join(dict.fromkeys(bases))] if bases else [])]))


routes = [
    Route("/thu-tuc/{code:str}", procedure_page),
    Route("/thu-tuc/{code:str}/giay-to.{form:str}", checklist),
    Mount("/static/pages", StaticFiles(directory=HERE / "static")),
]
