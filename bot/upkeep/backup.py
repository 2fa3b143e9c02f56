"""A copy of the whole database in one file, and the way back: SQLite's own backup, or pg_dump and pg_restore."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from bot import private_files
from bot.db import migrate
from bot.db.engine import Database

PASSWORD_VARIABLE = "PGPASSWORD"  # noqa: S105 (its name only): on a command line everybody could read the password


class BackupError(RuntimeError):
    """Why there is no copy, or nothing was restored; one sentence."""


def backup(database: Database, target: Path) -> int:
    """Copy the database into `target`, while it is in use; returns the bytes written. Raises BackupError.

    The file is readable for its owner only, and appears whole or not at all.
    """
    if target.exists():
        raise BackupError(f"{target.name} đã có; chọn tên khác, để không ghi đè bản sao lưu")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)
    private_files.create(draft).close()
    try:
        if database.is_sqlite:
            with closing(sqlite3.connect(_file(database))) as source, closing(sqlite3.connect(draft)) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
        else:
            _run("pg_dump", database, "--format=custom", "--no-owner", "--no-privileges", f"--file={draft}")
        check(database, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target.stat().st_size


def check(database: Database, copy: Path) -> None:
    """Raise BackupError unless `copy` is a whole copy of the kind of `database`."""
    if not database.is_sqlite:
        _run("pg_restore", database, "--list", str(copy), connect=False)
        return
    try:
        with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as opened:
            sound = opened.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            opened.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{copy.name} không phải bản sao lưu của Một Cửa, hoặc đã hỏng") from error
    if not sound:
        raise BackupError(f"{copy.name} đã hỏng; dùng bản sao lưu khác")


def restore(database: Database, source: Path) -> None:
    """Bring the database back from `source`; no server may be running. Raises BackupError.

    PostgreSQL must be an empty database: a mistake then costs nothing. An SQLite file that is there is set aside.
    """
    if not source.is_file():
        raise BackupError(f"không có tệp {source.name}")
    check(database, source)
    if database.is_sqlite:
        _restore_file(Path(_file(database)), source)
        return
    if migrate.current(database) is not None:
        raise BackupError("cơ sở dữ liệu đích không trống; tạo một cơ sở dữ liệu mới rồi khôi phục vào đó")
    _run(
        "pg_restore", database, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(source)
    )


def _restore_file(target: Path, source: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.restoring")
    draft.unlink(missing_ok=True)
    with source.open("rb") as copy, private_files.create(draft) as file:
        shutil.copyfileobj(copy, file)
    if target.exists():
        with closing(sqlite3.connect(target)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what stands beside the file goes into it
        aside = target.with_name(f"{target.name}.before-restore")
        if aside.exists():
            draft.unlink()
            raise BackupError(f"{aside.name} còn đó từ lần khôi phục trước; xem lại rồi xóa nó trước")
        target.replace(aside)
    for rest in ("-wal", "-shm"):  # of the file that was there: they would be played into the other one
        target.with_name(target.name + rest).unlink(missing_ok=True)
    draft.replace(target)


def _file(database: Database) -> str:
    return str(database.url.database)


def _run(program: str, database: Database, *arguments: str, connect: bool = True) -> None:
    if shutil.which(program) is None:
        raise BackupError(f"máy này chưa có {program}; cài gói postgresql-client cùng bản với máy chủ")
    url = database.url.set(drivername="postgresql")
    environment = {**os.environ, PASSWORD_VARIABLE: url.password or os.environ.get(PASSWORD_VARIABLE, "")}
    where = [f"--dbname={url._replace(password=None).render_as_string()}"] if connect else []
    done = subprocess.run(  # noqa: S603 (no shell; the arguments are ours)
        [program, *where, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"{program} báo lỗi (mã {done.returncode}): {_kind(done.stderr)}")


def _kind(stderr: str) -> str:
    """Return the first line without what it quotes: a value of a row may stand there."""
    first = next((line for line in stderr.splitlines() if line.strip()), "")
    return first.partition(": ")[2].partition(":")[0][:120] or "không rõ"
