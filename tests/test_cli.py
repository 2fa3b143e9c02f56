"""The `motcua` command: help with an example everywhere, and every trouble in one sentence."""

from __future__ import annotations

import json
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import find_browser
import pytest
from live_server import MOTCUA, ROOT, environment, motcua
from typer.main import get_command
from typer.testing import CliRunner, Result

from bot import cli
from bot.api import tokens
from bot.db import migrate
from bot.db.engine import Database
from bot.settings import settings
from bot.tickets.tickets import open_ticket


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every command and group of the tool."""
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*path, name))


ALL = list(commands(get_command(cli.app)))
LEAVES = [path for path in ALL if not any(other[: len(path)] == path and other != path for other in ALL)]


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a database that does not exist yet, as the settings have it."""
    address = f"sqlite:///{tmp_path / 'cli.db'}"
    monkeypatch.setenv("MOTCUA_DATABASE_URL", address)
    settings.cache_clear()
    yield address
    settings.cache_clear()


@pytest.fixture
def upgraded(url: str) -> Iterator[Database]:
    """That database with its schema."""
    database = Database(url)
    migrate.upgrade(database)
    yield database
    database.dispose()


def run(*arguments: str) -> Result:
    settings.cache_clear()
    return CliRunner().invoke(cli.app, list(arguments))


def one_sentence(result: Result, *parts: str) -> None:
    """Check that a command ended with one sentence for people, and not as if all were well."""
    assert result.exit_code not in (0, None), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    told = result.stderr.strip()
    assert told.startswith("Lỗi: ") and "\n" not in told and "Traceback" not in result.output
    for part in parts:
        assert part in told


# --- help ---


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_has_help(path: tuple[str, ...]) -> None:
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert len(result.output) > 100


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_has_an_example_that_names_it(path: tuple[str, ...]) -> None:
    output = " ".join(run(*path, "--help").output.split())
    assert "Ví dụ: " in output
    assert f"motcua {' '.join(path)}" in output.split("Ví dụ: ")[1]


def test_the_commands_of_the_contract_are_there() -> None:
    expected = {("serve",), ("db", "upgrade"), ("train",), ("token", "create"), ("tickets",)}
    expected |= {("import", what) for what in ("procedures", "dossiers", "offices", "slots", "tariff")}
    assert expected <= set(LEAVES)


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["import", "nonsense", "x"], ["import", "procedures"], ["serve", "x"]]
)
def test_a_wrong_command_is_no_traceback(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2 and "Traceback" not in result.output


# --- the database ---


def test_upgrade_twice(url: str) -> None:
    for _ in range(2):
        result = run("db", "upgrade")
        assert result.exit_code == 0 and migrate.head() in result.output
    database = Database(url)
    assert migrate.current(database) == migrate.head()
    database.dispose()


@pytest.mark.parametrize(
    "arguments",
    [
        ["serve"],
        ["load"],
        ["tickets"],
        ["token", "create", "x", "--scope", "understand"],
        ["import", "procedures", "p.jsonl"],
    ],
    ids=" ".join,
)
def test_a_database_without_the_migration_is_one_sentence(url: str, arguments: list[str]) -> None:
    one_sentence(run(*arguments), "motcua db upgrade")


def test_a_database_of_a_newer_version_is_one_sentence(upgraded: Database) -> None:
    with upgraded.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    one_sentence(run("tickets"), "9999")
    one_sentence(run("db", "upgrade"))


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:////proc/nothing/x.db", "sqlite:////dev/null/x.db", "sqlite:////etc", "nonsense", "", "mysql://x/y",
        "postgresql://nobody@127.0.0.1:1/none", "postgresql://nobody@127.0.0.1:notaport/none", "sqlite://host/x.db",
    ],
)  # fmt: skip
@pytest.mark.parametrize("arguments", [["db", "upgrade"], ["tickets"]], ids=" ".join)
def test_a_database_that_cannot_be_opened_is_one_sentence(
    url: str, monkeypatch: pytest.MonkeyPatch, address: str, arguments: list[str]
) -> None:
    monkeypatch.setenv("MOTCUA_DATABASE_URL", address)
    one_sentence(run(*arguments), "MOTCUA_DATABASE_URL")


@pytest.mark.parametrize("content", [b"this is no database" * 100, b"SQLite format 3\x00" + b"\xff" * 4000])
@pytest.mark.parametrize("arguments", [["db", "upgrade"], ["tickets"]], ids=" ".join)
def test_a_file_that_is_no_database_is_one_sentence(
    url: str, tmp_path: Path, content: bytes, arguments: list[str]
) -> None:
    (tmp_path / "cli.db").write_bytes(content)
    one_sentence(run(*arguments))


