"""Bookings of the postman by state and office, and the sheet that a centre settles a month with."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from bot.dossiers.models import Dossier
from bot.pickups.models import STATES, Pickup, PickupEvent, PickupSlot
from bot.places.models import Office
from bot.reports.centres import OUTSIDE
from bot.reports.period import Month
from bot.reports.tables import Cell, Column, Table, totalled

STATE_NAMES = {
    "requested": "Chờ xác nhận",
    "confirmed": "Đã xác nhận",
    "assigned": "Đã giao bưu tá",
    "picked_up": "Đã lấy",
    "out_for_delivery": "Đang đi giao",
    "delivered": "Xong",
    "failed_1": "Vắng lần 1",
    "failed_2": "Vắng lần 2",
    "returned": "Trả lại cơ quan",
    "cancelled": "Đã hủy",
    "rejected": "Bưu điện không nhận",
}


def states_table(session: Session, month: Month, centre: str | None = None) -> Table:
    """Return the bookings made in a month by office and state, as they stand now; only states that occur."""
    wanted = _by_office(select(_office(), Pickup.state, func.count()), centre)
    wanted = wanted.where(Pickup.created_at >= month.start, Pickup.created_at < month.end)
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for office, state, count in session.execute(wanted.group_by(_office(), Pickup.state)):
        counts[office][state] = int(count)
    states = [state for state in STATES if any(state in found for found in counts.values())]
    rows: list[tuple[Cell, ...]] = [
        (office, *(found.get(state, 0) for state in states), sum(found.values()))
        for office, found in sorted(counts.items(), key=lambda pair: (pair[0] == OUTSIDE, pair[0]))
    ]
    columns = (Column("Bưu cục", "text"), *(Column(STATE_NAMES[state]) for state in states), Column("Cộng"))
    note = "Lịch đặt trong tháng, theo tình trạng hiện nay."
    return Table("pickups", "Bưu tá đến nhà", columns, tuple(rows), note, totalled(rows))


def settlement_table(session: Session, month: Month, centre: str | None = None) -> Table:
    """Return by office what is settled for the bookings done in a month: visits and postage, whole đồng."""
    done = _done(month)
    known, prepaid = Pickup.fee.is_not(None), Pickup.payment == "before"
    services = [_sum(Pickup.service == service) for service in ("deliver", "collect", "both")]
    wanted = _by_office(
        select(
            _office(),
            *services,
            func.count(),
            func.sum(case((known & prepaid, Pickup.fee), else_=0)),
            func.sum(case((known & ~prepaid, Pickup.fee), else_=0)),
            _sum(~known),
        ),
        centre,
    ).join(done, done.c.pickup_id == Pickup.id)
    rows: list[tuple[Cell, ...]] = [
        (office, *(int(number) for number in numbers))
        for office, *numbers in session.execute(wanted.group_by(_office()))
    ]
    rows.sort(key=lambda row: (row[0] == OUTSIDE, row[0]))
    columns = (
        Column("Bưu cục", "text"),
        Column("Giao kết quả"),
        Column("Lấy hồ sơ"),
        Column("Giao và lấy"),
        Column("Lượt xong"),
        Column("Cước trả trước", "dong"),
        Column("Cước thu khi đến", "dong"),
        Column("Lượt chưa có cước"),
    )
    return Table("settlement", "Quyết toán: lượt bưu tá và cước", columns, tuple(rows), _POSTAGE, totalled(rows))


def fees_table(session: Session, month: Month, centre: str | None = None) -> Table:
    """Return by office the administrative fees of the dossiers delivered in a month: another sum than the postage.

    Nothing reports what a postman collected and handed on, so both stay unknown.
    """
    done = _done(month)
    state = func.coalesce(Dossier.payment_state, "unpaid")
    paid, unpaid = state == "paid", state.in_(("unpaid", "pending"))
    due = Dossier.amount_due.is_not(None) & (paid | unpaid)  # what was waived or given back is owed by nobody
    wanted = (
        _by_office(
            select(
                _office(),
                _sum(due),
                func.sum(case((due & paid, Dossier.amount_due), else_=0)),
                func.sum(case((due & unpaid, Dossier.amount_due), else_=0)),
                _sum(Dossier.amount_due.is_(None)),
            ),
            centre,
        )
        .join(done, done.c.pickup_id == Pickup.id)
        .outerjoin(Dossier, Dossier.code == Pickup.dossier_code)
        .where(Pickup.service != "collect")
    )
    rows: list[tuple[Cell, ...]] = [
        (office, *(int(number) for number in numbers), None, None)
        for office, *numbers in session.execute(wanted.group_by(_office()))
    ]
    rows.sort(key=lambda row: (row[0] == OUTSIDE, row[0]))
    columns = (
        Column("Bưu cục", "text"),
        Column("Hồ sơ có lệ phí"),
        Column("Lệ phí ghi đã nộp", "dong"),
        Column("Lệ phí ghi chưa nộp", "dong"),
        Column("Hồ sơ không ghi lệ phí"),
        Column("Bưu tá đã thu hộ", "dong"),
        Column("Đã nộp lại cơ quan", "dong"),
    )
    return Table("fees", "Quyết toán: lệ phí hồ sơ", columns, tuple(rows), _FEES, totalled(rows))


def _office() -> Any:
    return func.coalesce(Office.name, OUTSIDE)


def _by_office(wanted: Any, centre: str | None) -> Any:
    """Return a selection from the bookings with the office of their half-day; that of one centre only."""
    joined = (
        wanted.select_from(Pickup)
        .outerjoin(PickupSlot, PickupSlot.id == Pickup.slot_id)
        .outerjoin(Office, Office.code == PickupSlot.office_code)
    )
    return joined if centre is None else joined.where(Office.name == centre)


def _done(month: Month) -> Any:
    """Return the bookings that were done in a month, each once: what the post reports twice is one visit."""
    at = func.min(PickupEvent.at)
    return (
        select(PickupEvent.pickup_id)
        .join(Pickup, Pickup.id == PickupEvent.pickup_id)
        .where(PickupEvent.state == "delivered", Pickup.state == "delivered")
        .group_by(PickupEvent.pickup_id)
        .having((at >= month.start) & (at < month.end))
        .subquery()
    )


def _sum(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))


_POSTAGE = (
    "Lượt bưu tá làm xong trong tháng. Cước là của bưu điện, tính bằng đồng, theo mức ghi ở từng lịch; "
    "lượt chưa có cước không nằm trong hai cột tiền."
)
_FEES = (
    "Lệ phí là tiền của cơ quan giải quyết, không cộng với cước. Số ghi trong hồ sơ của các lượt giao xong; hồ sơ "
    "không cho biết ai thu. Bưu điện chưa báo số bưu tá thu hộ và nộp lại, nên hai cột cuối chưa có số."
)
