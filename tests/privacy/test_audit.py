"""The log of looks: written with the look, or not at all."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot import clock
from bot.db.engine import Database
from bot.privacy import audit
from bot.privacy.models import AuditEntry


def entries(database: Database) -> list[tuple[str, str, str, str | None]]:
    with database.reading() as session:
        rows = session.execute(select(AuditEntry).order_by(AuditEntry.id)).scalars()
        return [(row.actor, row.action, row.subject, row.reason) for row in rows]


def test_an_entry_says_who_did_what_to_whom_and_when(database: Database) -> None:
    with clock.frozen("2026-11-22T09:00:00+07:00") as now:
        with database.unit_of_work() as session:
            audit.record(session, actor="token:một cửa", action="dossier.read", subject="H36.12-261102-0001")
            audit.record(session, actor="cli:lan", action="reviews.read", subject="review:7", reason="review 7")
        with database.reading() as session:
            assert set(session.execute(select(AuditEntry.at)).scalars()) == {now}
    assert entries(database) == [
        ("token:một cửa", "dossier.read", "H36.12-261102-0001", None),
        ("cli:lan", "reviews.read", "review:7", "review 7"),
    ]


def test_a_look_that_fails_leaves_no_entry(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.unit_of_work() as session:
        audit.record(session, actor="token:x", action="dossier.read", subject="y")
        raise ZeroDivisionError
    assert entries(database) == []


def test_a_name_longer_than_its_column_is_cut(database: Database) -> None:
    with database.unit_of_work() as session:
        audit.record(session, actor="cli:" + "ê" * 300, action="reviews.read", subject="s" * 300)
    ((actor, _, subject, _),) = entries(database)
    assert len(actor) == len(subject) == 160
