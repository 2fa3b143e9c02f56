"""The entries of the index, by the product's own way: shipped content, and an export imported into it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from rich.console import Console

from bot.db import migrate
from bot.db.engine import Database
from bot.importing import run_import
from bot.loading import load_content
from bot.procedures import catalogue
from bot.procedures.importer import ProcedureImporter
from bot.procedures.index import Entry


def entries(export: Path | None) -> list[Entry]:
    """Return the procedures of an empty installation, after importing `export` if one is given."""
    with tempfile.TemporaryDirectory(prefix="motcua-tune-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'tune.db'}")
        migrate.upgrade(database)
        load_content(database, Console(quiet=True))
        if export:
            run_import(database, ProcedureImporter(), export)
        with database.reading() as session:
            found = catalogue.of(session).index.entries
        database.dispose()
    return found