def test_a_full_disk_is_one_sentence(url: str, tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk."""
    import subprocess

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    for arguments in (("db", "upgrade"), ("load",)):
        done = subprocess.run(
            [*MOTCUA, *arguments],
            cwd=ROOT,
            env=environment(database_url=url),
            capture_output=True,
            text=True,
            timeout=60,
            preexec_fn=small,
            check=False,
        )
        assert done.returncode not in (0, None), done.stdout
        assert "Traceback" not in done.stderr, done.stderr
        assert done.stderr.strip().startswith("Lỗi: ") and done.stderr.strip().count("\n") == 0
        run("db", "upgrade")  # there is room again: `load` finds a schema and too little room for its rows


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("SESSION_MINUTES", "0"),
        ("TURN_WORKERS", "99"),
        ("REPLY_TIMEOUT_SECONDS", "-1"),
        ("DEMO", "x"),
    ],
)
def test_a_setting_that_does_not_fit_is_one_sentence(
    url: str, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"MOTCUA_{name}", value)
    one_sentence(run("serve"), f"MOTCUA_{name}")


@pytest.mark.parametrize("value", ["yesterday", "2026-13-01", "22/11/2026"])
def test_a_clock_that_cannot_be_read_is_one_sentence(
    upgraded: Database, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("MOTCUA_NOW", value)
    one_sentence(run("load"), "MOTCUA_NOW")


# --- serve ---


def test_a_taken_port_is_one_sentence(upgraded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        monkeypatch.setenv("MOTCUA_PORT", str(listener.getsockname()[1]))
        one_sentence(run("serve"), "MOTCUA_PORT")


@pytest.mark.parametrize("port", ["70000", "-1"])
def test_a_port_that_cannot_be_is_one_sentence(upgraded: Database, monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("MOTCUA_PORT", port)
    one_sentence(run("serve"), port)


def test_a_host_that_is_not_ours_is_one_sentence(upgraded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_HOST", "no.such.host.invalid")
    monkeypatch.setenv("MOTCUA_PORT", "0")
    one_sentence(run("serve"), "no.such.host.invalid")


def test_a_missing_model_is_one_sentence(upgraded: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MOTCUA_PORT", "0")
    monkeypatch.setenv("MOTCUA_MODEL", str(tmp_path / "none.tar.gz"))
    one_sentence(run("serve"), "make train")


@pytest.mark.slow
def test_a_damaged_model_is_one_sentence(upgraded: Database, url: str, model: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.tar.gz"
    damaged.write_bytes(model.read_bytes()[:100_000])
    done = motcua("serve", database_url=url, port=0, model=damaged)
    assert done.returncode not in (0, None)
    assert "make train" in done.stderr and "Traceback" not in done.stderr
    assert [line for line in done.stderr.splitlines() if line.startswith("Lỗi: ")] == [done.stderr.strip()]


# --- imports, tokens, tickets ---


def test_import_reports_bad_rows_by_line(upgraded: Database, tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    rows = [{"code": "1.001193", "name": "Đăng ký khai sinh"}, {"code": "[red]x[/red]", "name": "xấu"}]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n{\n", encoding="utf-8")
    first = run("import", "procedures", str(path))
    assert first.exit_code == 0, first.output
    assert "Dòng 2: " in first.output and "Dòng 3: " in first.output
    assert "3 dòng: 1 mới, 0 đổi, 0 giữ nguyên, 2 dòng sai" in first.output
    assert "0 mới, 0 đổi, 1 giữ nguyên, 2 dòng sai" in run("import", "procedures", str(path)).output
    one_sentence(run("import", "procedures", str(path), "--strict"), "dòng 2", "chưa nhập gì")


@pytest.mark.parametrize("what", ["procedures", "dossiers", "offices", "slots", "tariff"])
def test_import_of_a_file_that_is_not_there(upgraded: Database, tmp_path: Path, what: str) -> None:
    one_sentence(run("import", what, str(tmp_path / "none.jsonl")), "none.jsonl")
    one_sentence(run("import", what, str(tmp_path)))
    (tmp_path / "bad.xlsx").write_bytes(b"no excel")
    one_sentence(run("import", what, str(tmp_path / "bad.xlsx")), "bad.xlsx")


def test_a_token_is_printed_once_and_works(upgraded: Database) -> None:
    result = run("token", "create", "tong-dai", "--scope", "understand, pickups")
    assert result.exit_code == 0
    token = result.output.strip()
    assert "\n" not in token
    with upgraded.reading() as session:
        assert tokens.scopes_of(session, token) == ["understand", "pickups"]


@pytest.mark.parametrize("scope", ["admin", "", ",", "understand,root"])
def test_a_token_with_an_unknown_scope_is_one_sentence(upgraded: Database, scope: str) -> None:
    one_sentence(run("token", "create", "x", "--scope", scope), "understand")


def test_tickets_are_listed(upgraded: Database) -> None:
    with upgraded.unit_of_work() as session:
        number = open_ticket(session, None, "feedback").number
    assert number in run("tickets").output


def test_load_twice_changes_nothing(upgraded: Database) -> None:
    assert run("load", "--demo").exit_code == 0
    again = run("load", "--demo").output
    assert "Nội dung: 0 thủ tục" in again and "Dữ liệu mẫu: 0 hồ sơ mới, 0 buổi" in again


# --- the script that looks for a browser ---


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_without_a_browser(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ci: str, code: int
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(find_browser, "find", lambda: None)
    monkeypatch.setattr(find_browser, "install", lambda: None)
    assert find_browser.main() == code
    told = capsys.readouterr()
    assert len((told.out + told.err).splitlines()) == 1 and "Chromium" in told.out + told.err
    assert ("skipped" in told.out) is (code == 0)


def test_with_a_browser(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(find_browser, "find", lambda: sys.executable)
    assert find_browser.main() == 0
    assert sys.executable in capsys.readouterr().out
