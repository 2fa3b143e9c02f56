"""A procedure on its way into the catalogue, and how it is written there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.importing import Report
from bot.procedures.models import Procedure, ProcedureAlias, ProcedureFact

# A row of ours is never overwritten by the national export, nor one of the export by the bare list of names.
_RANK = {"catalogue": 0, "import": 1, "content": 2}
_CHUNK = 500


@dataclass(frozen=True)
class ProcedureRecord:
    """A checked procedure: columns of its row, everyday names, dated facts."""

    code: str
    origin: str
    fingerprint: str
    columns: dict[str, Any]
    aliases: tuple[str, ...] = ()
    facts: tuple[dict[str, Any], ...] = field(default=())


def write(session: Session, records: list[ProcedureRecord], report: Report) -> None:
    """Store `records`; unchanged ones, and ones of which we hold something better, are left alone."""
    known = {
        code: (key, origin, mark)
        for key, code, origin, mark in session.execute(
            select(Procedure.id, Procedure.code, Procedure.origin, Procedure.fingerprint)
        )
    }
    # Readers tell a new version of the catalogue by its newest stamp: it grows even where the clock stands still.
    latest = session.execute(select(func.max(Procedure.updated_at))).scalar()
    now = max(clock.now(), latest + timedelta(microseconds=1)) if latest else clock.now()
    new, changed = [], []
    for record in records:
        held = known.get(record.code)
        if held is None:
            new.append(record)
        elif held[2] == record.fingerprint or _RANK[held[1]] > _RANK[record.origin]:
            report.same += 1
        else:
            changed.append((held[0], record))
    for chunk in _chunks(new):
        session.execute(insert(Procedure), [_row(record) | {"updated_at": now} for record in chunk])
    for key, record in changed:
        session.execute(update(Procedure).where(Procedure.id == key).values(_row(record) | {"updated_at": now}))
        for table in (ProcedureAlias, ProcedureFact):
            session.execute(delete(table).where(table.procedure_id == key))
    ids = dict(session.execute(select(Procedure.code, Procedure.id)).all())
    written = new + [record for _, record in changed]
    _insert_all(
        session,
        ProcedureAlias,
        ({"procedure_id": ids[r.code], "alias": alias} for r in written for alias in r.aliases),
    )
    _insert_all(
        session,
        ProcedureFact,
        (_FACT_DEFAULTS | fact | {"procedure_id": ids[r.code]} for r in written for fact in r.facts),
    )
    report.new += len(new)
    report.changed += len(changed)


_FACT_DEFAULTS: dict[str, Any] = {
    "status": "partial",
    "valid_from": None,
    "valid_to": None,
    "legal_basis": [],
    "source": None,
    "as_of": None,
    "case_id": None,
    "checked_by": None,
    "checked_at": None,
    "review_by": None,
}
_COLUMN_DEFAULTS: dict[str, Any] = {
    "field": None,
    "ministry": None,
    "levels": [],
    "agency": None,
    "decision": None,
    "url": None,
    "source_title": None,
    "as_of": None,
    "online_level": None,
    "popularity": 0,
    "bcci_collect": "ask",
    "bcci_return": "ask",
    "proxy": "ask",
    "legal_basis": [],
    "in_person": None,
    "joined": [],
    "mistakes": [],
    "cases": None,
    "valid_from": None,
    "valid_to": None,
}


def _row(record: ProcedureRecord) -> dict[str, Any]:
    return (
        _COLUMN_DEFAULTS
        | record.columns
        | {
            "code": record.code,
            "origin": record.origin,
            "fingerprint": record.fingerprint,
        }
    )


def _insert_all(session: Session, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    for chunk in _chunks(list(rows)):
        session.execute(insert(table), chunk)


def _chunks(rows: list[Any]) -> Iterable[list[Any]]:
    return (rows[i : i + _CHUNK] for i in range(0, len(rows), _CHUNK))
