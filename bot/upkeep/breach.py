"""What a breach notice needs (72 hours, Luật 91/2025/QH15): whose rows were looked at between two moments, by whom."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock, private_files
from bot.formulas import as_data
from bot.privacy.models import AuditEntry

COLUMNS = ("at", "actor", "action", "subject", "reason")


def looks(session: Session, since: datetime, until: datetime, actor: str | None = None) -> Iterator[tuple[str, ...]]:
    """Yield the entries of the audit log from `since` until before `until`, of one actor or of all, oldest first."""
    wanted = (
        select(AuditEntry).where(AuditEntry.at >= since, AuditEntry.at < until).order_by(AuditEntry.at, AuditEntry.id)
    )
    if actor:
        wanted = wanted.where(AuditEntry.actor == actor)
    for entry in session.execute(wanted).scalars().yield_per(1_000):
        when = clock.to_vietnam(entry.at).isoformat(timespec="seconds")
        yield when, entry.actor, entry.action, entry.subject, entry.reason or ""


def write(session: Session, target: Path, since: datetime, until: datetime, actor: str | None = None) -> int:
    """Write the entries as CSV; returns how many. Raises FileExistsError, OSError."""
    count = 0
    with private_files.create(target) as opened, io.TextIOWrapper(opened, "utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in looks(session, since, until, actor):
            writer.writerow([as_data(value) for value in row])
            count += 1
    return count
