"""What people call procedures in their own words, and how often they ask: shipped content, by code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from bot.settings import CONTENT

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Everyday:
    """Everyday words for one procedure, and our estimate of how often citizens ask for it (0–100)."""

    popularity: int
    aliases: tuple[str, ...]


NOTHING = Everyday(0, ())


@lru_cache(maxsize=1)
def everyday(folder: Path = CONTENT / "aliases") -> dict[str, Everyday]:
    """Return the everyday words of every procedure we have some for."""
    found: dict[str, Everyday] = {}
    for path in sorted(folder.glob("*.yml")):
        rows = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader) or {}  # noqa: S506 (a safe loader)
        for code, row in rows.items():
            held = found.get(code, NOTHING)
            asked = max(held.popularity, row.get("popularity", 0))
            found[code] = Everyday(asked, (*held.aliases, *map(str, row["aliases"])))
    return found
