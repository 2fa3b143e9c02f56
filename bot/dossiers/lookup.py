"""Finding a dossier; `view` is what its owner may see in a chat: without owner, phone and secret."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers import deadlines
from bot.dossiers.deadlines import Change
from bot.dossiers.models import Dossier, DossierEvent
from bot.dossiers.statuses import Clock, Status, info
from bot.procedures.durations import working_days
from bot.working_days import is_estimate, working_days_between

_dossiers, _events = Dossier.__table__.columns, DossierEvent.__table__.columns


def _latest(column: Any) -> Any:
    """Return the part of a statement that finds `column` of the event which set the dossier's state of now."""
    return (
        select(column)
        .where(_events.dossier_id == _dossiers.id, _events.status == _dossiers.status)
        .order_by(_events.at.desc(), _events.id.desc())
        .limit(1)
        .scalar_subquery()
    )


# Built once, and columns instead of objects: the most frequent question of all (ADR 7).
_BY_CODE = select(*_dossiers, _latest(_events.at).label("since"), _latest(_events.note).label("note")).where(
    _dossiers.code == bindparam("code")
)
_LATEST = (
    select(_events.at)
    .where(_events.dossier_id == bindparam("dossier_id"), _events.status == bindparam("status"))
    .order_by(_events.at.desc(), _events.id.desc())
    .limit(1)
)


class DossierView(msgspec.Struct, frozen=True):
    """A dossier as its owner may see it after proof (tier 1)."""

    code: str
    status: Status
    upstream_status: str | None  # a newer state that we do not know, as the upstream system calls it
    procedure_code: str | None
    procedure_name: str | None
    agency: str | None
    received_at: datetime | None
    due_at: datetime | None
    estimated_due: date | None  # by the procedure's time, only where the slip's date is not known
    new_due_at: datetime | None
    apology_reason: str | None
    finished_at: datetime | None
    returned_at: datetime | None
    channel: str | None
    return_method: str | None
    postal_code: str | None
    supplement: tuple[str, ...]
    supplement_due_at: datetime | None
    amount_due: int | None
    payment_state: str | None
    note: str | None  # what the agency wrote when it set this state
    late_working_days: int
    late_is_estimate: bool
    paused_before: (
        bool  # the citizen had to supplement or pay, so the due date on the slip is no longer the whole truth
    )

    @property
    def label(self) -> str:
        """The official name of the state."""
        return info(self.status).label


def find(session: Session, code: str, *, lock: bool = False) -> Dossier | None:
    """Return the dossier of a normalised code, or None; for callers that guard the personal data in it.

    `lock` keeps other writers away from it until the transaction ends.
    """
    query = select(Dossier).where(Dossier.code == code)
    found: Dossier | None = session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    return found


def view(session: Session, code: str) -> DossierView | None:
    """Return what may be shown of a dossier after proof, or None when there is none."""
    dossier = session.execute(_BY_CODE, {"code": code}).first()
    if dossier is None:
        return None
    until = _counted_until(dossier, _finished(session, dossier, dossier.since))
    due = dossier.due_at and clock.to_vietnam(dossier.due_at).date()
    return DossierView(
        code=dossier.code,
        status=Status(dossier.status),
        upstream_status=dossier.upstream_status,
        procedure_code=dossier.procedure_code,
        procedure_name=dossier.procedure_name,
        agency=dossier.agency,
        received_at=dossier.received_at,
        due_at=dossier.due_at,
        estimated_due=None if dossier.due_at else _estimated_due(session, dossier),
        new_due_at=dossier.new_due_at,
        apology_reason=dossier.apology_reason,
        finished_at=dossier.finished_at,
        returned_at=dossier.returned_at,
        channel=dossier.channel,
        return_method=dossier.return_method,
        postal_code=dossier.postal_code,
        supplement=tuple(dossier.supplement or ()),
        supplement_due_at=dossier.supplement_due_at,
        amount_due=dossier.amount_due,
        payment_state=dossier.payment_state,
        note=dossier.note,
        late_working_days=working_days_between(due, until) if due and until else 0,
        paused_before=bool(due and until and due < until and deadlines.pauses(history(session, code))),
        late_is_estimate=bool(due and until and due < until and is_estimate(due, until)),
    )


def waits_at_counter(dossier: Any) -> bool:
    """Return whether the result of a finished dossier (a row or a view) has to be fetched at the counter."""
    return dossier.return_method in (None, "counter") and not dossier.postal_code


def full_record(dossier: Dossier) -> dict[str, Any]:
    """Return a dossier as the JSON record of the contract, personal data included (audited callers only)."""
    columns = [name for name in _COLUMNS if name not in ("apology_reason", "new_due_at")]
    record = {name: _json(getattr(dossier, name)) for name in columns}
    record["apology"] = (
        {"reason": dossier.apology_reason, "new_due_at": _json(dossier.new_due_at)}
        if dossier.apology_reason or dossier.new_due_at
        else None
    )
    record["events"] = [{"status": event.status, "at": _json(event.at), "note": event.note} for event in dossier.events]
    return record


def history(session: Session, code: str) -> list[Change]:
    """Return the states a dossier has been in and since when, oldest first; empty for an unknown code."""
    rows = session.execute(
        select(DossierEvent.status, DossierEvent.at)
        .join(Dossier, Dossier.id == DossierEvent.dossier_id)
        .where(Dossier.code == code)
        .order_by(DossierEvent.at, DossierEvent.id)
    )
    return [Change(row.status, row.at) for row in rows]


def _estimated_due(session: Session, dossier: Any) -> date | None:
    """Count the due day by the procedure's time; None when that is not known, or the clock stands or has ended."""
    if not (dossier.received_at and dossier.procedure_code) or info(dossier.status).clock is not Clock.RUNS:
        return None
    days = working_days(session, dossier.procedure_code)
    stops = deadlines.pauses(history(session, dossier.code))
    return None if days is None or stops is None else deadlines.due_day(dossier.received_at, days, stops)


def _finished(session: Session, dossier: Any, since: datetime | None) -> datetime | None:
    """Return when the clock stopped: for a returned dossier when it was done, not when it was fetched."""
    if info(dossier.status).clock is not Clock.ENDED:
        return since
    if dossier.finished_at or dossier.status == Status.DONE:
        return dossier.finished_at or since
    done = session.execute(_LATEST, {"dossier_id": dossier.id, "status": int(Status.DONE)}).first()
    return done.at if done else None


def _counted_until(dossier: Any, since: datetime | None) -> date | None:
    """Return the day up to which lateness counts: today while the clock runs, else the day it stopped."""
    state = info(dossier.status).clock
    if state is Clock.RUNS:
        return clock.today()
    stopped = clock.to_vietnam(since).date() if since else None
    return min(stopped, clock.today()) if stopped else None


def _json(value: Any) -> Any:
    return clock.to_vietnam(value).isoformat() if isinstance(value, datetime) else value


_COLUMNS = [
    column.name for column in Dossier.__table__.columns if column.name not in ("id", "fingerprint", "updated_at")
]
