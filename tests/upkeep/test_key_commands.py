"""`motcua key`: a key is made, changed while all is in use, and a wrong one is heard of at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.db import migrate
from bot.db.engine import Database
from bot.dossiers.proof import identities
from bot.privacy.sealing import Sealer, new_key
from bot.settings import settings

OLD, NEW, PHONE = new_key(), new_key(), "0900001234"


@pytest.fixture(autouse=True)
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a database that the old key has sealed a phone in."""
    address = f"sqlite:///{tmp_path / 'keys.db'}"
    monkeypatch.setenv("MOTCUA_DATABASE_URL", address)
    database = Database(address, OLD)
    migrate.upgrade(database)
    with database.unit_of_work() as session:
        identities.know_phone(session, "zalo:u1", PHONE)
    yield address
    settings.cache_clear()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """What runs a command with some keys."""

    def with_keys(secret_key: str, *arguments: str) -> Result:
        monkeypatch.setenv("MOTCUA_SECRET_KEY", secret_key)
        settings.cache_clear()
        return CliRunner().invoke(cli.app, ["key", *arguments])

    return with_keys


def test_a_new_key_is_a_key(run: Callable[..., Result]) -> None:
    made = run("", "new").stdout.strip()
    assert Sealer(made).seal("x") and made not in (OLD, NEW)


def test_from_one_key_to_the_next(run: Callable[..., Result], url: str) -> None:
    old, new = Database(url, OLD).sealer.ids[0], Database(url, NEW).sealer.ids[0]
    assert f"{old}  từ" in run(OLD, "status").stdout
    both = run(f"{NEW},{OLD}", "status").stdout
    assert old in both and new in both and "chỉ để mở dữ liệu cũ" in both
    refused = run(NEW, "status")
    assert refused.exit_code == 1 and old in refused.output and refused.output.count("Lỗi:") == 1

    done = run(f"{NEW},{OLD}", "rotate")
    assert done.exit_code == 0 and "1 giá trị" in done.stdout
    after = run(NEW, "status").stdout
    assert old not in after and "mọi dữ liệu đã chuyển" in after
    with Database(url, NEW).reading() as session:
        assert session.query(identities.VerifiedPhone).one().phone == PHONE
    for said in (done.output, after):
        assert OLD not in said and NEW not in said and PHONE not in said


def test_a_key_that_is_none_is_one_sentence(run: Callable[..., Result]) -> None:
    short = run("short", "status")
    assert short.exit_code == 1 and "MOTCUA_SECRET_KEY" in short.output and "short" not in short.output
