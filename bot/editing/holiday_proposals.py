"""Days off that the package `holidays` knows and our own calendar does not: it proposes, a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import holidays

from bot.working_days import SATURDAY, is_working_day


@dataclass(frozen=True)
class Proposal:
    """A weekday off for the package and a working day for us."""

    day: date
    name: str


def proposals(year: int) -> list[Proposal]:
    """Return the weekdays of `year` that the package calls a day off and our calendar a working day."""
    known = holidays.country_holidays("VN", years=year, language="vi")
    return [
        Proposal(day, name) for day, name in sorted(known.items()) if day.weekday() < SATURDAY and is_working_day(day)
    ]
