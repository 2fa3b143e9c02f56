"""The catalogue as it would be with more everyday names, in a database of its own: nobody's work waits for a try."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.db.base import metadata
from bot.db.engine import Database
from bot.procedures import more_aliases
from bot.procedures.models import Procedure, ProcedureAlias, ProcedureFact

_TABLES = tuple(table.__table__ for table in (Procedure, ProcedureAlias, ProcedureFact))
_AT_ONCE = 500


def catalogue_aside(session: Session, file: Path, names: Iterable[tuple[str, str]]) -> Database:
    """Return a new database in `file` with the procedures and their names, and with these (code, name) beside them.

    It is made for ranking: the facts stay where they are.
    """
    aside = Database(f"sqlite:///{file}")
    metadata.create_all(aside.engine, tables=list(_TABLES))
    with aside.unit_of_work() as other:
        for table in _TABLES[:2]:
            rows = [dict(row._mapping) for row in session.execute(select(table))]
            for start in range(0, len(rows), _AT_ONCE):
                other.execute(insert(table), rows[start : start + _AT_ONCE])
        for code, name in names:
            more_aliases.add(other, code, name)
    return aside
