"""How long a procedure takes, as a number: only where its record names exactly one for everybody."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from bot.procedures import known
from bot.text import fold

# The first sentence must say one number and nothing else; "phải xác minh thì …" makes it no number for everybody.
_DAYS = re.compile(r"da, (\d{1,3}) ngay lam viec(?:,? (?:tinh|ke) tu [^.;,]*)?\.(?: |$)")
_SAME_DAY = re.compile(r"da, lam xong trong ngay\.")


def working_days(session: Session, code: str) -> int | None:
    """Return the working days of a procedure, 0 for the same day; None for several numbers, none, or other units."""
    found = known.find(session, code)
    fact = found.fact("duration") if found and not found.open_cases("duration") else None
    if fact is None:
        return None
    said = fold(fact.body.get("text") or "")
    if _SAME_DAY.match(said):
        return 0
    counted = _DAYS.match(said)
    return int(counted[1]) if counted else None
