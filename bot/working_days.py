"""Working days of the Vietnamese administration, out of our own table of days off and days made up.

The table is data (`content/holidays.yml`). A year without a verified plan can still be counted, but the
result is an estimate and must be said to be one: ask `is_estimate`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate

import yaml

from bot.settings import CONTENT

SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Table:
    off: dict[date, str]  # day → why
    worked: frozenset[date]
    listed_years: frozenset[int]
    verified_years: frozenset[int]
    yearly: tuple[tuple[int, int, int], ...]  # month, day, first year


@lru_cache(maxsize=1)
def _table() -> _Table:
    content = yaml.safe_load((CONTENT / "holidays.yml").read_text(encoding="utf-8"))
    days: dict[str, dict[date, str]] = {"off": {}, "worked": {}}
    for row in content["days"]:
        days[row["kind"]][row["date"]] = row["basis"]
    return _Table(
        off=dict(sorted(days["off"].items())),
        worked=frozenset(days["worked"]),
        listed_years=frozenset(day.year for kind in days.values() for day in kind),
        verified_years=frozenset(content["verified_years"]),
        yearly=tuple((row["month"], row["day"], row["from"]) for row in content["yearly"]),
    )


def is_working_day(day: date) -> bool:
    """Return whether offices work on `day`."""
    table = _table()
    if day in table.worked:
        return True
    if day.weekday() >= SATURDAY or day in table.off:
        return False
    if day.year in table.listed_years:
        return True
    return not any((day.month, day.day) == (m, d) and day.year >= first for m, d, first in table.yearly)


def day_off(day: date) -> str | None:
    """Return the name of the holiday that `day` is in our table; None for every other day."""
    return _table().off.get(day)


def days_off(start: date) -> Iterator[date]:
    """Yield the holidays of our table from `start` on, in order."""
    return (day for day in _table().off if day >= start)


def add_working_days(day: date, count: int) -> date:
    """Return the day that lies `count` working days after `day` (the first day is not counted).

    Raises ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("count must not be negative")
    while count:
        day += ONE_DAY
        count -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Return how many working days lie after `start` up to and including `end`; 0 when `end` is not later."""
    if end <= start:
        return 0
    whole_years = sum(_up_to_each_day(year)[-1] for year in range(start.year, end.year))
    return whole_years + _up_to_each_day(end.year)[_of_year(end)] - _up_to_each_day(start.year)[_of_year(start)]


@lru_cache(maxsize=64)  # a dossier that is late since 2018 would be counted day by day at every question
def _up_to_each_day(year: int) -> tuple[int, ...]:
    """Return how many working days the year has up to each of its days; the first is for the day before."""
    eve = date(year, 1, 1).toordinal() - 1
    last = date(year, 12, 31).toordinal()
    works = (is_working_day(date.fromordinal(number)) for number in range(eve + 1, last + 1))
    return tuple(accumulate(works, initial=0))


def _of_year(day: date) -> int:
    return day.timetuple().tm_yday


def is_estimate(*days: date) -> bool:
    """Return whether a count over these days touches a year without a verified plan."""
    years = range(min(days).year, max(days).year + 1)
    return not _table().verified_years.issuperset(years)
