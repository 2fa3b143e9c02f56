"""The shipped catalogue: the province's list of names, and the procedures described in our own words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from bot.importing import Report, fingerprint
from bot.procedures.models import ASPECTS, FACT_STATUSES
from bot.procedures.records import ProcedureRecord, write
from bot.settings import CONTENT

_COLUMNS = (
    "name", "field", "ministry", "levels", "agency", "decision", "as_of", "online_level", "popularity",
    "bcci_collect", "bcci_return", "proxy", "legal_basis",
)  # fmt: skip


class ContentError(ValueError):
    """Shipped content that does not fit; the text names the file, the record and what is wrong."""


def load_procedures(session: Session, folder: Path = CONTENT / "procedures") -> Report:
    """Bring the shipped catalogue into the database; unchanged rows are left alone.

    Raises ContentError.
    """
    report = Report()
    write(session, list(catalogue(folder / "catalogue.jsonl")), report)
    write(session, list(described(folder / "described")), report)
    return report


def catalogue(path: Path) -> Iterator[ProcedureRecord]:
    """Yield the procedures that are known by name only (the province's list of 2025-03)."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
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
                "as_of": row.get("local_as_of"),
                "source_title": "Danh mục thủ tục của tỉnh (03/2025)",
            },
        )


@lru_cache(maxsize=1)
def own_codes(path: Path = CONTENT / "procedures" / "catalogue.jsonl") -> frozenset[str]:
    """Return the codes that stand in the province's own list."""
    return frozenset(record.code for record in catalogue(path))


def described(folder: Path) -> Iterator[ProcedureRecord]:
    """Yield the described procedures of every file in `folder`."""
    for path in sorted(folder.glob("*.yml")):
        with path.open(encoding="utf-8") as file:
            rows = yaml.load(file, Loader=yaml.CSafeLoader)
        for row in rows:
            try:
                yield _record(row)
            except (KeyError, TypeError, ValueError) as error:
                raise ContentError(f"{path.name}, thủ tục {row.get('code', '?')}: {error}") from error


def _record(row: dict[str, Any]) -> ProcedureRecord:
    source = row.get("source") or {}
    columns = {key: row[key] for key in _COLUMNS if key in row}
    columns |= {"url": source.get("url"), "source_title": source.get("title")}
    return ProcedureRecord(
        code=row["code"],
        origin="content",
        fingerprint=fingerprint(row),
        columns=columns,
        aliases=tuple(dict.fromkeys(row.get("aliases") or [])),
        facts=tuple(
            _fact(aspect, fact, row)
            for aspect, facts in row["facts"].items()
            for fact in (facts if isinstance(facts, list) else [facts])
        ),
    )


def _fact(aspect: str, fact: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    if aspect not in ASPECTS:
        raise ValueError(f"không có khía cạnh {aspect!r}")
    status = fact.get("status", "partial")
    if status not in FACT_STATUSES:
        raise ValueError(f"{aspect}: trạng thái {status!r} không có")
    return {
        "aspect": aspect,
        "body": {
            "text": fact["text"].strip(),
            "items": [str(item).strip() for item in fact.get("items") or []],
        },
        "status": status,
        "valid_from": _day(fact.get("valid_from")),
        "valid_to": _day(fact.get("valid_to")),
        "legal_basis": fact.get("legal_basis") or [],
        "as_of": row.get("as_of"),
    }


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(str(value))
