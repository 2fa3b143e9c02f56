"""Tokens of other programs, and the commands that make, list and revoke them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from bot import cli
from bot.api import tokens
from bot.db.engine import Database
from bot.settings import settings


@pytest.fixture
def configured(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The database as the settings have it."""
    monkeypatch.setenv("MOTCUA_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setattr(cli.out, "width", 200)
    yield database
    settings.cache_clear()


def run(*arguments: str) -> Result:
    settings.cache_clear()
    return CliRunner().invoke(cli.app, ["token", *arguments])


def create(name: str, scope: str = "dossiers:read") -> str:
    result = run("create", name, "--scope", scope)
    assert result.exit_code == 0, result.output
    return result.output.strip()


def works(database: Database, token: str) -> bool:
    with database.reading() as session:
        return tokens.holder_of(session, token) is not None


def test_the_list_shows_everything_but_the_token(configured: Database) -> None:
    token = create("một [b]cửa[/b]", "dossiers:read, dossiers:write,dossiers:read")
    create("bưu điện", "pickups")
    run("revoke", "bưu điện")
    listed = run("list").output
    for part in ("một [b]cửa[/b]", "dossiers:read, dossiers:write", "bưu điện", "pickups"):
        assert part in listed
    assert token not in listed and token[3:12] not in listed
    with configured.reading() as session:
        first, second = tokens.listed(session)
        assert first.hash not in listed and first.hash[:12] not in listed
        assert first.revoked_at is None and second.revoked_at is not None


def test_a_token_is_revoked_by_number_or_name_and_stops_at_once(configured: Database) -> None:
    by_number, by_name = create("một cửa"), create("tổng đài")
    with configured.reading() as session:
        number = tokens.listed(session)[0].id
    assert run("revoke", str(number)).exit_code == 0
    assert (works(configured, by_number), works(configured, by_name)) == (False, True)
    assert run("revoke", "tổng đài").exit_code == 0
    assert not works(configured, by_name)
    assert run("revoke", "tổng đài").exit_code == 0, "revoking again changes nothing"


def test_a_name_that_two_carry_needs_a_number(configured: Database) -> None:
    old, new = create("một cửa"), create("một cửa")
    refused = run("revoke", "một cửa")
    assert refused.exit_code == 1 and works(configured, old) and works(configured, new)
    with configured.reading() as session:
        first, second = (token.id for token in tokens.listed(session))
    assert str(first) in refused.output and str(second) in refused.output
    run("revoke", str(first))
    assert run("revoke", "một cửa").exit_code == 0, "only one of that name still stands"
    assert not works(configured, new)


@pytest.mark.parametrize("which", ["7", "không có", "", " ", "-1", "9" * 30, "٣", "1.0"])
def test_what_is_no_token_is_one_sentence(configured: Database, which: str) -> None:
    refused = run("revoke", "--", which)
    assert refused.exit_code == 1 and refused.output.startswith("Lỗi: ") and "token list" in refused.output


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "x" * 81])
def test_a_name_that_is_none_is_one_sentence(configured: Database, name: str) -> None:
    refused = run("create", "--scope", "pickups", "--", name)
    assert refused.exit_code == 1 and refused.output.startswith("Lỗi: ") and "80" in refused.output


def test_a_name_is_tidied(session: Session) -> None:
    tokens.create(session, "  một\u200b \n cửa ", ["pickups"])
    session.flush()
    assert [token.name for token in tokens.listed(session)] == ["một cửa"]
