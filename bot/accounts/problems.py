"""Problems with accounts (`content/problems.yml`): what helps, and which one somebody tells of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.accounts import problem_matching as matching
from bot.accounts.problem_matching import Sign
from bot.settings import CONTENT

TAGS = ("A", "B", "C", "X")
_NAMED = "tai_khoan"  # the words for the account itself
LEAST = 2.0  # what is told less surely is not recognised
_TEXTS = ("phrases", "fix", "signs", "supports")


class ProblemError(ValueError):
    """A table of problems that cannot be used; its text names the problem."""


@dataclass(frozen=True)
class Option:
    """A possible answer to the checking question, and the problem it leads to."""

    problem: str
    title: str
    says: tuple[str, ...] = ()  # how people say it


@dataclass(frozen=True)
class Second:
    """The way for those whom the first one did not help, with its own source."""

    do: tuple[str, ...]
    tag: str
    as_of: str


@dataclass(frozen=True)
class Problem:
    """A named problem: one question that decides, or the fix."""

    id: str
    title: str
    phrases: tuple[str, ...]
    tag: str
    as_of: str
    signs: tuple[Sign, ...] = ()
    supports: frozenset[str] = frozenset()
    ask: str | None = None
    options: tuple[Option, ...] = ()
    fix: tuple[str, ...] = ()
    second: Second | None = None
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
    """Return the problem that `texts` tell of most surely; of equally sure ones the first in the file.

    A text may also be the id of a problem: a pressed button says it so.
    """
    best, told = 0.0, None
    for text in texts:
        if text in problems():
            return problems()[text]
        for problem, score in _scores(matching.read(text)):
            if score.weight > best:
                best, told = score.weight, problem
    return told if best >= LEAST else None


def told(text: str) -> Problem | None:
    """Return the problem with an account that a message tells of, whatever a model takes it for; None when in doubt."""
    scores = _scores(matching.read(text))
    if max(score.surely for _, score in scores) < LEAST:
        return None
    return max(scores, key=lambda found: found[1].weight)[0]  # that there is one is sure: which one, hints tell, too


def likely(text: str) -> Problem | None:
    """Return the problem that hints tell of, too: for a message that names the account, and that no model places."""
    return recognise(text) if _NAMED in matching.read(text).places else None


def surely(text: str) -> float:
    """Return how surely a message tells of any problem: from about 4 on, at least two telling words agree."""
    return max(score.surely for _, score in _scores(matching.read(text)))


def _scores(read: matching.Told) -> list[tuple[Problem, matching.Score]]:
    return [
        (problem, matching.score(read, problem.phrases, problem.signs, problem.supports))
        for problem in problems().values()
    ]


def _problem(row: Any, where: str) -> Problem:
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise ProblemError(f"{where}: a problem without id")
    name = f"{where}: {row['id']}"
    _check_source(row, name, ("title", "tag", "as_of"))
    if not row.get("phrases"):
        raise ProblemError(f"{name}: phrases is missing or empty")
    if bool(row.get("fix")) == bool(row.get("ask")) or bool(row.get("ask")) != bool(row.get("options")):
        raise ProblemError(f"{name}: either fix, or ask with options")
    for field in _TEXTS:
        if not all(isinstance(item, str) for item in row.get(field, [])):
            raise ProblemError(f"{name}: {field} must be a list of texts")
    try:
        signs = tuple(matching.sign(written) for written in row.get("signs", []))
        supports = frozenset(matching.known(word) for word in row.get("supports", []))
    except matching.WordsError as error:
        raise ProblemError(f"{name}: {error}") from error
    return Problem(
        id=row["id"],
        title=row["title"],
        phrases=tuple(row["phrases"]),
        tag=row["tag"],
        as_of=row["as_of"],
        signs=signs,
        supports=supports,
        ask=row.get("ask"),
        options=tuple(
            Option(option["problem"], option["title"], tuple(option.get("says", ())))
            for option in row.get("options", [])
        ),
        fix=tuple(row.get("fix", [])),
        second=_second(row.get("second"), name),
        guide=bool(row.get("guide", False)),
    )


def _second(raw: Any, name: str) -> Second | None:
    if raw is None:
        return None
    do = raw.get("do") if isinstance(raw, dict) else None
    if not isinstance(do, list) or not do or not all(isinstance(item, str) for item in do):
        raise ProblemError(f"{name}: second needs do, a list of texts, with tag and as_of")
    _check_source(raw, f"{name}: second", ("tag", "as_of"))
    return Second(tuple(do), raw["tag"], raw["as_of"])


def _check_source(row: dict[str, Any], name: str, fields: tuple[str, ...]) -> None:
    for field in fields:
        if not isinstance(row.get(field), str):
            raise ProblemError(f"{name}: {field} is missing or no text")
    if row["tag"] not in TAGS:
        raise ProblemError(f"{name}: tag must be one of {', '.join(TAGS)}")
