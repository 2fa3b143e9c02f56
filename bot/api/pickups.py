"""The calls of the post (contract §4): it takes the work, and reports what became of each booking."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.api.auth import authorise
from bot.api.bodies import json_object
from bot.api.pickup_calls import EVENTS, MOST, PATH, USUAL
from bot.api.pickup_forms import ReportAnswer, Work, WorkList
from bot.db.engine import Database
from bot.http_json import HttpError, json_response
from bot.importing import RowError
from bot.pickups import numbers
from bot.pickups.models import STATES
from bot.pickups.post import reports, work
from bot.pickups.post.reports import ReportRefused, Taken
from bot.pickups.post.work import UnknownBooking
from bot.privacy import audit

PRIVATE = {"Cache-Control": "no-store"}
_REFUSED = {"unknown_booking": 404, "event_differs": 409, "move_refused": 409, "too_soon": 409, "future_event": 422}


async def listed(request: Request) -> Response:
    """Return the bookings of one state, oldest first, personal data included; each look is written down."""
    holder = await authorise(request, "pickups")
    asked = _asked(request)
    answer = await asyncio.to_thread(_listed, _database(request), f"token:{holder.name}", *asked)
    return json_response(answer, headers=PRIVATE)


async def report(request: Request) -> Response:
    """Take what became of a booking, once per `event_id`."""
    await authorise(request, "pickups")
    row = await json_object(request)
    taken = await asyncio.to_thread(_report, _database(request), request.path_params["booking"], row)
    answer = ReportAnswer("new" if taken.new else "same", taken.moved, taken.state, taken.warning)
    return json_response(answer, 201 if taken.new else 200)


def _asked(request: Request) -> tuple[str, str | None, int]:
    """Return state, booking and number of the list that is asked for; raises HttpError 422."""
    state = request.query_params.get("state", "requested")
    if state not in STATES:
        raise _bad_field(f"state phải là một trong: {', '.join(STATES)}")
    limit = request.query_params.get("limit", str(USUAL))
    if not (limit.isascii() and limit.isdecimal() and len(limit) < 10 and 1 <= int(limit) <= MOST):
        raise _bad_field(f"limit phải là số từ 1 đến {MOST}")
    return state, request.query_params.get("after"), int(limit)


def _listed(database: Database, actor: str, state: str, after: str | None, limit: int) -> WorkList:
    with database.unit_of_work() as session:
        try:
            found = work.in_state(session, state, None if after is None else _number(after) or "", limit + 1)
        except UnknownBooking as error:
            raise _bad_field("after phải là số của một lịch hẹn đã có") from error
        shown = [Work(**one) for one in found[:limit]]
        for one in shown:
            audit.record(session, actor=actor, action="pickup.read", subject=one.booking)
        return WorkList(shown, more=len(found) > limit)


def _report(database: Database, written: str, row: dict[str, Any]) -> Taken:
    try:
        event = reports.check(row)
        with database.unit_of_work() as session:
            return reports.take(session, _number(written) or "", event)
    except RowError as error:
        raise _bad_field(str(error)) from error
    except ReportRefused as error:
        raise HttpError(_REFUSED[error.reason], error.reason, _sentence(str(error))) from error


def _number(written: str) -> str | None:
    """Return the booking number that is written here, as people write one; None when there is none, or two."""
    found = numbers.find(written)
    return found[0] if len(found) == 1 else None


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def _bad_field(reason: str) -> HttpError:
    return HttpError(422, "bad_field", _sentence(reason))


def _sentence(reason: str) -> str:
    return f"Dữ liệu chưa nhận được: {reason}."


routes = [Route(PATH, listed, methods=["GET"]), Route(EVENTS, report, methods=["POST"])]
