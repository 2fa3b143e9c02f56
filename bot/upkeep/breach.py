"""What a breach notice needs (72 hours, Luật 91/2025/QH15): whose rows were looked at between two moments, by whom."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
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
    with private(target) as file:
        file.write("\ufeff")  # by which spreadsheets see that it is UTF-8
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in looks(session, since, until, actor):
            writer.writerow([_plain(value) for value in row])
            count += 1
    return count


def private(target: Path) -> TextIO:
    """Open a new file that nobody but its owner may read, from its first byte on. Raises FileExistsError, OSError."""
    return os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="")


def _plain(value: str) -> str:
    """Return a value that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t") else value
