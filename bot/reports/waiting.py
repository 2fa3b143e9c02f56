"""How long people waited for a person: until somebody took the chat, until the first words. In minutes of the clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.reports.period import Month
from bot.reports.tables import Cell, Column, Table
from bot.tickets import tickets
from bot.tickets.models import Chat

_BATCH = 5_000
_KINDS = ("Gọi trong giờ làm việc", "Gọi ngoài giờ", "Tất cả")


@dataclass
class _Group:
    """Chats that began in the same kind of hours."""

    chats: int = 0
    taken: list[float] = field(default_factory=list)
    replied: list[float] = field(default_factory=list)
    without: int = 0  # ended, and nobody wrote
    still: int = 0  # nobody has written yet

    def row(self, name: str) -> tuple[Cell, ...]:
        return (
            name,
            self.chats,
            *(middle_and_ninth(self.taken)),
            *(middle_and_ninth(self.replied)),
            self.without,
            self.still,
        )


def waiting_table(session: Session, month: Month) -> Table:
    """Return the waits of the chats that began in a month."""
    groups = {name: _Group() for name in _KINDS}
    chats = session.execute(
        select(Chat.state, Chat.waiting_since, Chat.taken_at, Chat.replied_at)
        .where(Chat.waiting_since >= month.start, Chat.waiting_since < month.end)
        .execution_options(yield_per=_BATCH)
    )
    for chat in chats:
        inside = tickets.desk_open(chat.waiting_since)
        for group in (groups[_KINDS[0 if inside else 1]], groups[_KINDS[2]]):
            group.chats += 1
            if chat.taken_at is not None:
                group.taken.append(_minutes(chat.taken_at - chat.waiting_since))
            if chat.replied_at is not None:
                group.replied.append(_minutes(chat.replied_at - chat.waiting_since))
            elif chat.state == "ended":
                group.without += 1
            else:
                group.still += 1
    columns = (
        Column("Lúc gọi", "text"),
        Column("Cuộc"),
        Column("Chờ nhận: giữa", "minutes"),
        Column("Chờ nhận: 9/10", "minutes"),
        Column("Trả lời đầu: giữa", "minutes"),
        Column("Trả lời đầu: 9/10", "minutes"),
        Column("Kết thúc, không ai trả lời"),
        Column("Còn chờ"),
    )
    rows = tuple(group.row(name) for name, group in groups.items())
    return Table("waiting", "Chờ nhân viên (phút)", columns, rows, _NOTE)


def middle_and_ninth(values: Iterable[float]) -> tuple[float | None, float | None]:
    """Return the median, and what nine of ten did not exceed (nearest rank); None for both of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None, None
    return median(ordered), ordered[ceil(0.9 * len(ordered)) - 1]


def _minutes(length: timedelta) -> float:
    return length.total_seconds() / 60


_NOTE = (
    "Tính từ lúc người dân chờ, theo đồng hồ, kể cả đêm và ngày nghỉ. Giữa: một nửa số cuộc không chờ lâu hơn. "
    "9/10: chín trên mười cuộc không chờ lâu hơn."
)
