"""The keys of this installation: those of the setting, or one made here and kept beside the database."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from bot import private_files
from bot.db.engine import Database
from bot.settings import ROOT

FILE = "session.key"
LEAST_LETTERS = 32  # a shorter one is a password somebody thought up


class KeyProblem(ValueError):
    """Why sessions cannot be signed; one sentence for the operator, without the key."""


def load(setting: str | None, database: Database) -> tuple[bytes, ...]:
    """Return the keys, the one that signs first; the others only verify what was signed before a change.

    Without a setting a key is made once and kept in a file that only its owner may read: `make run` needs no
    preparation. Where a setting comes later, the file goes on to verify. Raises KeyProblem.
    """
    listed = [key.strip() for key in (setting or "").split(",") if key.strip()]
    if any(len(key) < LEAST_LETTERS for key in listed):
        raise KeyProblem(f"MOTCUA_SECRET_KEY có khóa ngắn hơn {LEAST_LETTERS} ký tự; đặt khóa ngẫu nhiên dài hơn")
    path = _path(database)
    if path is None:
        # A database in memory: what is signed with a key of today does not outlive it.
        return tuple(key.encode() for key in listed or [_new()])
    return tuple(key.encode() for key in [*listed, *_kept(path, make=not listed)])


def _path(database: Database) -> Path | None:
    if not database.is_sqlite:
        return ROOT / "var" / FILE
    name = database.url.database
    return Path(name).resolve().parent / FILE if name and name != ":memory:" else None


def _kept(path: Path, *, make: bool) -> list[str]:
    """Return the key of the file; without a file none, or one that is made now."""
    try:
        if make and not path.exists():
            _make(path)
        key = path.read_text("ascii").strip() if path.exists() else None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyProblem(
            f"không đọc hay ghi được tệp khóa {FILE} cạnh cơ sở dữ liệu ({type(error).__name__}); "
            "kiểm tra quyền thư mục, hoặc đặt MOTCUA_SECRET_KEY"
        ) from error
    if key is not None and len(key) < LEAST_LETTERS:
        raise KeyProblem(f"tệp khóa {FILE} cạnh cơ sở dữ liệu bị hỏng; xóa tệp để tạo khóa mới")
    return [] if key is None else [key]


def _make(path: Path) -> None:
    """Write a new key; of two processes that start together both end with the same one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{FILE}.{secrets.token_hex(8)}")
    opened = private_files.create(draft)
    try:
        with opened as file:
            file.write(f"{_new()}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # whole or not at all, and never over another one
        except FileExistsError:
            return
    finally:
        draft.unlink()


def _new() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
