"""Reminders to followers: before a supplement's deadline, and when a result has waited five working days."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers.lookup import waits_at_counter
from bot.dossiers.models import Dossier
from bot.dossiers.notices.changes import add
from bot.dossiers.notices.models import DossierSubscription
from bot.dossiers.statuses import Status
from bot.working_days import add_working_days, is_working_day

RESULT_WAITS = 5  # working days
LATE_REMINDER = timedelta(days=3)  # after an outage a reminder may come so much later; afterwards it only puzzles
ONE_DAY = timedelta(days=1)


def write_due(session: Session) -> int:
    """Write the reminders that are due today; one that is there already stays as it is. Returns how many are due."""
    rows = session.execute(
        select(
            DossierSubscription.id,
            Dossier.status,
            Dossier.supplement_due_at,
            Dossier.finished_at,
            Dossier.return_method,
            Dossier.postal_code,
        )
        .join(Dossier, Dossier.code == DossierSubscription.code)
        .where(DossierSubscription.ended_at.is_(None), Dossier.status.in_((Status.SUPPLEMENT, Status.DONE)))
    ).all()
    due, today = 0, clock.today()
    for row in rows:
        if row.status == Status.SUPPLEMENT and row.supplement_due_at:
            deadline = clock.to_vietnam(row.supplement_due_at).date()
            if last_working_day_before(deadline) <= today and clock.now() < row.supplement_due_at:
                add(session, row.id, kind="supplement_due", about=deadline.isoformat(), status=row.status,
                    at=row.supplement_due_at)  # fmt: skip
                due += 1
        if row.status == Status.DONE and row.finished_at and waits_at_counter(row):
            finished = clock.to_vietnam(row.finished_at).date()
            waited = add_working_days(finished, RESULT_WAITS)
            if waited <= today <= waited + LATE_REMINDER:
                add(session, row.id, kind="result_waiting", about=finished.isoformat(), status=row.status,
                    at=row.finished_at)  # fmt: skip
                due += 1
    return due


def last_working_day_before(day: date) -> date:
    """Return the last working day before `day`: the last one on which something can still be done at a counter."""
    day -= ONE_DAY
    while not is_working_day(day):
        day -= ONE_DAY
    return day
