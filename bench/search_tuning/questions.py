"""What the ranking is learned from: our aliases (each asked of an index without it), tuning questions, small talk."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bench.search_tuning.logit import Asked
from bot.procedures.index import Entry, Index
from bot.text import fold

FOLDS = 5


def tuning(path: Path) -> list[dict[str, Any]]:
    """Return the questions of a file: `ask`, `code` ("" for none), `also`."""
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return rows


def asked(index: Index, text: str, codes: Iterable[str], counts: float = 1.0) -> Asked | None:
    """Return `text` as a question to `index`; None when nothing is found or the right one is not among it.

    A procedure of the same name under another code is as right.
    """
    found = index.find(text)
    if found is None:
        return None
    codes = set(codes)
    names = {name_of(entry) for entry in index.entries if entry.code in codes}
    right = tuple(row for row, place in enumerate(found.places) if name_of(index.entries[place]) in names)
    return Asked(found, right, counts) if right or not codes else None


@lru_cache(maxsize=20_000)
def name_of(entry: Entry) -> str:
    """Return the name under which procedures count as one."""
    return fold(entry.name).strip(" .")


def left_out(entries: list[Entry], counts: float) -> Iterator[Asked]:
    """Yield every alias as a question to an index that lacks it; the more popular its procedure, the more it counts."""
    pairs = [(entry.code, alias) for entry in entries for alias in entry.aliases]
    random.Random(1).shuffle(pairs)
    by_code = {entry.code: entry for entry in entries}
    for part in range(FOLDS):
        out = set(pairs[part::FOLDS])
        index = Index(
            replace(entry, aliases=tuple(a for a in entry.aliases if (entry.code, a) not in out)) for entry in entries
        )
        for code, alias in pairs[part::FOLDS]:
            entry = by_code[code]
            share = counts * (0.1 + entry.popularity / 100) / max(len(entry.aliases), 1)
            if one := asked(index, alias, {code}, share):
                yield one
