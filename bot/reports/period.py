"""The month that figures are for: a month of Vietnam's calendar, as moments of UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from bot import clock

_WRITTEN = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
FIRST_YEAR = 2000


@dataclass(frozen=True, order=True)
class Month:
    """A month; its first moment is in it, its end is not."""

    year: int
    number: int

    @property
    def start(self) -> datetime:
        """Return its first moment, in UTC."""
        return datetime(self.year, self.number, 1, tzinfo=clock.VIETNAM).astimezone(clock.UTC)

    @property
    def end(self) -> datetime:
        """Return the first moment after it, in UTC."""
        return self.moved(1).start

    @property
    def first_day(self) -> date:
        """Return its first day."""
        return date(self.year, self.number, 1)

    @property
    def name(self) -> str:
        """Return it as people say it: "tháng 11/2026"."""
        return f"tháng {self.number}/{self.year}"

    @property
    def short(self) -> str:
        """Return it as short as a picture needs it: "11/26"."""
        return f"{self.number:02d}/{self.year % 100:02d}"

    def moved(self, months: int) -> Month:
        """Return the month so many months later."""
        count = self.year * 12 + self.number - 1 + months
        return Month(count // 12, count % 12 + 1)

    def __str__(self) -> str:
        """Return it as addresses and files write it: "2026-11"."""
        return f"{self.year}-{self.number:02d}"


def month(written: str) -> Month:
    """Read "2026-11". Raises ValueError."""
    found = _WRITTEN.fullmatch(written.strip())
    if found is None:
        raise ValueError("tháng viết dạng 2026-11")
    return Month(int(found[1]), int(found[2]))


def this_month() -> Month:
    """Return the month that is now in Vietnam."""
    today = clock.today()
    return Month(today.year, today.month)
