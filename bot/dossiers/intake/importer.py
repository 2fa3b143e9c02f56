"""Dossiers come in: by file (`run_import`) or one by one (integration API)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers.intake import records
from bot.dossiers.intake.events import FROM_RECORD, Change, Event, check_events, row_of
from bot.dossiers.lookup import find
from bot.dossiers.models import Dossier, DossierEvent
from bot.importing import Report, RowError, fingerprint

BATCH = 500
MAX_EVENTS = 500


@dataclass(frozen=True, repr=False)
class Record:
    """A checked dossier; it prints as its code only, for the values are personal data."""

    values: dict[str, Any]
    events: list[Event] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"Record({self.values['code']})"

    @property
    def fingerprint(self) -> str:
        """What tells whether the record changed."""
        events = [(event.event_id, event.status, event.at, event.note) for event in self.events]
        return fingerprint({**self.values, "events": events})


class DossierImporter:
    """The importer of `dossiers` files."""

    def check(self, row: dict[str, Any]) -> Record:
        """Return the row as a record; raises RowError."""
        events = row.get("events") or []
        if not isinstance(events, list) or len(events) > MAX_EVENTS:
            raise RowError(f"events phải là danh sách, nhiều nhất {MAX_EVENTS} dòng")
        return Record(records.dossier_values(row), list(check_events(events)))

    def key(self, record: Record) -> str:
        """Return the dossier's code: one row each in a file."""
        return str(record.values["code"])

    def write(self, session: Session, records: list[Record], report: Report) -> None:
        """Store the records in batches; count new, changed and same ones in `report`."""
        for start in range(0, len(records), BATCH):
            batch = records[start : start + BATCH]
            query = select(Dossier).where(Dossier.code.in_([self.key(record) for record in batch]))
            known = {dossier.code: dossier for dossier in session.execute(query).scalars()}
            for record in batch:
                dossier = known.get(self.key(record))
                if dossier is not None and dossier.fingerprint == record.fingerprint:
                    report.same += 1  # states reported since then stay: the file has nothing newer to say
                elif dossier is not None:
                    _overwrite(session, dossier, record)
                    report.changed += 1
                else:
                    _create(session, record)
                    report.new += 1
            session.flush()
            session.expunge_all()


def put(session: Session, code: str, row: dict[str, Any]) -> Change:
    """Create or replace the dossier `code`; raises RowError, also when the row names another code."""
    wanted = records.dossier_code(code)
    record = DossierImporter().check({**row, "code": row.get("code") or code})
    if record.values["code"] != wanted:
        raise RowError("code trong nội dung khác với code trong địa chỉ")
    dossier = find(session, wanted, lock=True)
    if dossier is None:
        _create(session, record)
        change = Change.NEW
    elif dossier.fingerprint == record.fingerprint and dossier.status == record.values["status"]:
        change = Change.SAME
    else:
        _overwrite(session, dossier, record)
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
