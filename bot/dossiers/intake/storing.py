"""One dossier is written: made new or replaced, with the history that came inside its record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers.intake import records
from bot.dossiers.intake.events import FROM_RECORD, Change, Event, check_events, row_of
from bot.dossiers.lookup import find
from bot.dossiers.models import Dossier, DossierEvent
from bot.importing import RowError, fingerprint

MAX_EVENTS = 500


@dataclass(frozen=True, repr=False)
class Record:
    """A checked dossier; it prints as its code only, for the values are personal data."""

    values: dict[str, Any]
    events: list[Event] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"Record({self.code})"

    @property
    def code(self) -> str:
        """The dossier's code."""
        return str(self.values["code"])

    @property
    def fingerprint(self) -> str:
        """What tells whether the record changed."""
        events = [(event.event_id, event.status, event.at, event.note) for event in self.events]
        return fingerprint({**self.values, "events": events})


def check(row: dict[str, Any]) -> Record:
    """Return a row (contract §5) as a record; raises RowError."""
    events = row.get("events") or []
    if not isinstance(events, list) or len(events) > MAX_EVENTS:
        raise RowError(f"events phải là danh sách, nhiều nhất {MAX_EVENTS} dòng")
    return Record(records.dossier_values(row), list(check_events(events)))


def put(session: Session, code: str, row: dict[str, Any]) -> Change:
    """Create or replace the dossier `code`; raises RowError, also when the row names another code."""
    wanted = records.dossier_code(code)
    record = check({**row, "code": row.get("code") or code})
    if record.code != wanted:
        raise RowError("code trong nội dung khác với code trong địa chỉ")
    return store(session, record, find(session, wanted, lock=True))


def store(session: Session, record: Record, known: Dossier | None) -> Change:
    """Write a record over the dossier that is `known` under its code, or as a new one."""
    if known is None:
        _create(session, record)
        change = Change.NEW
    elif known.fingerprint == record.fingerprint and known.status == record.values["status"]:
        return Change.SAME
    else:
        _overwrite(session, known, record)
        change = Change.CHANGED
    session.flush()
    return change


def _create(session: Session, record: Record) -> None:
    dossier = Dossier(**record.values, fingerprint=record.fingerprint, updated_at=clock.now())
    dossier.events = [row_of(event) for event in record.events]
    session.add(dossier)


def _overwrite(session: Session, dossier: Dossier, record: Record) -> None:
    """Replace the dossier and the history that came with its record; events reported one by one stay."""
    for name, value in record.values.items():
        setattr(dossier, name, value)
    dossier.fingerprint, dossier.updated_at = record.fingerprint, clock.now()
    session.execute(
        delete(DossierEvent)
        .where(DossierEvent.dossier_id == dossier.id, DossierEvent.event_id.startswith(FROM_RECORD))
        .execution_options(synchronize_session=False)
    )
    for event in record.events:
        row = row_of(event)
        row.dossier_id = dossier.id
        session.add(row)
    session.flush()
    session.expire(dossier, ["events"])
