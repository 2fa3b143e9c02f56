"""The only clock of the system: aware UTC inside, Vietnam time for people.

`MOTCUA_NOW` (or `frozen`) fixes it, so that checks and demonstrations can stand on any day.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

UTC = timezone.utc
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKDAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")

_frozen: datetime | None = None


def now() -> datetime:
    """Return the present moment as an aware UTC time.

    Raises ValueError when `MOTCUA_NOW` is not an ISO time.
    """
    if _frozen is not None:
        return _frozen
    fixed = os.environ.get("MOTCUA_NOW")
    return parse(fixed) if fixed else datetime.now(UTC)


def is_fixed() -> bool:
    """Return whether time stands still, for checks and demonstrations: then nothing may wait for it to pass."""
    return _frozen is not None or bool(os.environ.get("MOTCUA_NOW"))


def today() -> date:
    """Return today's date in Vietnam."""
    return to_vietnam(now()).date()


def parse(text: str) -> datetime:
    """Read an ISO time; one without an offset is Vietnam time. Returns aware UTC.

    Raises ValueError on anything else.
    """
    moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=VIETNAM)
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # the first hours of the year 1 are none in UTC
        raise ValueError("a time beyond the calendar") from None


def to_vietnam(moment: datetime) -> datetime:
    """Return an aware time as Vietnam time."""
    return moment.astimezone(VIETNAM)


def say_date(day: date | datetime) -> str:
    """Return a day as people say it: "thứ ba 24/11/2026"."""
    if isinstance(day, datetime):
        day = to_vietnam(day).date()
    return f"{WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}"


def say_time(moment: datetime) -> str:
    """Return a moment as people write it: "14:05 ngày 24/11/2026"."""
    return f"{to_vietnam(moment):%H:%M ngày %d/%m/%Y}"


@contextmanager
def frozen(moment: datetime | str) -> Iterator[datetime]:
    """Stop the clock at `moment` inside the block (for tests and demonstrations)."""
    global _frozen
    before = _frozen
    _frozen = parse(moment) if isinstance(moment, str) else moment.astimezone(UTC)
    try:
        yield _frozen
    finally:
        _frozen = before
