"""The shipped list of the 124 communes, read once.

Made from the MIT package `vietnamadminunits` 1.0.4 and checked against NQ 1671/NQ-UBTVQH15: every one of
the 329 units before 2025-07-01 has its target, two were split between two communes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.settings import CONTENT


@dataclass(frozen=True)
class Former:
    """A unit before the merger: its name without the unit word, its kind and its district."""

    name: str
    kind: str
    district: str  # with its own unit word: "huyện Di Linh"


@dataclass(frozen=True)
class Commune:
    """One of the 124 communes of today."""

    code: str
    name: str
    kind: str
    lat: float
    lon: float
    remote: bool
    former: tuple[Former, ...]
    aliases: tuple[str, ...]

    @property
    def full_name(self) -> str:
        """Return the name with its unit word: "xã Di Linh"."""
        return f"{self.kind} {self.name}"


@lru_cache(maxsize=1)
def communes() -> dict[str, Commune]:
    """Return all communes by code, in the order of the list.

    Raises ValueError when the file holds a code twice.
    """
    rows = json.loads((CONTENT / "units.json").read_text(encoding="utf-8"))
    found = {row["code"]: _commune(row) for row in rows}
    if len(found) != len(rows):
        raise ValueError("units.json: a code is there twice")
    return found


def full_name(code: str) -> str:
    """Return the full name of a commune; raises KeyError for a code that is none."""
    return communes()[code].full_name


def _commune(row: dict[str, Any]) -> Commune:
    return Commune(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        lat=row["lat"],
        lon=row["lon"],
        remote=row["remote"],
        former=tuple(Former(**former) for former in row["former"]),
        aliases=tuple(row["aliases"]),
    )
