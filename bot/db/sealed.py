"""Columns that a copy of the database does not show: sealed with a key that lies elsewhere (`bot.db.keys`).

The same value under the same key is the same text (AES-SIV, RFC 5297), so sealed columns are found and joined by
equality, and indexes and unique constraints hold. What that tells is only that two rows are alike. The first key
seals, all of them open; `bot.upkeep.resealing` brings everything under the first one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from sqlalchemy import Text, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

_MARK = "~1."  # of what is sealed: version 1
_ID_LETTERS = 8
_KEY_BYTES = 64  # AES-SIV takes two keys of 256 bits


class ColumnKeyError(RuntimeError):
    """A sealed column that none of the keys opens; the text is one sentence for the operator, and holds no value."""


class ColumnSealer:
    """Seals and opens columns with the keys of one installation."""

    def __init__(self, keys: Callable[[], tuple[bytes, ...]]) -> None:
        """Keep how to get the keys; they are read when the first column is sealed or opened."""
        self._load = keys

    @cached_property
    def _ciphers(self) -> dict[str, AESSIV]:
        derived = [hashlib.blake2b(key, digest_size=_KEY_BYTES, person=b"motcua columns").digest() for key in self.keys]
        return {hashlib.blake2b(key, digest_size=_ID_LETTERS // 2).hexdigest(): AESSIV(key) for key in derived}

    @cached_property
    def keys(self) -> tuple[bytes, ...]:
        """The keys, the one that seals first. Raises bot.db.keys.KeyProblem."""
        return self._load()

    @property
    def ids(self) -> list[str]:
        """What the keys are called in the database, in their order; nothing leads from there to the key."""
        return list(self._ciphers)

    def seal(self, value: str, purpose: str) -> str:
        """Return a value as it is stored; what is empty stays empty, for nothing is to be hidden there."""
        return self._sealed(self.ids[0], value, purpose) if value else value

    def open(self, stored: str, purpose: str) -> str:
        """Return what was stored, also before there were seals. Raises ColumnKeyError."""
        if not stored.startswith(_MARK):
            return stored
        key_id, _, text = stored[len(_MARK) :].partition(".")
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise ColumnKeyError(f"dữ liệu đã niêm phong bằng khóa {key_id}, mà khóa đó không có ở đây; thêm lại khóa")
        try:
            return cipher.decrypt(base64.urlsafe_b64decode(text), [purpose.encode()]).decode()
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise ColumnKeyError("dữ liệu đã niêm phong bị sửa hoặc hỏng; khôi phục từ bản sao lưu") from error

    def forms(self, value: str, purpose: str) -> list[str]:
        """Return all texts that a value may be stored as: under each key, and from before there were seals."""
        return [*(self._sealed(key_id, value, purpose) for key_id in self.ids), value]

    def is_current(self, stored: str | None) -> bool:
        """Return whether nothing is left to do with a stored text: it is empty, or sealed with the first key."""
        return not stored or stored.startswith(f"{_MARK}{self.ids[0]}.")

    def _sealed(self, key_id: str, value: str, purpose: str) -> str:
        sealed = self._ciphers[key_id].encrypt(value.encode(), [purpose.encode()])
        return f"{_MARK}{key_id}.{base64.urlsafe_b64encode(sealed).decode()}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process as the keys alone."""
        return _with_keys, (self.keys,)


class Sealed(TypeDecorator[str]):
    """A text that is sealed in the database. Columns of one purpose can be compared with each other."""

    impl = Text
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        """Keep what the values are ("phone"); a value of one purpose opens as no other."""
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """Seal."""
        return None if value is None else sealer_of(dialect).seal(value, self.purpose)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        """Open."""
        return None if value is None else sealer_of(dialect).open(value, self.purpose)


class SealedJson(TypeDecorator[Any]):
    """A value of JSON that is sealed in the database."""

    impl = Text
    cache_ok = True
    purpose = "json"

    def process_bind_param(self, value: Any, dialect: Any) -> str:
        """Write as JSON and seal."""
        return sealer_of(dialect).seal(json.dumps(value, ensure_ascii=False), self.purpose)

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        """Open and read."""
        return None if value is None else json.loads(sealer_of(dialect).open(value, self.purpose))


def sealer_of(dialect: Any) -> ColumnSealer:
    """Return what seals the columns of a database, which the dialect of its engine holds (`bot.db.engine`)."""
    sealer: ColumnSealer = dialect.motcua_sealer
    return sealer


def holds(session: Session, column: Any, values: Iterable[str]) -> Any:
    """Return the condition that a sealed column holds one of some values, under whichever key."""
    sealer = sealer_of(session.get_bind().dialect)
    forms = [form for value in values for form in sealer.forms(value, column.type.purpose)]
    return type_coerce(column, Text).in_(forms)


def _with_keys(keys: tuple[bytes, ...]) -> ColumnSealer:
    return ColumnSealer(lambda: keys)
