"""The migrations make exactly the tables that the code expects, up and down, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from conftest import new_postgres_database
from sqlalchemy import inspect
from sqlalchemy.schema import CheckConstraint, ForeignKeyConstraint

from bot.db import migrate
from bot.db.engine import Database
from bot.tables import metadata


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        database = new_postgres_database(request.getfixturevalue("postgres_url"))
    yield database
    database.dispose()


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_up_down_and_up_again(empty: Database) -> None:
    assert migrate.current(empty) is None
    migrate.upgrade(empty)
    assert migrate.current(empty) == migrate.head()
    assert tables(empty) == {table.name for table in metadata.sorted_tables}
    migrate.downgrade(empty, "base")
    assert tables(empty) == set() and migrate.current(empty) is None
    migrate.upgrade(empty)
    assert tables(empty) == {table.name for table in metadata.sorted_tables}


def test_up_twice_changes_nothing(empty: Database) -> None:
    migrate.upgrade(empty)
    migrate.upgrade(empty)
    assert migrate.current(empty) == migrate.head()


def test_the_models_are_what_the_migrations_make(empty: Database) -> None:
    migrate.upgrade(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": not empty.is_sqlite})
        assert compare_metadata(context, metadata) == []


def test_checks_and_foreign_keys_are_in_the_schema(empty: Database) -> None:
    """Alembic does not compare checks: they are counted and named here."""
    migrate.upgrade(empty)
    found = inspect(empty.engine)
    for table in metadata.sorted_tables:
        checks = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
        assert {check["name"] for check in found.get_check_constraints(table.name)} == checks, table.name
        keys = {
            (tuple(c.column_keys), c.referred_table.name, c.ondelete)
            for c in table.constraints
            if isinstance(c, ForeignKeyConstraint)
        }
        assert {
            (tuple(key["constrained_columns"]), key["referred_table"], key["options"].get("ondelete"))
            for key in found.get_foreign_keys(table.name)
        } == keys, table.name


def test_a_failing_migration_leaves_the_old_schema(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(config: object, revision: str) -> None:
        metadata.tables["staff"].create(config.attributes["connection"])  # type: ignore[attr-defined]
        raise RuntimeError

    monkeypatch.setattr("alembic.command.upgrade", half)
    with pytest.raises(RuntimeError):
        migrate.upgrade(empty)
    assert tables(empty) == set()


def test_there_is_one_line_of_revisions() -> None:
    assert len(ScriptDirectory.from_config(migrate._config()).get_heads()) == 1
