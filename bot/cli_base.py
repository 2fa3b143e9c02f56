"""What every `motcua` command stands on: the two consoles, the end in one sentence, settings, the database."""

from __future__ import annotations

import getpass
from typing import NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console

from bot.db.engine import Database
from bot.settings import Settings, settings

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def fail(sentence: str) -> NoReturn:
    """Say one sentence and end with exit code 1."""
    err.print(f"Lỗi: {sentence}", style="red", markup=False)
    raise typer.Exit(1)


def actor() -> str:
    """Return who sits at this command line, as the audit log names them."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container may run under a number that has no name
        return "cli:?"


def read_settings() -> Settings:
    """Return the settings; ends the command with a sentence when the environment does not fit."""
    try:
        return settings()
    except ValidationError as error:
        first = error.errors()[0]
        fail(f"biến môi trường MOTCUA_{str(first['loc'][0]).upper()} không đúng: {first['msg']}")


def open_database() -> Database:
    """Return the database of the settings, with this version's schema and our keys; ends the command when not."""
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError

    from bot.db import migrate
    from bot.db.keys import KeyProblem
    from bot.db.sealed import ColumnKeyError
    from bot.privacy import sealing_keys

    try:
        database = Database(read_settings().database_url)
        revision = migrate.current(database)
    except (ArgumentError, ValueError, ImportError, OSError) as error:
        fail(f"MOTCUA_DATABASE_URL không dùng được ({type(error).__name__}); ví dụ: sqlite:///var/motcua.db")
    except SQLAlchemyError as error:
        fail(f"không mở được cơ sở dữ liệu ({type(error).__name__}); kiểm tra MOTCUA_DATABASE_URL và ổ đĩa")
    if revision != migrate.head():
        fail(
            f"cơ sở dữ liệu ở bản {revision or 'trống'}, chương trình cần bản {migrate.head()}; chạy: motcua db upgrade"
        )
    try:
        sealing_keys.confirm(database)
    except (ColumnKeyError, KeyProblem) as error:
        fail(str(error))
    except SQLAlchemyError as error:
        fail(f"không ghi được vào cơ sở dữ liệu ({type(error).__name__}); kiểm tra quyền và ổ đĩa")
    return database
