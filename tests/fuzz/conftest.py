"""What fuzzing needs beside the fixtures of all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.db.engine import Database
from bot.tables import metadata


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """An empty SQLite file of a test file's own: hypothesis runs a test many times within one fixture."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('fuzz') / 'small.db'}")
    metadata.create_all(database.engine)
    yield database
    database.dispose()
