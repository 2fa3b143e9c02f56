"""The page to find a procedure by everyday words, with the most asked ones for who does not know what to type."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.db.engine import Database
from bot.pages.render import page
from bot.procedures import catalogue, search
from bot.procedures.models import Procedure
from bot.text import clean

LONGEST, SHOWN, MOST_ASKED = 200, 15, 24
# Who searches sees names that hold the words, however unlikely each is beside the first; not what is beyond that.
NEAR_THE_FIRST = 1e-6


@dataclass(frozen=True)
class Row:
    """A procedure in a list."""

    code: str
    name: str
    field: str | None
    is_described: bool


def find_page(request: Request) -> Response:
    """Serve the search page: what was found for `q`, or what is asked for most."""
    database: Database = request.app.state.database
    asked = clean(request.query_params.get("q", "")[:LONGEST]).replace("\n", " ")
    with database.reading() as session:
        codes = _found(session, asked) if asked else _most_asked(session)
        rows = [row for code in codes if (row := _row(session, code))]
        count = len(catalogue.of(session).index.entries)
    return page("procedures.html", asked=asked, rows=rows, count=f"{count:,}".replace(",", "."))


def _found(session: Session, asked: str) -> list[str]:
    if catalogue.find(session, asked):
        return [asked]
    ranked = search.rank(session, asked, SHOWN)
    least = ranked[0].score * NEAR_THE_FIRST if ranked else 0
    named = [match.code for match in ranked if match.holds_all and match.score > least]
    return named or [match.code for match in ranked if match.score >= search.WORTH_A_BUTTON]


def _most_asked(session: Session) -> list[str]:
    wanted = select(Procedure.code).order_by(Procedure.popularity.desc(), Procedure.name)
    return list(session.execute(wanted.where(Procedure.popularity > 0).limit(MOST_ASKED)).scalars())


def _row(session: Session, code: str) -> Row | None:
    procedure = catalogue.find(session, code)
    return procedure and Row(procedure.code, procedure.name, procedure.field, bool(procedure.facts))


routes = [Route("/thu-tuc", find_page)]
