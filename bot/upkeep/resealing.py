"""Bring everything that is sealed under the first key, while the server runs: after a new key, or the first time.

Rows are changed some hundred at a time, each only if it still holds what was read: nobody waits, nothing is lost.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Text, bindparam, delete, select, type_coerce, update
from sqlalchemy.exc import IntegrityError

from bot.db import keys
from bot.db.base import metadata
from bot.db.engine import Database
from bot.db.sealed import Sealed, SealedJson
from bot.privacy import sealing_keys
from bot.privacy.sealing import Sealer
from bot.staff.second_factor import SecondFactor

log = logging.getLogger(__name__)

AT_ONCE = 500
_TOKENS = ("sealed", "previous")  # of a Zalo grant

Progress = Callable[[str, int], None]  # (table, rows looked at)


def if_needed(database: Database, secret_key: str | None) -> None:
    """Reseal unless everything is under the first key already; what a server does by the clock."""
    with database.reading() as session:
        if sealing_keys.is_whole(session, database.sealer.ids[0]):
            return
    if changed := reseal(database, secret_key):
        log.info("sealed with the first key: %d rows", changed)


def reseal(database: Database, secret_key: str | None, progress: Progress = lambda *_: None) -> int:
    """Seal with the first key what is not; returns how many values were changed.

    Raises bot.db.sealed.ColumnKeyError or bot.privacy.sealing.SealingError where a key is missing: nothing is lost.
    """
    changed = 0
    for column in sealed_columns():
        changed += _column(database, column, progress)
    with database.unit_of_work() as session:
        changed += SecondFactor(keys.load(secret_key, database)).reseal(session)
        if secret_key:
            changed += _grants(session, Sealer(secret_key))
        sealing_keys.now_whole(session, database.sealer.ids[0])
    return changed


def sealed_columns() -> Iterator[Any]:
    """Yield every column of the product that is sealed."""
    for table in metadata.sorted_tables:
        yield from (column for column in table.columns if isinstance(column.type, (Sealed, SealedJson)))


def _column(database: Database, column: Any, progress: Progress) -> int:
    sealer, table = database.sealer, column.table
    stored = type_coerce(column, Text)
    change = (
        update(table)
        .where(table.c.id == bindparam("row"), stored == bindparam("before", type_=Text))
        .values({column: type_coerce(bindparam("after", type_=Text), Text)})
    )
    changed = seen = last = 0
    while True:
        with database.reading() as session:
            page = select(table.c.id, stored.label("text")).where(table.c.id > last).order_by(table.c.id)
            found = session.execute(page.limit(AT_ONCE)).all()
        if not found:
            return changed
        last, seen = found[-1].id, seen + len(found)
        old = [row for row in found if not sealer.is_current(row.text)]
        if old:
            purpose = column.type.purpose
            new = [
                {"row": row.id, "before": row.text, "after": sealer.seal(sealer.open(row.text, purpose), purpose)}
                for row in old
            ]
            changed += _write(database, change, new)
        progress(table.name, seen)


def _write(database: Database, change: Any, rows: list[dict[str, Any]]) -> int:
    """Write a page of rows; where one of them is there under the new key already, one by one."""
    try:
        with database.unit_of_work() as session:
            return sum(session.execute(change, row).rowcount for row in rows)
    except IntegrityError:
        return sum(_write_one(database, change, row) for row in rows)


def _write_one(database: Database, change: Any, row: dict[str, Any]) -> int:
    try:
        with database.unit_of_work() as session:
            return int(session.execute(change, row).rowcount)
    except IntegrityError:  # the same was noted again since the key changed, and later: that row stays
        with database.unit_of_work() as session:
            return int(session.execute(delete(change.table).where(change.table.c.id == row["row"])).rowcount)


def _grants(session: Any, sealer: Sealer) -> int:
    """Reseal the grants of Zalo; their rows are locked, as whoever refreshes one locks them."""
    grants = metadata.tables["zalo_grants"]
    changed = 0
    for row in session.execute(select(grants).with_for_update()).mappings():
        new = {name: sealer.renew(row[name]) for name in _TOKENS if row[name] and not sealer.is_current(row[name])}
        if new:
            session.execute(update(grants).where(grants.c.oa_id == row["oa_id"]).values(new))
            changed += len(new)
    return changed
