"""Dossiers filed online and returned by post, by centre and month; and what citizens follow."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from bot.dossiers.models import CHANNELS, RETURN_METHODS, Dossier
from bot.dossiers.notices.models import DossierSubscription
from bot.reports.period import Month
from bot.reports.tables import Cell, Column, Table, share, totalled

MONTHS_BACK = 11  # beside the month itself: a year in one picture
MOST_PROCEDURES = 15
NO_AGENCY = "Không ghi nơi giải quyết"
_NO_TARGET = "Chưa có chỉ tiêu của tỉnh trong dữ liệu nên không vẽ mức để so."


def shares_table(session: Session, month: Month, centre: str | None = None) -> Table:
    """Return by centre how many dossiers were filed in a month, how, and how those returned in it were returned."""
    filed = _grouped(session, Dossier.channel, CHANNELS, Dossier.received_at, month, centre)
    returned = _grouped(session, Dossier.return_method, RETURN_METHODS, Dossier.returned_at, month, centre)
    empty = (0, 0, 0, 0)
    rows = [
        (name, *_shares(filed.get(name, empty), 1), *_shares(returned.get(name, empty), 1))
        for name in sorted({*filed, *returned}, key=lambda one: (one == NO_AGENCY, one))
    ]
    total = None
    if len(rows) > 1:
        sums = [tuple(map(sum, zip(*found.values(), strict=True))) or empty for found in (filed, returned)]
        total = ("Tổng cộng", *_shares(sums[0], 1), *_shares(sums[1], 1))
    columns = (
        Column("Nơi giải quyết", "text"),
        Column("Tiếp nhận"),
        Column("Nộp trực tuyến"),
        Column("Không ghi cách nộp"),
        Column("Tỷ lệ trực tuyến", "share"),
        Column("Đã trả kết quả"),
        Column("Trả qua bưu điện"),
        Column("Không ghi cách trả"),
        Column("Tỷ lệ qua bưu điện", "share"),
    )
    return Table("shares", "Hồ sơ nộp trực tuyến, trả qua bưu điện", columns, tuple(rows), _NOTE, total)


def trend_table(session: Session, month: Month, centre: str | None = None) -> Table:
    """Return both shares for the month and the eleven before it."""
    months = [month.moved(back) for back in range(-MONTHS_BACK, 1)]
    filed = _by_month(session, Dossier.channel, CHANNELS, Dossier.received_at, months, centre)
    returned = _by_month(session, Dossier.return_method, RETURN_METHODS, Dossier.returned_at, months, centre)
    rows = []
    for place, one in enumerate(months):
        came, went = _shares(filed[place], 1), _shares(returned[place], 1)
        rows.append((one.short, came[0], came[3], went[0], went[3]))
    columns = (
        Column("Tháng", "text"),
        Column("Tiếp nhận"),
        Column("Tỷ lệ trực tuyến", "share"),
        Column("Đã trả kết quả"),
        Column("Tỷ lệ qua bưu điện", "share"),
    )
    return Table("trend", "Mười hai tháng: trực tuyến và bưu điện", columns, tuple(rows), _NO_TARGET)


def followed_table(session: Session, month: Month) -> Table:
    """Return which procedures the dossiers belong to that citizens began to follow in a month."""
    name = func.coalesce(Dossier.procedure_name, "Không ghi thủ tục")
    found = session.execute(
        select(name, func.count().label("count"))
        .select_from(DossierSubscription)
        .join(Dossier, Dossier.code == DossierSubscription.code)
        .where(DossierSubscription.since >= month.start, DossierSubscription.since < month.end)
        .group_by(name)
        .order_by(func.count().desc(), name)
    ).all()
    rows: list[tuple[Cell, ...]] = [(one, int(count)) for one, count in found[:MOST_PROCEDURES]]
    if rest := sum(int(count) for _, count in found[MOST_PROCEDURES:]):
        rows.append(("Các thủ tục khác", rest))
    columns = (Column("Thủ tục", "text"), Column("Lượt theo dõi"))
    note = "Hồ sơ mà người dân bắt đầu theo dõi trong tháng; hỏi một lần rồi thôi thì nằm ở bảng theo chủ đề."
    return Table("followed", "Hồ sơ được theo dõi", columns, tuple(rows), note, totalled(rows))


def _grouped(
    session: Session, kind: Any, kinds: tuple[str, ...], at: Any, month: Month, centre: str | None
) -> dict[str, tuple[int, ...]]:
    """Return by agency how many dossiers of each kind there are, those of no known kind last."""
    agency = func.coalesce(Dossier.agency, NO_AGENCY)
    wanted = select(agency, *_counts(kind, kinds)).where(at >= month.start, at < month.end).group_by(agency)
    if centre is not None:
        wanted = wanted.where(Dossier.agency == centre)
    return {name: tuple(int(count) for count in counts) for name, *counts in session.execute(wanted)}


def _by_month(
    session: Session, kind: Any, kinds: tuple[str, ...], at: Any, months: list[Month], centre: str | None
) -> list[tuple[int, ...]]:
    """Return the same by month, in one look at the table."""
    place = case(*((at < month.end, number) for number, month in enumerate(months)))
    inner = select(place.label("place"), kind.label("kind")).where(at >= months[0].start, at < months[-1].end)
    if centre is not None:
        inner = inner.where(Dossier.agency == centre)
    found = inner.subquery()
    counted = session.execute(select(found.c.place, *_counts(found.c.kind, kinds)).group_by(found.c.place))
    by_place = {number: tuple(int(count) for count in counts) for number, *counts in counted}
    return [by_place.get(number, (0,) * (len(kinds) + 1)) for number in range(len(months))]


def _counts(kind: Any, kinds: tuple[str, ...]) -> list[Any]:
    known = [func.sum(case((kind == one, 1), else_=0)) for one in kinds]
    return [*known, func.sum(case((kind.is_(None), 1), else_=0))]


def _shares(counts: tuple[int, ...], wanted: int) -> tuple[int, int, int, float | None]:
    """Return all, those of the wanted kind, those of none, and the share of the wanted among those of a known kind."""
    known = sum(counts[:-1])
    return sum(counts), counts[wanted], counts[-1], share(counts[wanted], known)


_NOTE = (
    "Tiếp nhận và trả kết quả trong tháng, theo dữ liệu một cửa. Tỷ lệ tính trên hồ sơ có ghi cách nộp, cách trả. "
    + _NO_TARGET
)
