"""Checked rows wait in temporary tables of the database, until all are there: the memory holds a chunk at a time.

Filling them locks nothing that others use. On SQLite they lie in a file of their own, beside the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable, DropTable

from bot.db.base import UtcDateTime
from bot.dossiers.intake.checking import DOSSIER_COLUMNS, EVENT_COLUMNS, VALUES, Good
from bot.dossiers.intake.copying import copy
from bot.dossiers.intake.events import Event
from bot.dossiers.intake.storing import Record
from bot.dossiers.models import Dossier, DossierEvent

# The indexes of a million dossiers are filled in no order: the 2 MB that SQLite keeps of them would not do.
SQLITE_CACHE_KB = 64 * 1024

_metadata = MetaData()


def _table(name: str, *columns: Column[Any]) -> Table:
    line = Column("line", Integer, primary_key=True, autoincrement=False)
    return Table(name, _metadata, line, *columns, prefixes=["TEMPORARY"])


def _like(model: Any, *names: str) -> list[Column[Any]]:
    return [Column(name, model.__table__.c[name].type) for name in names]


# Of every line, and of those that wait.
KEYS = _table("staged_keys", *_like(Dossier, "code", "fingerprint"))
DOSSIERS = _table("staged_dossiers", *_like(Dossier, *DOSSIER_COLUMNS))
EVENTS = _table(
    "staged_events",
    Column("number", Integer, primary_key=True, autoincrement=False),
    *_like(DossierEvent, *EVENT_COLUMNS),
)
# Lines whose code stands on an earlier one; new ones; and those that say something else than is known.
REPEATED = _table("staged_repeated", *_like(Dossier, "code"), Column("first", Integer))
FRESH = _table("staged_fresh", Column("dossier_id", Integer))
ALTERED = _table("staged_altered", Column("dossier_id", Integer, unique=True))


class Staging:
    """The temporary tables of one import, in the transaction of its session."""

    def __init__(self, session: Session) -> None:
        """Create them; the session must not have been used before."""
        self._session = session
        # SQLite: a transaction that only reads the main tables locks none of them until it first writes there.
        self._connection = session.connection(execution_options={"motcua_read": True})
        self.is_sqlite = self._connection.dialect.name == "sqlite"
        if self.is_sqlite:
            self._cache = self._connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
            self._connection.exec_driver_sql(f"PRAGMA cache_size = -{SQLITE_CACHE_KB}")
        for table in _metadata.sorted_tables:
            self._connection.execute(CreateTable(table))

    def drop(self) -> None:
        """Remove the tables; a transaction that is rolled back has removed them already."""
        for table in _metadata.sorted_tables:
            self._connection.execute(DropTable(table))
        if self.is_sqlite:
            self._connection.exec_driver_sql(f"PRAGMA cache_size = {self._cache}")

    def note(self, rows: list[Good]) -> None:
        """Note the codes of checked rows."""
        # Neither codes nor fingerprints hold anything that would have to be quoted.
        self._add(KEYS, [b'%d,"%b","%b"' % (row.line, row.code.encode(), row.fingerprint.encode()) for row in rows])

    def add(self, rows: list[Good]) -> None:
        """Write checked rows into the tables."""
        self._add(DOSSIERS, [b"%d,%b" % (row.line, row.columns[1:-1]) for row in rows])
        events = [
            b"%d,%d,%b" % (row.line, number, event[1:-1]) for row in rows for number, event in enumerate(row.events)
        ]
        self._add(EVENTS, events)

    def find_repeated(self) -> int:
        """Find the lines whose code stands on an earlier line, and return how many they are."""
        first = (
            select(KEYS.c.code, func.min(KEYS.c.line).label("first"))
            .group_by(KEYS.c.code)
            .having(func.count() > 1)
            .subquery()
        )
        found = (
            select(KEYS.c.line, KEYS.c.code, first.c.first)
            .join(first, first.c.code == KEYS.c.code)
            .where(KEYS.c.line > first.c.first)
        )
        self._session.execute(insert(REPEATED).from_select(["line", "code", "first"], found))
        return int(self._session.execute(select(func.count()).select_from(REPEATED)).scalar_one())

    def repeated(self, limit: int) -> list[Any]:
        """Return the first repeated lines: `line`, `code`, and the `first` line with this code."""
        return list(self._session.execute(select(REPEATED).order_by(REPEATED.c.line).limit(limit)))

    def records(self, lines: list[int]) -> Iterator[tuple[int, Record]]:
        """Yield those of some lines that wait, and their records as they were checked."""
        events: dict[int, list[Event]] = {line: [] for line in lines}
        of_lines = select(EVENTS).where(EVENTS.c.line.in_(lines)).order_by(EVENTS.c.line, EVENTS.c.number)
        for event in self._session.execute(of_lines):
            events[event.line].append(Event(event.event_id, event.status, event.at, event.note))
        rows = self._session.execute(select(DOSSIERS).where(DOSSIERS.c.line.in_(lines)).order_by(DOSSIERS.c.line))
        for row in rows.mappings():
            yield row["line"], Record({name: row[name] for name in VALUES}, events[row["line"]])

    def _add(self, table: Table, rows: list[bytes]) -> None:
        if self.is_sqlite and rows:
            values = msgspec.json.decode(b"[[" + b"],[".join(rows) + b"]]", type=list[tuple[Any, ...]])
            self._connection.exec_driver_sql(_INSERTS[table.name], values)
        elif rows:
            copy(self._session, table.name, table.columns.keys(), rows)


def _insert(table: Table) -> str:
    """Return the statement that writes a checked row; SQLite holds times as SQLAlchemy writes them there."""
    moment = "replace(substr(?{0}, 1, 19), 'T', ' ') || coalesce(nullif(substr(?{0}, 20, 7), 'Z'), '.000000')"
    values = (
        (moment if isinstance(column.type, UtcDateTime) else "?{0}").format(number)
        for number, column in enumerate(table.columns, 1)
    )
    return f"INSERT INTO {table.name} VALUES ({', '.join(values)})"  # noqa: S608 (names of our own)


_INSERTS = {table.name: _insert(table) for table in (KEYS, DOSSIERS, EVENTS)}
