"""Figures of a month for the supervisors: pictures with their tables beside them, files, the report, the settlement."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.db.engine import Database
from bot.desk.access import SUPERVISOR, DeskRoute, desk_of, look, member_of, run
from bot.desk.render import page
from bot.http_json import HttpError
from bot.privacy import audit
from bot.reports import centres, monthly, period, pictures, printed, spreadsheets
from bot.reports.monthly import Figures
from bot.reports.period import Month
from bot.reports.tables import as_data

KEPT_SECONDS = 60.0  # a page asks for its pictures right after it was shown: they are of the same numbers
MOST_KEPT = 8
MONTHS_LISTED = 24
# Ending → how it is made, its type.
FILES: dict[str, tuple[Callable[[Figures], bytes], str]] = {
    "csv": (spreadsheets.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (spreadsheets.as_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": (printed.as_pdf, "application/pdf"),
}


@dataclass(frozen=True)
class _Kept:
    """Figures that a page showed, and when."""

    figures: Figures
    at: float


_kept: WeakKeyDictionary[Database, dict[tuple[Month, str | None], _Kept]] = WeakKeyDictionary()


async def shown(request: Request) -> Response:
    """Show the figures of a month, of everything or of one centre."""
    month, centre = _asked(request)
    figures, names = await look(request, _counted, month, centre)
    kept = _kept.setdefault(desk_of(request).database, {})
    while len(kept) >= MOST_KEPT:
        kept.pop(next(iter(kept)), None)
    kept[month, centre] = _Kept(figures, time.monotonic())
    this = period.this_month()
    months = [this.moved(-back) for back in range(MONTHS_LISTED)]
    return page(
        request,
        "figures.html",
        figures=figures,
        tables=[_table(table) for table in figures.tables],
        months=months if month in months else [month, *months],
        centres=names,
        query=urlencode({"month": str(month), **({"centre": centre} if centre else {})}),
        only_whole=monthly.ONLY_WHOLE if centre else "",
        before=month.moved(-1),
        after=month.moved(1) if month < this else None,
    )


def _counted(session: Session, month: Month, centre: str | None) -> tuple[Figures, list[str]]:
    names = centres.centres(session)
    if centre is not None and centre not in names:
        raise HttpError(404, "no_centre", "Không có nơi nào mang tên này.")
    return monthly.collect(session, month, centre), names


def _table(table: Any) -> dict[str, Any]:
    drawn = table.key in pictures.PICTURES and bool(table.rows)
    return {**as_data(table), "picture": drawn, "alt": pictures.alt(table) if drawn else ""}


async def picture(request: Request) -> Response:
    """Return the picture of one table; its colours follow the page."""
    month, centre = _asked(request)
    kept = _kept.get(desk_of(request).database, {}).get((month, centre))
    if kept is not None and time.monotonic() - kept.at < KEPT_SECONDS:
        figures = kept.figures
    else:
        figures, _ = await look(request, _counted, month, centre)
    table = figures.table(request.path_params["key"])
    drawn = await asyncio.to_thread(pictures.picture, table) if table is not None else None
    if drawn is None:
        raise HttpError(404, "no_picture", "Tháng này không có hình đó.")
    return Response(pictures.following_theme(drawn), media_type="image/svg+xml")


async def file(request: Request) -> Response:
    """Return the figures as a file: CSV, XLSX or the report as PDF."""
    return await _file(request, request.path_params["ending"], "so-lieu", _counted)


async def settlement(request: Request) -> Response:
    """Return the settlement sheet of a month as a file."""
    return await _file(request, request.path_params["ending"], "quyet-toan", _settled)


def _settled(session: Session, month: Month, centre: str | None) -> tuple[Figures, list[str]]:
    return Figures(month, centre, monthly.settlement(session, month, centre)), []


async def _file(request: Request, ending: str, name: str, count: Callable[..., Any]) -> Response:
    if ending not in FILES:
        raise HttpError(404, "not_found", "Không có tệp này.")
    (month, centre), member = _asked(request), member_of(request)

    def counted(session: Session) -> Figures:
        audit.record(
            session, actor=member.actor, action="figures.export", subject=f"{name} {month} {ending}", reason=centre
        )
        figures: Figures = count(session, month, centre)[0]
        return figures

    figures = await run(request, counted)
    make, kind = FILES[ending]
    content = await asyncio.to_thread(make, figures)
    headers = {"Content-Disposition": f'attachment; filename="{name}-{month}.{ending}"'}
    return Response(content, media_type=kind, headers=headers)


def _asked(request: Request) -> tuple[Month, str | None]:
    """Return the month and the centre that are asked for; raises HttpError 400."""
    written = request.query_params.get("month")
    try:
        month = period.month(written) if written else period.this_month()
    except ValueError as error:
        raise HttpError(400, "bad_month", "Tháng viết dạng 2026-11 giúp.") from error
    return month, request.query_params.get("centre") or None


routes = [
    DeskRoute("/desk/figures", shown, roles=SUPERVISOR),
    DeskRoute("/desk/figures/{key}.svg", picture, roles=SUPERVISOR),
    DeskRoute("/desk/figures/settlement.{ending}", settlement, roles=SUPERVISOR),
    DeskRoute("/desk/figures/report.{ending}", file, roles=SUPERVISOR),
]
