"""The hours in which nobody's telephone rings for us, but for what cannot wait."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot import clock

BEGIN, END = time(21, 0), time(7, 0)  # Vietnam time


def is_quiet(moment: datetime | None = None) -> bool:
    """Return whether `moment` (now) lies between 21:00 and 07:00 in Vietnam."""
    local = clock.to_vietnam(moment or clock.now()).time()
    return local >= BEGIN or local < END


def last_morning(moment: datetime | None = None) -> datetime:
    """Return when the last night before `moment` (now) ended: what is older than that has waited through it."""
    local = clock.to_vietnam(moment or clock.now())
    end = local.replace(hour=END.hour, minute=END.minute, second=0, microsecond=0)
    return end if local >= end else end - timedelta(days=1)
