"""The keys of this installation: those of the setting, or one made here and kept beside the database.

They sign sessions and seal what must not be read in a copy of the database; so they are not in it.
"""

from __future__ import annotations

import base64
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bot import private_files
from bot.settings import ROOT

if TYPE_CHECKING:
    from bot.db.engine import Database

FILE = "secret.key"
_FORMER = "session.key"  # until 0.8
LEAST_LETTERS = 32  # a shorter one is a password somebody thought up


class KeyProblem(ValueError):
    """Why nothing can be signed or sealed; one sentence for the operator, without the key."""


def load(setting: str | None, database: Database) -> tuple[bytes, ...]:
    """Return the keys, the one that signs and seals first; the others only verify and open.

    Without a setting a key is made once and kept in a file that only its owner may read: `make run` needs no
    preparation. Where a setting comes later, the file goes on to verify and to open. Raises KeyProblem.
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
        former = path.with_name(_FORMER)
        if former.exists() and not path.exists():
            with suppress(FileNotFoundError):  # another process was quicker
                former.rename(path)
        if make and not path.exists():
            _make(path)
        key = path.read_text("ascii").strip() if path.exists() else None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyProblem(
            f"không đọc hay ghi được tệp khóa {FILE} cạnh cơ sở dữ liệu ({type(error).__name__}); "
            "kiểm tra quyền thư mục, hoặc đặt MOTCUA_SECRET_KEY"
        ) from error
    if key is not None and len(key) < LEAST_LETTERS:
        raise KeyProblem(
            f"tệp khóa {FILE} cạnh cơ sở dữ liệu bị hỏng; lấy lại từ bản sao, vì dữ liệu niêm phong bằng khóa đó"
        )
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
