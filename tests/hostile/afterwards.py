"""What must hold after an attack: all rows that were there before are there as they were, and few are new."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import delete, func, select

from bot.db.engine import Database
from bot.dossiers.proof.models import ProofFailure
from bot.tables import metadata

# Content without a person in it, thousands of rows: only counted.
_CONTENT = frozenset("units former_units procedures procedure_aliases procedure_facts tariffs offices".split())
# Whoever writes leaves these.
_TALK = frozenset("conversations addresses trackers inbox outbox".split())

Rows = dict[str, set[str]]


def rows(database: Database) -> Rows:
    """Return every row of every table that is no content, and how many rows the content has."""
    with database.reading() as session:
        found = {
            table.name: {repr(tuple(row)) for row in session.execute(select(table))}
            for table in metadata.sorted_tables
            if table.name not in _CONTENT
        }
        for table in metadata.sorted_tables:
            if table.name in _CONTENT:
                found[table.name] = {str(session.execute(select(func.count()).select_from(table)).scalar_one())}
        return found


def changed(before: Rows, after: Rows, may_write: frozenset[str]) -> Iterator[str]:
    """Yield what an attack changed that was not its own, and the tables in which it should have left nothing."""
    for name, found in before.items():
        if lost := found - after[name]:
            yield f"{len(lost)} rows of {name} are not what they were"
        elif after[name] - found and name not in _TALK | may_write:
            yield f"{len(after[name] - found)} new rows in {name}"
    # Whoever asks to withdraw a dossier and has proved nothing is written down, and the staff are told just that.
    for row in after["tickets"] - before["tickets"]:
        if "'dossier_" in row and "CHƯA xác nhận" not in row:
            yield f"a ticket about a dossier as if its owner had asked: {row}"


def unlock(database: Database) -> None:
    """Forget wrong tries: the next attack begins with no lock on anything."""
    with database.unit_of_work() as session:
        session.execute(delete(ProofFailure))
