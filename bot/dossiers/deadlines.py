"""When a dossier should be done, counted by the rules; always an estimate, for only the slip's date binds.

Working days (NĐ 118/2025/NĐ-CP). The first day is not counted and a last day off moves on (Civil Code Art. 147–148,
recollection, unverified). What comes in after 15:00 is passed on the next working day, so it counts from there. Days in
which the citizen has to supplement (state 5) or pay (state 6) do not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from bot import clock
from bot.dossiers.statuses import Clock, info
from bot.working_days import is_estimate, is_working_day

LATEST_SAME_DAY = time(15, 0)  # Vietnam time
ONE_DAY = timedelta(days=1)


class Change(NamedTuple):
    """A state and when it began (aware)."""

    status: int
    at: datetime


class Pause(NamedTuple):
    """A stretch in which the clock stood: it stopped in the course of `begin` and ran again from `end` on."""

    begin: date
    end: date


def due_day(received_at: datetime, working_days: int, pauses: Iterable[Pause] = ()) -> date:
    """Return the day on which a dossier received then should be done; 0 working days: the same day.

    Raises ValueError for a negative number of days.
    """
    if working_days < 0:
        raise ValueError("working_days must not be negative")
    day, stops = counted_from(received_at), list(pauses)
    while working_days:
        day += ONE_DAY
        working_days -= is_working_day(day) and not any(pause.begin < day <= pause.end for pause in stops)
    return day


def counted_from(received_at: datetime) -> date:
    """Return the day from which handling counts: that of receipt; after 15:00 or on a day off the next working one."""
    local = clock.to_vietnam(received_at)
    day = local.date()
    if is_working_day(day) and local.time() <= LATEST_SAME_DAY:
        return day
    day += ONE_DAY
    while not is_working_day(day):
        day += ONE_DAY
    return day


def pauses(history: Iterable[Change]) -> list[Pause] | None:
    """Return the stretches in states 5 and 6, oldest first; None while one of them is still open."""
    found: list[Pause] = []
    since: date | None = None
    for change in sorted(history, key=lambda change: change.at):
        paused, day = info(change.status).clock is Clock.PAUSED, clock.to_vietnam(change.at).date()
        if paused and since is None:
            since = day
        elif not paused and since is not None:
            found.append(Pause(since, day))
            since = None
    return found if since is None else None


def is_uncertain(received_at: datetime, due: date) -> bool:
    """Return whether the count passes through a year whose days off are not decided yet."""
    return is_estimate(clock.to_vietnam(received_at).date(), due)
