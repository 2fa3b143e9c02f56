"""Problems with accounts: recognised by key phrases, answered from `content/problems.yml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.key_phrases import plain, score
from bot.settings import CONTENT

TAGS = ("A", "B", "C", "X")


class ProblemError(ValueError):
    """A table of problems that cannot be used; its text names the problem."""


@dataclass(frozen=True)
class Option:
    """A possible answer to the checking question, and the problem it leads to."""

    problem: str
    title: str


@dataclass(frozen=True)
class Problem:
    """A named problem: one question that decides, or the fix."""

    id: str
    title: str
    phrases: tuple[str, ...]
    tag: str
    as_of: str
    ask: str | None = None
    options: tuple[Option, ...] = ()
    fix: tuple[str, ...] = ()
    guide: bool = False  # the guide to level 2 is offered


@lru_cache(maxsize=1)
def problems() -> dict[str, Problem]:
    """Return all problems by id; raises ProblemError."""
    return load(CONTENT / "problems.yml")


def load(path: Path) -> dict[str, Problem]:
    """Read a table of problems; raises ProblemError when one is incomplete or points nowhere."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(rows, list):
        raise ProblemError(f"{path.name}: a list of problems is expected")
    found: dict[str, Problem] = {}
    for row in rows:
        problem = _problem(row, path.name)
        if problem.id in found:
            raise ProblemError(f"{path.name}: {problem.id} is there twice")
        found[problem.id] = problem
    for problem in found.values():
        for option in problem.options:
            if option.problem not in found:
                raise ProblemError(f"{path.name}: {problem.id} points to the unknown {option.problem}")
    return found


def recognise(*texts: str) -> Problem | None:
    """Return the problem that the first telling one of `texts` is about; the longest key phrase wins.

    A text may also be the id of a problem: a pressed button says it so.
    """
    for text in texts:
        if text in problems():
            return problems()[text]
        said = plain(text)
        scored = [(score(said, problem.phrases), problem) for problem in problems().values()]
        best = max(scored, key=lambda pair: pair[0])
        if best[0]:
            return best[1]
    return None


def _problem(row: Any, where: str) -> Problem:
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise ProblemError(f"{where}: a problem without id")
    name = f"{where}: {row['id']}"
    for field in ("title", "tag", "as_of"):
        if not isinstance(row.get(field), str):
            raise ProblemError(f"{name}: {field} is missing or no text")
    if row["tag"] not in TAGS:
        raise ProblemError(f"{name}: tag must be one of {', '.join(TAGS)}")
    if not row.get("phrases"):
        raise ProblemError(f"{name}: phrases is missing or empty")
    if bool(row.get("fix")) == bool(row.get("ask")) or bool(row.get("ask")) != bool(row.get("options")):
        raise ProblemError(f"{name}: either fix, or ask with options")
    for field in ("phrases", "fix"):
        if not all(isinstance(item, str) for item in row.get(field, [])):
            raise ProblemError(f"{name}: {field} must be a list of texts")
    return Problem(
        id=row["id"],
        title=row["title"],
        phrases=tuple(row["phrases"]),
        tag=row["tag"],
        as_of=row["as_of"],
        ask=row.get("ask"),
        options=tuple(Option(**option) for option in row.get("options", [])),
        fix=tuple(row.get("fix", [])),
        guide=bool(row.get("guide", False)),
    )
