"""The catalogue that questions are asked of: a fresh database filled as an installation is, and bent copies of it."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from rich.console import Console
from sqlalchemy.orm import Session

from bot.db import migrate
from bot.db.engine import Database
from bot.importing import run_import
from bot.loading import load_content
from bot.procedures import catalogue
from bot.procedures.importer import ProcedureImporter
from bot.procedures.index import Entry, Index
from bot.settings import CONTENT

MANY = 100_000
_ADDED = ("cấp tỉnh", "cấp xã", "lần đầu", "lần hai", "trực tuyến", "tại nhà", "đối với hộ gia đình", "theo yêu cầu")


@contextmanager
def installation(export: Path | None) -> Iterator[Session]:
    """Give a session on a new installation's database, with `export` imported if one is given."""
    with tempfile.TemporaryDirectory(prefix="motcua-report-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'report.db'}")
        try:
            migrate.upgrade(database)
            load_content(database, Console(quiet=True))
            if export:
                run_import(database, ProcedureImporter(), export)
            with database.reading() as session:
                yield session
        finally:
            database.dispose()


@contextmanager
def instead(entries: Sequence[Entry]) -> Iterator[None]:
    """Let the product's search see these entries for as long as the block runs."""
    bent = SimpleNamespace(index=Index(entries), procedures={})
    with mock.patch.object(catalogue, "of", lambda session: bent):
        yield


def without_aliases(entries: Sequence[Entry]) -> list[Entry]:
    """Return the same procedures with nothing but what the State calls them."""
    return [replace(entry, aliases=()) for entry in entries]


def many(entries: Sequence[Entry], count: int = MANY) -> list[Entry]:
    """Return `count` procedures: the given names with words swapped, numbers and places added; no aliases."""
    chance = random.Random(3)
    units = json.loads((CONTENT / "units.json").read_text(encoding="utf-8"))
    places = sorted({word for word in _names(units) if word[:1].isupper()})[:300] or ["Đà Lạt"]
    found = []
    for i in range(count):
        one = entries[i % len(entries)]
        words = one.name.split()
        if len(words) > 3:
            at = chance.randrange(len(words) - 1)
            words[at], words[at + 1] = words[at + 1], words[at]
        more = chance.choice((chance.choice(_ADDED), str(chance.randrange(1, 999)), chance.choice(places)))
        found.append(
            replace(one, code=f"{i // 1_000_000}.{i % 1_000_000:06}", name=" ".join([*words, more]), aliases=())
        )
    return found


def _names(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _names(one)
    elif isinstance(value, str) and not value.isascii():
        yield value
