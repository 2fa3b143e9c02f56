"""The calls about dossiers (contract §4): a system of record hands them in, reports changes, reads them back."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy.exc import IntegrityError
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.api.auth import authorise
from bot.api.bodies import json_object
from bot.api.dossier_calls import PATH
from bot.api.forms import EventAnswer, PutAnswer
from bot.db.engine import Database
from bot.dossiers import codes, lookup
from bot.dossiers.intake import events, records, storing, upstream
from bot.dossiers.intake.events import Change, Reported
from bot.dossiers.intake.records import UnknownStatusError
from bot.http_json import HttpError, json_response
from bot.importing import RowError
from bot.privacy import audit

LARGEST_RECORD = 512 * 1024
PRIVATE = {"Cache-Control": "no-store"}
_REFUSED = {"unknown_dossier": 404, "event_differs": 409, "unknown_status": 422, "future_event": 422}


class _CodeConvertor(Convertor[str]):
    """A dossier code in an address: people write slashes in it, too."""

    regex = ".+(?<!/events)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("dossier", _CodeConvertor())


async def dossier(request: Request) -> Response:
    """Answer the two calls of one address; one route, so that a refused method is told both of them."""
    return await (put if request.method == "PUT" else read)(request)


async def put(request: Request) -> Response:
    """Create or replace a dossier."""
    holder = await authorise(request, "dossiers:write")
    row = await json_object(request, LARGEST_RECORD)
    change, code = await asyncio.to_thread(_put, _database(request), _code(request), row, _source(holder.name))
    return json_response(PutAnswer(change.value, code), 201 if change is Change.NEW else 200)


async def report(request: Request) -> Response:
    """Take a change of state, once per `event_id`."""
    holder = await authorise(request, "dossiers:write")
    row = await json_object(request)
    reported = await asyncio.to_thread(_report, _database(request), _code(request), row, _source(holder.name))
    if reported.change is None:
        raise HttpError(_REFUSED[reported.review or ""], reported.review or "", _sentence(reported.detail))
    answer = EventAnswer(reported.change.value, reported.moved, reported.review)
    return json_response(answer, 201 if reported.change is Change.NEW else 200)


async def read(request: Request) -> Response:
    """Return a dossier whole, personal data included; who looked is written down with the look."""
    holder = await authorise(request, "dossiers:read")
    record = await asyncio.to_thread(_read, _database(request), _code(request), f"token:{holder.name}")
    return json_response(record, headers=PRIVATE)


def _put(database: Database, code: str, row: dict[str, Any], source: str) -> tuple[Change, str]:
    try:
        return _put_once(database, code, row, source)
    except IntegrityError:  # two first reports of one dossier met: now there is one to replace
        return _put_once(database, code, row, source)
    except RowError as error:
        raise _bad_field(error) from error


def _put_once(database: Database, code: str, row: dict[str, Any], source: str) -> tuple[Change, str]:
    code = records.dossier_code(code)
    with database.unit_of_work() as session:
        try:
            return storing.put(session, code, row), code
        except UnknownStatusError as error:
            detail = str(error)
            upstream.keep_unknown(session, code, row, source, detail)
    raise HttpError(_REFUSED["unknown_status"], "unknown_status", _sentence(detail))


def _report(database: Database, code: str, row: dict[str, Any], source: str) -> Reported:
    try:
        with database.unit_of_work() as session:
            return events.report(session, code, row, source)
    except RowError as error:
        raise _bad_field(error) from error


def _read(database: Database, code: str, actor: str) -> dict[str, Any]:
    standard = codes.normalise(code, future=True)
    with database.unit_of_work() as session:
        dossier = lookup.find(session, standard) if standard else None
        if dossier is None:
            raise HttpError(404, "unknown_dossier", "Không có hồ sơ mang mã này.")
        audit.record(session, actor=actor, action="dossier.read", subject=dossier.code)
        return lookup.full_record(dossier)


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def _code(request: Request) -> str:
    code: str = request.path_params["code"]
    return code


def _source(name: str) -> str:
    return f"token {name}"


def _bad_field(error: RowError) -> HttpError:
    return HttpError(422, "bad_field", _sentence(str(error)))


def _sentence(reason: str) -> str:
    return f"Dữ liệu chưa nhận được: {reason}."


_CODE = PATH.replace("code", "code:dossier")
routes = [
    Route(f"{_CODE}/events", report, methods=["POST"]),
    Route(_CODE, dossier, methods=["GET", "PUT"]),
]
