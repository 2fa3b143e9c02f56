"""What the counter page reports: how a guide goes with a citizen in front of it, and nothing about the citizen."""

from __future__ import annotations

import re
import time
from collections import deque

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.accounts import runs
from bot.accounts.guides import Guide, guides
from bot.db.engine import Database
from bot.http_json import HttpError, decode, read_body

CHANNEL = "counter"
EVENTS = ("shown", "done", "stuck")
LARGEST = 1024  # bytes
# Of one process. All counters of the province together tick a few times a second; more is somebody who fills tables.
MOST, WITHIN_SECONDS = 1_200, 60.0
_RUN = re.compile(r"[A-Za-z0-9_-]{8,40}")
_ticks: deque[float] = deque(maxlen=MOST)


class Tick(msgspec.Struct, forbid_unknown_fields=True):
    """One report: a run (a random name that the page makes), a step, and what became of it."""

    run: str
    step: str
    event: str


async def tick(request: Request) -> Response:
    """Write down what the counter page reports.

    Always 204 when the report is well formed: a step that a newer version of the guide no longer has is no fault
    of the person who ticked it.
    """
    guide = guides().get(request.path_params["goal"])
    if guide is None:
        raise HttpError(404, "not_found", "Không có hướng dẫn này.")
    check_type(request)
    seen = decode(await read_body(request, LARGEST), Tick)
    assert isinstance(seen, Tick)
    if seen.event not in EVENTS or not _RUN.fullmatch(seen.run):
        raise HttpError(400, "bad_request", "run là 8 đến 40 chữ, số; event là shown, done hoặc stuck.")
    count()
    await run_in_threadpool(_write, request.app.state.database, guide, seen)
    return Response(status_code=204)


def check_type(request: Request) -> None:
    """Take JSON only, which a form of another site cannot send; raises HttpError 415."""
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise HttpError(415, "wrong_type", "Chỉ nhận nội dung JSON (Content-Type: application/json).")


def count() -> None:
    """Count a report; raises HttpError 503 when more come than all counters could make."""
    now = time.monotonic()
    if len(_ticks) == MOST and _ticks[0] > now - WITHIN_SECONDS:
        raise HttpError(503, "busy", "Máy bên em đang nhận nhiều lượt, anh/chị chờ một phút rồi gửi lại giúp em.")
    _ticks.append(now)


def _write(database: Database, guide: Guide, seen: Tick) -> None:
    with database.unit_of_work() as session:
        runs.record(session, CHANNEL, seen.run, guide.goal, guide.version, seen.step, seen.event)
