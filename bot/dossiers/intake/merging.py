"""Staged rows become dossiers, many with each statement; what `storing.store` does to one is done here to a range."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, exists, false, func, insert, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot import clock
from bot.db.base import UtcDateTime
from bot.dossiers.intake import storing
from bot.dossiers.intake.checking import DOSSIER_COLUMNS, EVENT_COLUMNS
from bot.dossiers.intake.events import FROM_RECORD, Change
from bot.dossiers.intake.staging import ALTERED, DOSSIERS, EVENTS, FRESH, REPEATED, Staging
from bot.dossiers.lookup import find
from bot.dossiers.models import Dossier, DossierEvent
from bot.dossiers.notices.models import DossierSubscription

FOLLOWED_BATCH = 500

_KNOWN: Any = Dossier.__table__
_HISTORY: Any = DossierEvent.__table__
_FOLLOWER: Any = DossierSubscription.__table__
_HISTORY_COLUMNS = ("dossier_id", *EVENT_COLUMNS)
_CONTENT = ("status", "at", "note")

# The lines that a statement is for.
_FIRST, _LAST = bindparam("first_line"), bindparam("last_line")
_is_repeated = exists().where(REPEATED.c.line == DOSSIERS.c.line)


def is_followed(rows: Any) -> Any:
    """Return the condition that somebody follows the dossier of a row."""
    return exists().where(_FOLLOWER.c.code == rows.c.code, _FOLLOWER.c.ended_at.is_(None))


class Merging:
    """Writes what is staged into the tables of dossiers, range of lines by range of lines."""

    def __init__(self, session: Session, staging: Staging) -> None:
        """Prepare; nothing is written yet."""
        self._session, self._staging = session, staging
        write: Any = sqlite.insert if staging.is_sqlite else postgresql.insert
        now = literal(clock.now(), UtcDateTime())
        self._find_new = _find_new(self._next_number())
        self._add_new = [_add_dossiers(write, now), _add_events()]
        self._find_altered = _find_altered()
        self._change = [_overwrite_dossiers(write, now), _remove_events(), _add_missing_events()]
        self.new = self.changed = 0

    def lock(self) -> None:
        """Wait for other writers, on SQLite: it refuses a transaction that reads first and then wants to write."""
        self._session.execute(update(_KNOWN).where(false()).values(status=_KNOWN.c.status))

    def add_new(self, first: int, last: int) -> None:
        """Write the dossiers of the lines `first` to `last` that nobody knew, with their events."""
        if self._run(self._find_new, first, last):
            added, _ = [self._run(statement, first, last) for statement in self._add_new]
            self.new += added

    def change(self, first: int, last: int) -> None:
        """Write the lines `first` to `last` over the dossiers of which they say something new.

        A line that says what was read before changes nothing: states that were reported since then stay.
        """
        altered = self._run(self._find_altered, first, last)
        if altered:
            self.changed += altered
            for statement in self._change:
                self._run(statement, first, last)

    def store_followed(self) -> None:
        """Write the dossiers that somebody follows one by one, so that their followers hear of it."""
        query = (
            select(DOSSIERS.c.line)
            .outerjoin(_KNOWN, _KNOWN.c.code == DOSSIERS.c.code)
            .where(
                is_followed(DOSSIERS),
                ~_is_repeated,
                or_(_KNOWN.c.id.is_(None), _KNOWN.c.fingerprint != DOSSIERS.c.fingerprint),
            )
            .order_by(DOSSIERS.c.line)
        )
        lines = list(self._session.execute(query).scalars())
        for start in range(0, len(lines), FOLLOWED_BATCH):
            for _, record in self._staging.records(lines[start : start + FOLLOWED_BATCH]):
                change = storing.store(self._session, record, find(self._session, record.code, lock=True))
                self.new += change is Change.NEW
                self.changed += change is Change.CHANGED
            self._session.flush()
            self._session.expunge_all()

    def _next_number(self) -> Any:
        """Return the SQL expression that numbers a new dossier."""
        if self._staging.is_sqlite:
            highest = select(func.coalesce(func.max(_KNOWN.c.id), 0)).scalar_subquery()
            return highest + func.row_number().over()
        sequence = select(func.pg_get_serial_sequence(_KNOWN.name, "id"))
        return func.nextval(self._session.execute(sequence).scalar_one())

    def _run(self, statement: Any, first: int, last: int) -> int:
        done = self._session.connection().execute(statement, {_FIRST.key: first, _LAST.key: last})
        return int(done.rowcount)


def _find_new(number: Any) -> Any:
    """Return what finds the new dossiers, each once, and numbers them: so their events need not look for them."""
    known = exists().where(_KNOWN.c.code == DOSSIERS.c.code)
    lines = (
        select(func.min(DOSSIERS.c.line).label("line"))
        .where(DOSSIERS.c.line.between(_FIRST, _LAST), ~known, ~is_followed(DOSSIERS))
        .group_by(DOSSIERS.c.code)
        .order_by("line")
        .subquery()
    )
    return insert(FRESH).from_select(["line", "dossier_id"], select(lines.c.line, number))


def _add_dossiers(write: Any, now: Any) -> Any:
    rows = (
        select(FRESH.c.dossier_id, *(DOSSIERS.c[name] for name in DOSSIER_COLUMNS), now)
        .join(DOSSIERS, DOSSIERS.c.line == FRESH.c.line)
        .where(FRESH.c.line.between(_FIRST, _LAST))
        .order_by(FRESH.c.line)
    )
    added = write(_KNOWN).from_select(["id", *DOSSIER_COLUMNS, "updated_at"], rows)
    return added.on_conflict_do_nothing(index_elements=["code"])


def _add_events() -> Any:
    rows = (
        select(_KNOWN.c.id, *(EVENTS.c[name] for name in EVENT_COLUMNS))
        .select_from(
            # Not there: the dossier that somebody else put in meanwhile has a number of its own.
            FRESH.join(_KNOWN, _KNOWN.c.id == FRESH.c.dossier_id).join(EVENTS, EVENTS.c.line == FRESH.c.line)
        )
        .where(FRESH.c.line.between(_FIRST, _LAST))
        .order_by(EVENTS.c.line, EVENTS.c.number)
    )
    return insert(_HISTORY).from_select(_HISTORY_COLUMNS, rows)


def _find_altered() -> Any:
    rows = (
        select(DOSSIERS.c.line, _KNOWN.c.id)
        .join(_KNOWN, _KNOWN.c.code == DOSSIERS.c.code)
        .where(
            DOSSIERS.c.line.between(_FIRST, _LAST),
            _KNOWN.c.fingerprint != DOSSIERS.c.fingerprint,
            ~_is_repeated,
            ~is_followed(DOSSIERS),
        )
        .with_for_update(of=_KNOWN)
    )
    return insert(ALTERED).from_select(["line", "dossier_id"], rows)


def _overwrite_dossiers(write: Any, now: Any) -> Any:
    # Every id is there already: the same statement on both databases, which UPDATE … FROM would not be.
    rows = (
        select(ALTERED.c.dossier_id, *(DOSSIERS.c[name] for name in DOSSIER_COLUMNS), now)
        .join(DOSSIERS, DOSSIERS.c.line == ALTERED.c.line)
        .where(ALTERED.c.line.between(_FIRST, _LAST))
    )
    names = [*DOSSIER_COLUMNS, "updated_at"]
    written = write(_KNOWN).from_select(["id", *names], rows)
    return written.on_conflict_do_update(index_elements=["id"], set_={name: written.excluded[name] for name in names})


def _remove_events() -> Any:
    """Return what removes the events that records told and tell no longer; those that stay keep their rows."""
    old = _HISTORY.alias("old")
    still_told = exists().where(EVENTS.c.line == ALTERED.c.line, EVENTS.c.event_id == old.c.event_id)
    gone = (
        select(old.c.id)
        .join(ALTERED, ALTERED.c.dossier_id == old.c.dossier_id)
        .where(ALTERED.c.line.between(_FIRST, _LAST), _from_record(old), ~still_told)
    )
    return delete(_HISTORY).where(_HISTORY.c.id.in_(gone))


def _add_missing_events() -> Any:
    """Return what writes the events that are not there; what was reported one by one is not written twice.

    Of equal events a record must tell more than were reported: each of those stands for one of the record's.
    """
    old = _HISTORY.alias("old")
    told = [EVENTS.c[name] for name in _CONTENT]
    missing = (
        select(
            ALTERED.c.dossier_id,
            *(EVENTS.c[name] for name in ("line", "number", *EVENT_COLUMNS)),
            func.row_number().over(partition_by=[EVENTS.c.line, *told], order_by=EVENTS.c.number).label("copy"),
        )
        .join(EVENTS, EVENTS.c.line == ALTERED.c.line)
        .where(
            ALTERED.c.line.between(_FIRST, _LAST),
            ~exists().where(old.c.dossier_id == ALTERED.c.dossier_id, old.c.event_id == EVENTS.c.event_id),
        )
        .subquery()
    )
    reported = (
        select(func.count())
        .where(
            old.c.dossier_id == missing.c.dossier_id,
            ~_from_record(old),
            *(old.c[name].is_not_distinct_from(missing.c[name]) for name in _CONTENT),
        )
        .scalar_subquery()
    )
    rows = (
        select(*(missing.c[name] for name in _HISTORY_COLUMNS))
        .where(missing.c.copy > reported)
        .order_by(missing.c.line, missing.c.number)
    )
    return insert(_HISTORY).from_select(_HISTORY_COLUMNS, rows)


def _from_record(event: Any) -> Any:
    return func.substr(event.c.event_id, 1, len(FROM_RECORD)) == FROM_RECORD
