"""`motcua zalo …` against the fake: every trouble is one sentence, and no secret is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.zalo import FakeZalo
from typer.testing import CliRunner, Result

from bot import cli
from bot.db import migrate
from bot.db.engine import Database
from bot.privacy.sealing import new_key
from bot.settings import settings
from channels.zalo.conftest import CITIZEN


@pytest.fixture
def zalo(kind: str) -> Iterator[FakeZalo]:
    """By the real clock: a command runs by it."""
    with FakeZalo(kind=kind) as zalo:
        yield zalo


@pytest.fixture
def environment(zalo: FakeZalo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment of an installation that has everything but a grant."""
    given = {**zalo.settings(), "secret_key": new_key(), "database_url": f"sqlite:///{tmp_path / 'cli.db'}"}
    for name, value in given.items():
        monkeypatch.setenv(f"MOTCUA_{name.upper()}", str(value))
    settings.cache_clear()
    database = Database(given["database_url"])
    migrate.upgrade(database)
    database.dispose()
    yield monkeypatch
    settings.cache_clear()


def run(*arguments: str, given: str = "") -> Result:
    settings.cache_clear()
    return CliRunner().invoke(cli.app, ["zalo", *arguments], input=given)


def one_sentence(result: Result, part: str) -> None:
    told = result.stderr.strip()
    assert result.exit_code == 1 and told.startswith("Lỗi: ") and "\n" not in told and part in told, result.output


def imported(zalo: FakeZalo) -> Result:
    return run("import-token", given="\n".join(zalo.oauth.pair()) + "\n")


def test_a_pair_is_read_from_stdin_and_never_shown(zalo: FakeZalo, environment: Any) -> None:
    result = imported(zalo)
    assert result.exit_code == 0 and "Một Cửa Thử Nghiệm" in result.stdout
    assert "AT-" not in result.output and "RT-" not in result.output


def test_the_status_with_and_without_a_grant(zalo: FakeZalo, environment: Any) -> None:
    without = run("status")
    assert without.exit_code == 1 and "no_grant" in without.output
    imported(zalo)
    result = run("status")
    assert result.exit_code == 0, result.output
    assert "enterprise" in result.stdout and "Refresh token" in result.stdout and "AT-" not in result.output


@pytest.mark.parametrize("kind", ["enterprise", "state"], indirect=True)
def test_a_test_message(zalo: FakeZalo, environment: Any, kind: str) -> None:
    imported(zalo)
    one_sentence(run("send-test", CITIZEN), "-213")
    zalo.oa.touch(CITIZEN)
    result = run("send-test", CITIZEN)
    assert result.exit_code == 0 and ("v3" if kind == "enterprise" else "v2") in result.stdout
    assert len(zalo.oa.texts_to(CITIZEN)) == 1
    one_sentence(run("send-test", "abc"), "USER_ID")


@pytest.mark.parametrize("kind", ["closed"], indirect=True)
def test_an_account_that_both_refuse_and_looking_again(zalo: FakeZalo, environment: Any) -> None:
    imported(zalo)
    zalo.oa.touch(CITIZEN)
    one_sentence(run("send-test", CITIZEN), "human_reply")
    assert "none" in run("status").stdout
    zalo.oa.kind = "state"
    assert "chưa biết" in run("status", "--reset-endpoint").stdout
    assert run("send-test", CITIZEN).exit_code == 0


def test_login_prints_an_address_and_no_secret(zalo: FakeZalo, environment: Any) -> None:
    result = run("login")
    assert result.exit_code == 0 and f"{zalo.url}/oauth/v4/oa/permission?app_id={zalo.world.app_id}" in result.stdout
    assert zalo.world.app_secret not in result.output and zalo.world.oa_secret_key not in result.output


def test_troubles_are_one_sentence(zalo: FakeZalo, environment: pytest.MonkeyPatch) -> None:
    one_sentence(run("import-token", given="\n"), "mã truy cập")
    one_sentence(run("import-token", given="AT-unknown\nRT-unknown\n"), "-216")
    environment.setenv("MOTCUA_SECRET_KEY", "")
    one_sentence(run("status"), "MOTCUA_SECRET_KEY")
    environment.setenv("MOTCUA_SECRET_KEY", "x")
    one_sentence(run("status"), "MOTCUA_SECRET_KEY")
    environment.setenv("MOTCUA_ZALO_OA_SECRET_KEY", "")
    one_sentence(run("login"), "MOTCUA_ZALO_OA_SECRET_KEY")
    environment.setenv("MOTCUA_ZALO_APP_ID", "")
    one_sentence(run("login"), "MOTCUA_ZALO_APP_ID")


def test_with_another_key_nothing_is_begun(zalo: FakeZalo, environment: pytest.MonkeyPatch) -> None:
    imported(zalo)
    environment.setenv("MOTCUA_SECRET_KEY", new_key())
    result = run("status")
    one_sentence(result, "MOTCUA_SECRET_KEY")
