"""All figures of a month, in the order in which they are read."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.reports import contacts, dossier_shares, guide_figures, pickup_figures, ticket_figures, waiting
from bot.reports.period import Month
from bot.reports.tables import Table

ONLY_WHOLE = (
    "Tin nhắn, cuộc chờ, phiếu việc và hướng dẫn không ghi nơi tiếp nhận, nên chỉ có số của toàn tỉnh; "
    "ở đây là những số tách được theo nơi."
)


@dataclass(frozen=True)
class Figures:
    """The tables of a month, of everything or of one centre."""

    month: Month
    centre: str | None
    tables: tuple[Table, ...]

    @property
    def title(self) -> str:
        """Return what stands above them: "Số liệu tháng 11/2026, toàn tỉnh"."""
        return f"Số liệu {self.month.name}, {self.centre or 'toàn tỉnh'}"

    @property
    def file_name(self) -> str:
        """Return the first part of a file's name, without an ending."""
        return f"so-lieu-{self.month}"

    def table(self, key: str) -> Table | None:
        """Return a table by its key."""
        return next((table for table in self.tables if table.key == key), None)


def collect(session: Session, month: Month, centre: str | None = None) -> Figures:
    """Return all figures of a month; of one centre those that can be split by it."""
    whole: list[Table] = []
    if centre is None:
        found = contacts.contacts(session, month)
        whole = [
            contacts.channels_table(found),
            contacts.topics_table(found),
            contacts.matrix_table(found),
            contacts.calls_table(session, month),
            contacts.reports_table(session, month),
            waiting.waiting_table(session, month),
            ticket_figures.tickets_table(session, month),
            ticket_figures.acknowledged_table(session, month),
            dossier_shares.followed_table(session, month),
            *guide_figures.guides_tables(session, month),
        ]
    split = [
        dossier_shares.shares_table(session, month, centre),
        dossier_shares.trend_table(session, month, centre),
        pickup_figures.states_table(session, month, centre),
        *settlement(session, month, centre),
    ]
    return Figures(month, centre, (*whole, *split))


def settlement(session: Session, month: Month, centre: str | None = None) -> tuple[Table, Table]:
    """Return what is settled with the post and, apart from it, with the agencies: never one sum."""
    return (
        pickup_figures.settlement_table(session, month, centre),
        pickup_figures.fees_table(session, month, centre),
    )
