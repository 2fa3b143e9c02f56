"""The shipped catalogue: the province's list of names, and the procedures described in our own words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from sqlalchemy.orm import Session

from bot.importing import Report, fingerprint
from bot.procedures.described import described, files, rows_of
from bot.procedures.names import sentence_case
from bot.procedures.records import ProcedureRecord, write
from bot.settings import CONTENT

PROVINCIAL, NATIONAL = "Danh mục thủ tục của tỉnh (03/2025)", "Danh mục thủ tục quốc gia"
FURTHER = "further_names.jsonl"  # asked for here, and missing in the province's own list


def load_procedures(session: Session, folder: Path = CONTENT / "procedures") -> Report:
    """Bring the shipped catalogue into the database; unchanged rows are left alone.

    Raises bot.content_files.ContentError.
    """
    report = Report()
    write(session, list(catalogue(folder / "catalogue.jsonl")), report)
    write(session, list(catalogue(folder / FURTHER, source=NATIONAL)), report)
    write(session, list(described(folder / "described")), report)
    return report


def catalogue(path: Path, source: str = PROVINCIAL) -> Iterator[ProcedureRecord]:
    """Yield the procedures that are known by name only."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        row["name"] = sentence_case(row["name"])
        yield ProcedureRecord(
            code=row["code"],
            origin="catalogue",
            fingerprint=fingerprint(row),
            columns={
                "name": row["name"],
                "field": row.get("field"),
                "ministry": row.get("ministry"),
                "levels": row.get("levels") or row.get("local_levels_2025") or [],
                "online_level": row.get("online_level"),
                "as_of": row.get("local_as_of") or row.get("as_of"),
                "source_title": source,
            },
        )


@lru_cache(maxsize=1)
def own_codes(path: Path = CONTENT / "procedures" / "catalogue.jsonl") -> frozenset[str]:
    """Return the codes that stand in the province's own list."""
    return frozenset(record.code for record in catalogue(path))


@lru_cache(maxsize=1)
def known_codes() -> frozenset[str]:
    """Return every code that the shipped content holds, by name or described."""
    further = {record.code for record in catalogue(CONTENT / "procedures" / FURTHER, NATIONAL)}
    return own_codes() | further | {str(row["code"]) for path in files() for row in rows_of(path)}
