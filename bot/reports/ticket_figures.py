"""Tickets by topic with their terms: open, late, done in time."""

from __future__ import annotations

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.reports.period import Month
from bot.reports.tables import Cell, Column, Table, totalled
from bot.tickets import timers
from bot.tickets.models import Ticket
from bot.tickets.names import TOPIC_NAMES
from bot.tickets.tickets import ANSWER_WITHIN

_NO_TERM = "không đặt hạn"


def tickets_table(session: Session, month: Month) -> Table:
    """Return the tickets opened in a month, by topic, as they stand now."""
    now, is_closed, has_term = clock.now(), Ticket.state == "closed", Ticket.due_at.is_not(None)
    counted = (
        and_(~is_closed, (Ticket.due_at >= now) | ~has_term),
        and_(~is_closed, Ticket.due_at < now),
        and_(is_closed, Ticket.closed_at <= Ticket.due_at),
        and_(is_closed, Ticket.closed_at > Ticket.due_at),
        and_(is_closed, ~has_term),
    )
    sums = [func.sum(case((condition, 1), else_=0)) for condition in counted]
    found = session.execute(
        select(Ticket.topic, func.count(), *sums)
        .where(Ticket.created_at >= month.start, Ticket.created_at < month.end)
        .group_by(Ticket.topic)
    )
    by_topic = {topic: tuple(int(count) for count in counts) for topic, *counts in found}
    rows: list[tuple[Cell, ...]] = [
        (name, *by_topic[topic], _term(topic)) for topic, name in TOPIC_NAMES.items() if topic in by_topic
    ]
    columns = (
        Column("Loại việc", "text"),
        Column("Mở trong tháng"),
        Column("Đang mở"),
        Column("Đang mở, quá hạn"),
        Column("Xong đúng hạn"),
        Column("Xong trễ hạn"),
        Column("Xong, không đặt hạn"),
        Column("Hạn", "text"),
    )
    total = totalled([row[:-1] for row in rows])
    note = f"Phiếu mở trong {month.name}, tính đến {clock.say_time(now)}. Đang mở gồm cả phiếu không đặt hạn. {_BASES}"
    return Table("tickets", "Phiếu việc và hạn", columns, tuple(rows), note, (*total, "") if total else None)


def acknowledged_table(session: Session, month: Month) -> Table:
    """Return how requests about personal data were acknowledged: within two working days of their coming."""
    found = session.execute(
        select(Ticket.created_at, Ticket.taken_at).where(
            Ticket.topic == timers.DATA_REQUEST, Ticket.created_at >= month.start, Ticket.created_at < month.end
        )
    ).all()
    now, counts = clock.now(), {"in": 0, "late": 0, "waiting": 0}
    for row in found:
        due = timers.ACKNOWLEDGE.due(row.created_at)
        in_time = (row.taken_at or now) <= due
        counts["in" if row.taken_at and in_time else "waiting" if in_time else "late"] += 1
    names = (("in", "Xác nhận đúng hạn"), ("late", "Quá hạn xác nhận"), ("waiting", "Còn trong hạn, chưa xác nhận"))
    rows = tuple((name, counts[key]) for key, name in names)
    note = f"{timers.ACKNOWLEDGE.name}: {timers.ACKNOWLEDGE.told}, theo {timers.DATA_LAW}; nhận phiếu là xác nhận."
    return Table("data_requests", "Yêu cầu về dữ liệu cá nhân", (Column("", "text"), Column("Phiếu")), rows, note)


def _term(topic: str) -> str:
    if topic in timers.TIMERS:
        ordered = sorted({one.days for one in timers.TIMERS[topic]})
        working = " ngày làm việc" if timers.TIMERS[topic][0].working else " ngày"
        return f"{ordered[0]}–{ordered[-1]}{working}"
    return f"{ANSWER_WITHIN[topic]} ngày làm việc" if topic in ANSWER_WITHIN else _NO_TERM


_BASES = (
    f"Hạn: yêu cầu về dữ liệu cá nhân theo {timers.DATA_LAW}; khiếu nại giao nhận theo {timers.POST_RULES}; "
    f"còn lại là {timers.OWN}."
)
