"""Dossiers come in by file (`run_import`)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.dossiers.intake import storing
from bot.dossiers.intake.events import Change
from bot.dossiers.intake.storing import Record
from bot.dossiers.models import Dossier
from bot.importing import Report

BATCH = 500


class DossierImporter:
    """The importer of `dossiers` files."""

    def check(self, row: dict[str, Any]) -> Record:
        """Return the row as a record; raises RowError."""
        return storing.check(row)

    def key(self, record: Record) -> str:
        """Return the dossier's code: one row each in a file."""
        return record.code

    def write(self, session: Session, records: list[Record], report: Report) -> None:
        """Store the records in batches; count new, changed and same ones in `report`."""
        for start in range(0, len(records), BATCH):
            batch = records[start : start + BATCH]
            query = select(Dossier).where(Dossier.code.in_([record.code for record in batch]))
            known = {dossier.code: dossier for dossier in session.execute(query).scalars()}
            for record in batch:
                dossier = known.get(record.code)
                if dossier is not None and dossier.fingerprint == record.fingerprint:
                    report.same += 1  # states reported since then stay: the file has nothing newer to say
                    continue
                change = storing.store(session, record, dossier)
                report.new += change is Change.NEW
                report.changed += change is Change.CHANGED
            session.flush()
            session.expunge_all()
