"""Laws that begin or end on a day, and which content they touch (`content/legal_events.yml`).

Facts switch by themselves; this list tells the editors in time that a day is coming.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.content_files import ContentError, Mapping, read_yaml, shaped
from bot.dated_facts import FactError, read_day
from bot.settings import CONTENT

FILE = CONTENT / "legal_events.yml"
_KEYS = {"day", "law", "changes", "touches", "status", "source"}


@dataclass(frozen=True)
class LegalEvent:
    """A day on which the law changes: which law, what it changes, and which content it touches."""

    day: date
    law: str
    changes: str
    touches: str
    status: str
    source: str


def events(path: Path = FILE) -> list[LegalEvent]:
    """Return all events, the earliest first; raises ContentError for one that does not fit."""
    with shaped(path, 1):
        return sorted((read_event(path, row) for row in read_yaml(path)), key=lambda event: event.day)


def read_event(path: Path, row: Mapping) -> LegalEvent:
    """Return one event; raises ContentError that names the line."""
    if set(row) != _KEYS:
        raise ContentError(path, row.line, f"mỗi sự kiện có đủ {', '.join(sorted(_KEYS))}")
    try:
        day = read_day(row["day"], "day")
    except FactError as error:
        raise ContentError(path, row.line, str(error)) from error
    assert day is not None, "the key is there"
    return LegalEvent(day, *(str(row[key]) for key in ("law", "changes", "touches", "status", "source")))
