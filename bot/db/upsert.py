"""Insert a row, or change the one that has its keys: one statement, so two processes cannot both insert."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session


def upsert(session: Session, table: Any, *, keys: dict[str, Any], values: dict[str, Any]) -> None:
    """Make sure that `table` (a mapped class) has a row with these keys and values; `keys` must be unique there."""
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    statement = insert(table).values(**keys, **values)
    session.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=values))
