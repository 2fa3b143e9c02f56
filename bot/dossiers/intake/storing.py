"""One dossier is written: made new or replaced, with the history that came inside its record."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers.intake import records
from bot.dossiers.intake.events import FROM_RECORD, Change, Event, check_events, row_of
from bot.dossiers.lookup import find
from bot.dossiers.models import Dossier, DossierEvent
from bot.dossiers.notices.changes import announce, is_news
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
        # The id of an event is made of all it says.
        return fingerprint({**self.values, "events": [event.event_id for event in self.events]})


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
    """Write a record over the dossier that is `known` under its code, or as a new one; followers hear what is new."""
    if known is None:
        _create(session, record)
        session.flush()
        return Change.NEW
    if _is_same(known, record):
        return Change.SAME
    before = int(known.status)
    fresh = _overwrite(session, known, record)
    session.flush()
    _announce(session, record, before, fresh)
    return Change.CHANGED


def _is_same(known: Dossier, record: Record) -> bool:
    """Tell whether the record would change nothing; a state reported since then is a change to undo."""
    return (known.fingerprint, known.status, known.upstream_status) == (
        record.fingerprint,
        record.values["status"],
        record.values["upstream_status"],
    )


def _create(session: Session, record: Record) -> None:
    dossier = Dossier(**record.values, fingerprint=record.fingerprint, updated_at=clock.now())
    dossier.events = [row_of(event) for event in record.events]
    session.add(dossier)


def _overwrite(session: Session, dossier: Dossier, record: Record) -> Event | None:
    """Replace the dossier and the history that came with its record; events reported one by one stay.

    Returns the record's newest event when it is newer than all that was known, else None.
    """
    for name, value in record.values.items():
        setattr(dossier, name, value)
    dossier.fingerprint, dossier.updated_at = record.fingerprint, clock.now()
    rows = list(session.execute(select(DossierEvent).where(DossierEvent.dossier_id == dossier.id)).scalars())
    known = {(row.status, row.at) for row in rows}
    newest = max((row.at for row in rows), default=None)
    _merge(session, dossier, record, rows)
    fresh = [
        event
        for event in record.events
        if (event.status, event.at) not in known and (newest is None or event.at >= newest)
    ]
    return max(fresh, key=lambda event: event.at, default=None)


def _merge(session: Session, dossier: Dossier, record: Record, rows: list[DossierEvent]) -> None:
    """Bring the events of a record into the history `rows`; those that stay keep their rows.

    What was reported one by one and comes back inside a record (read, changed, put) is not written twice.
    """
    standing = {row.event_id: row for row in rows if row.event_id.startswith(FROM_RECORD)}
    reported = Counter((row.status, row.at, row.note) for row in rows if row.event_id not in standing)
    for event in record.events:
        content = (event.status, event.at, event.note)
        if standing.pop(event.event_id, None) is not None:
            continue
        if reported[content] > 0:
            reported[content] -= 1
            continue
        row = row_of(event)
        row.dossier_id = dossier.id
        session.add(row)
    for gone in standing.values():
        session.delete(gone)
    session.flush()
    session.expire(dossier, ["events"])


def _announce(session: Session, record: Record, before: int, fresh: Event | None) -> None:
    status = record.values["status"]
    if fresh is not None and fresh.status == status and is_news(before, status):
        announce(session, code=record.code, status=status, about=fresh.event_id, at=fresh.at)
    elif status != before:
        now = clock.now()  # the same record may come back after another one: then it is news again
        announce(session, code=record.code, status=status, about=f"status:{status}:{now.isoformat()}", at=now)
