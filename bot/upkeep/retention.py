"""Deletes what has been kept long enough: some rows at a time, so that nobody who writes has to wait for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from bot import clock
from bot.db.base import UtcDateTime
from bot.db.engine import Database
from bot.privacy import audit
from bot.settings import Settings
from bot.upkeep.rules import RULES, Rule

AT_ONCE = 500  # rows a transaction
NIGHT = range(2, 4)  # hours in Vietnam
_ALONE = text("SELECT pg_try_advisory_xact_lock(6145)")


def clean_at_night(database: Database, settings: Settings) -> None:
    """Delete what is over, in the small hours; any number of processes may try."""
    if clock.to_vietnam(clock.now()).hour in NIGHT:
        for _ in clean(database, settings, actor="system"):
            pass


def clean(database: Database, settings: Settings, *, actor: str, dry: bool = False) -> Iterator[tuple[Rule, int]]:
    """Apply every rule and yield each with how many rows it met; `dry` only counts."""
    for rule in RULES:
        before = _before(rule, settings)
        if dry:
            with database.reading() as session:
                yield rule, int(session.execute(_statement(_COUNT, rule), {"before": before}).scalar_one())
            continue
        met = 0
        while True:
            with database.unit_of_work() as session:
                some = _some(session, rule, before) if database.is_sqlite or session.execute(_ALONE).scalar() else 0
            met += some
            if some < AT_ONCE:
                break
        if met:
            with database.unit_of_work() as session:
                audit.record(session, actor=actor, action="retention", subject=rule.table, reason=f"{met} rows")
        yield rule, met


_COUNT = "SELECT count(*) FROM {table} WHERE {over}"
_IDS = "SELECT {key} FROM {table} WHERE {over} LIMIT :most"
_KEYS = {"staff_sessions": "token_hash"}


def _before(rule: Rule, settings: Settings) -> datetime:
    days = {
        "conversations": settings.keep_conversations_days,
        "audit": settings.keep_audit_days,
        "raw": settings.keep_raw_days,
        "at_once": 0,
    }
    return clock.now() - timedelta(days=days[rule.period])


def _statement(pattern: str, rule: Rule) -> object:
    sql = pattern.format(table=rule.table, over=rule.over, key=_KEYS.get(rule.table, "id"))
    return text(sql).bindparams(bindparam("before", type_=UtcDateTime()))


def _some(session: Session, rule: Rule, before: datetime) -> int:
    ids = list(session.execute(_statement(_IDS, rule), {"before": before, "most": AT_ONCE}).scalars())
    if ids:
        done = "UPDATE {table} SET {blanked}" if rule.blanked else "DELETE FROM {table}"
        pattern = done + " WHERE {key} IN :ids"
        wanted = text(pattern.format(table=rule.table, blanked=rule.blanked, key=_KEYS.get(rule.table, "id")))
        session.execute(wanted.bindparams(bindparam("ids", expanding=True)), {"ids": ids})
    return len(ids)
