"""A database says which keys it needs, before anything is written with another one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.db import keys, migrate
from bot.db.engine import Database
from bot.db.sealed import ColumnKeyError
from bot.privacy import sealing_keys

OLD, NEW, OTHER = "o" * 32, "n" * 32, "x" * 32


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'keys.db'}"
    migrate.upgrade(Database(url, OLD))
    sealing_keys.confirm(Database(url, OLD))
    return url


def known(url: str, keys: str) -> list[str]:
    database = Database(url, keys)
    with database.reading() as session:
        return [key.id for key in sealing_keys.known(session)]


def test_the_same_key_again_and_a_new_one_in_front_are_welcome(url: str) -> None:
    sealing_keys.confirm(Database(url, OLD))
    assert len(known(url, OLD)) == 1
    both = Database(url, f"{NEW},{OLD}")
    sealing_keys.confirm(both)
    assert set(known(url, OLD)) == set(both.sealer.ids)


def test_another_key_alone_is_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(ColumnKeyError, match="MOTCUA_SECRET_KEY") as raised:
        sealing_keys.confirm(Database(url, OTHER))
    assert OTHER not in str(raised.value) and len(known(url, OLD)) == 1


def test_the_former_key_may_go_only_when_nothing_needs_it(url: str) -> None:
    both = Database(url, f"{NEW},{OLD}")
    sealing_keys.confirm(both)
    with pytest.raises(ColumnKeyError):
        sealing_keys.confirm(Database(url, NEW))
    with both.unit_of_work() as session:
        sealing_keys.now_whole(session, both.sealer.ids[0])
    sealing_keys.confirm(Database(url, NEW))
    with both.reading() as session:
        assert sealing_keys.is_whole(session, both.sealer.ids[0])


def test_a_key_file_of_before_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "session.key").write_text("f" * 44 + "\n")
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    assert keys.load(None, database) == (b"f" * 44,)
    assert not (tmp_path / "session.key").exists() and (tmp_path / "secret.key").exists()
