"""The hours in which nobody's telephone rings for us, but for what cannot wait."""

from __future__ import annotations

from datetime import datetime, time

from bot import clock

BEGIN, END = time(21, 0), time(7, 0)  # Vietnam time


def is_quiet(moment: datetime | None = None) -> bool:
    """Return whether `moment` (now) lies between 21:00 and 07:00 in Vietnam."""
    local = clock.to_vietnam(moment or clock.now()).time()
    return local >= BEGIN or local < END
