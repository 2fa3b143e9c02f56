"""Where a guide goes on: its resume code on the guide's page and at the counter, and nothing about the person."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot import clock
from bot.accounts import runs, runs_codes
from bot.accounts.guides import guides, links
from bot.accounts.models import GuideRun
from bot.db.engine import Database
from bot.http_json import HttpError, decode, json_response, read_body
from bot.pages import counter

NOT_KEPT = {"Cache-Control": "no-store"}  # whose code it is, nobody else is shown


@dataclass(frozen=True)
class GoingOn:
    """A run as a page shows it: its code, until when the code lives, and the step it stands at."""

    code: str
    until: str
    number: int


class Run(msgspec.Struct, forbid_unknown_fields=True):
    """A run by the random name that the counter page made for it."""

    run: str


def of_request(request: Request, goal: str) -> GoingOn | None:
    """Return the run of this guide whose code the address holds; None without one, or when it is no more."""
    code = runs_codes.find(request.query_params.get(links.CODE, ""))
    if code is None:
        return None
    database: Database = request.app.state.database
    with database.reading() as session:
        run = runs.by_code(session, code)
        return _seen(run) if run is not None and run.goal == goal else None


async def give(request: Request) -> Response:
    """Give the resume code of a run at the counter, for the citizen to go on with at home."""
    goal = request.path_params["goal"]
    if goal not in guides():
        raise HttpError(404, "not_found", "Không có hướng dẫn này.")
    counter.check_type(request)
    wanted = decode(await read_body(request, counter.LARGEST), Run)
    assert isinstance(wanted, Run)
    counter.count()
    given = await run_in_threadpool(_given, request.app.state.database, goal, wanted.run)
    if given is None:
        raise HttpError(404, "no_run", "Chưa ghi được lượt này, anh/chị thử lại sau vài giây.")
    return json_response({"code": given.code, "until": given.until, "step": given.number}, headers=NOT_KEPT)


def _given(database: Database, goal: str, key: str) -> GoingOn | None:
    with database.unit_of_work() as session:
        return _with_code(session, runs.by_key(session, key, goal))


def _with_code(session: Session, run: GuideRun | None) -> GoingOn | None:
    if run is None:
        return None
    runs.give_code(session, run)
    return _seen(run)


def _seen(run: GuideRun) -> GoingOn | None:
    at = runs.place(run)
    if at is None:
        return None
    return GoingOn(str(run.code), f"{clock.to_vietnam(run.code_expires_at):%d/%m/%Y}", at.number)
