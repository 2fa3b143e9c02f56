"""Changes of a dossier's state: those inside a record, and those reported one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers.intake import records
from bot.dossiers.lookup import find
from bot.dossiers.models import Dossier, DossierEvent
from bot.dossiers.statuses import Status
from bot.importing import RowError, fingerprint

MAX_EVENT_ID = 80
FROM_RECORD = "record:"  # ids of events that came inside a record; those reported one by one keep theirs


class Change(str, Enum):
    """What writing a record or an event did."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


class DossierUnknownError(LookupError):
    """An event came for a dossier that nobody has put in."""


@dataclass(frozen=True, repr=False)
class Event:
    """A checked change of state."""

    event_id: str
    status: int
    at: datetime
    note: str | None


def add_event(session: Session, code: str, row: dict[str, Any]) -> Change:
    """Add a change of state, once per `event_id`; the newest one is the state the dossier is in.

    Raises RowError for a bad event, DossierUnknownError for a code that is not here.
    """
    event = _check_event(row)
    event_id = records.text(row, "event_id", MAX_EVENT_ID)
    if event_id is None or event_id.startswith(FROM_RECORD):
        raise RowError("thiếu event_id" if event_id is None else f"event_id không được bắt đầu bằng {FROM_RECORD}")
    dossier = find(session, records.dossier_code(code), lock=True)
    if dossier is None:
        raise DossierUnknownError("dossier unknown")
    earlier = list(
        session.execute(select(DossierEvent.event_id, DossierEvent.at).where(DossierEvent.dossier_id == dossier.id))
    )
    if any(known.event_id == event_id for known in earlier):
        return Change.SAME
    added = row_of(replace(event, event_id=event_id))
    added.dossier_id = dossier.id
    session.add(added)
    if all(known.at <= event.at for known in earlier):
        _move(dossier, event)
    session.flush()
    session.expire(dossier, ["events"])
    return Change.NEW


def check_events(rows: list[Any]) -> Iterator[Event]:
    """Yield the events of a record, checked; raises RowError."""
    for number, row in enumerate(rows, 1):
        try:
            if not isinstance(row, dict):
                raise RowError("phải gồm status, at, note")
            event = _check_event(row)
        except RowError as error:
            raise RowError(f"events, mục {number}: {error}") from error
        identity = fingerprint([event.status, event.at, event.note])[:40]
        yield Event(f"{FROM_RECORD}{number}:{identity}", event.status, event.at, event.note)


def _check_event(row: dict[str, Any]) -> Event:
    at = records.moment(row, "at")
    if at is None:
        raise RowError("thiếu at (thời điểm)")
    return Event("", records.status(row), at, records.text(row, "note"))


def row_of(event: Event) -> DossierEvent:
    """Return an event as a row of the table, not yet bound to its dossier."""
    return DossierEvent(event_id=event.event_id, status=event.status, at=event.at, note=event.note)


def _move(dossier: Dossier, event: Event) -> None:
    dossier.status, dossier.updated_at = event.status, clock.now()
    if event.status == Status.DONE and dossier.finished_at is None:
        dossier.finished_at = event.at
    if event.status == Status.RETURNED:
        dossier.finished_at = dossier.finished_at or event.at
        dossier.returned_at = dossier.returned_at or event.at
