"""The page of one procedure with everything known of it today, and its checklist as a picture and in print."""

from __future__ import annotations

from typing import Any

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

_ORDER = (
    "overview", "documents", "fee", "duration", "place", "steps", "online", "forms", "eligibility", "proxy", "result",
    "legal_basis",
)  # fmt: skip
_TYPES: dict[printing.Format, str] = {"png": "image/png", "pdf": "application/pdf"}


def procedure_page(request: Request) -> Response:
    """Serve the page of a procedure; says kindly when the code is unknown."""
    database: Database = request.app.state.database
    with database.reading() as session:
        known = find(session, request.path_params["code"])
        parts = [] if known is None else [_part(session, known, aspect) for aspect in _ORDER if known.has(aspect)]
        text = answers.explain(session, known.procedure.code, "overview").text if known and not parts else ""  # type: ignore[union-attr]
    return page(
        "procedure.html",
        200 if known else 404,
        known=known,
        procedure=known and known.procedure,
        parts=parts,
        text=text,
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


def _part(session: Any, known: Known, aspect: str) -> dict[str, Any]:
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
                    "source": answers.source_of(known.procedure, fact),
                }
            )
    return {"aspect": aspect, "title": ASPECT_TITLES[aspect], "told": told}


routes = [
    Route("/thu-tuc/{code:str}", procedure_page),
    Route("/thu-tuc/{code:str}/giay-to.{form:str}", checklist),
    Mount("/static/pages", StaticFiles(directory=HERE / "static")),
]
