"""On PostgreSQL, new dossiers go straight into their tables while the file is still being read.

That locks no dossier that is known. Rows that say something else than is known wait, those that say the same are done.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import bindparam, case, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers.intake.checking import DOSSIER_COLUMNS, EVENT_COLUMNS, Good
from bot.dossiers.intake.copying import copy
from bot.dossiers.intake.merging import is_followed
from bot.dossiers.intake.staging import KEYS
from bot.dossiers.models import Dossier, DossierEvent

_KNOWN: Any = Dossier.__table__


class Direct:
    """Writes the new ones among checked rows."""

    def __init__(self, session: Session) -> None:
        """Prepare; nothing is written yet."""
        self._session = session
        sequence = session.execute(select(func.pg_get_serial_sequence(_KNOWN.name, "id"))).scalar_one()
        self._look = _look(sequence)
        self._now = msgspec.json.encode(clock.now())
        self.new = 0

    def take(self, rows: list[Good]) -> list[Good]:
        """Write the new dossiers among `rows`, whose keys are staged; return the rows that have to wait."""
        if not rows:
            return []
        lines = {"first_line": rows[0].line, "last_line": rows[-1].line}
        found: dict[int, int | None] = dict(self._session.execute(self._look, lines).all())
        new: dict[str, tuple[int, Good]] = {}
        waiting = []
        for row in rows:
            if row.line in found:
                number = found[row.line]
                if number is None or row.code in new:
                    waiting.append(row)
                else:
                    new[row.code] = (number, row)
        if new and not self._write(list(new.values())):
            return sorted([*waiting, *(row for _, row in new.values())])
        self.new += len(new)
        return waiting

    def _write(self, rows: list[tuple[int, Good]]) -> bool:
        """Write numbered dossiers; False, and nothing is written, when somebody else put one of them in just now."""
        dossiers = [b"%d,%b,%b" % (number, row.columns[1:-1], self._now) for number, row in rows]
        events = [b"%d,%b" % (number, event[1:-1]) for number, row in rows for event in row.events]
        try:
            with self._session.begin_nested():
                copy(self._session, _KNOWN.name, ("id", *DOSSIER_COLUMNS, "updated_at"), dossiers)
                copy(self._session, DossierEvent.__tablename__, ("dossier_id", *EVENT_COLUMNS), events)
        except IntegrityError:
            return False
        return True


def _look(sequence: str) -> Any:
    """Return the query for the lines that do not say what is known already, with a number for each new dossier."""
    is_new = _KNOWN.c.id.is_(None) & ~is_followed(KEYS)
    return (
        select(KEYS.c.line, case((is_new, func.nextval(sequence))).label("number"))
        .outerjoin(_KNOWN, _KNOWN.c.code == KEYS.c.code)
        .where(
            KEYS.c.line.between(bindparam("first_line"), bindparam("last_line")),
            or_(_KNOWN.c.id.is_(None), _KNOWN.c.fingerprint != KEYS.c.fingerprint),
        )
    )
