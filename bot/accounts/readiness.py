"""The quick check: at most seven questions, stopping at the first obstacle (`content/readiness.yml`).

The state is one line of text, so that it fits into the slot `pending`: "readiness:sim:who=citizen,age=adult:0".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.accounts.guides import guides
from bot.accounts.problems import problems
from bot.settings import CONTENT

PENDING = "readiness:"
MOST_QUESTIONS = 7
UNSURE = "unsure"
OUTCOMES = (
    "register_level_1", "police", "activate", "reset_password", "reset_passcode", "fix_sim", "change_device", "paper",
    "ready",
)  # fmt: skip


class ReadinessError(ValueError):
    """A check that cannot be used; its text says where."""


@dataclass(frozen=True)
class Choice:
    """An answer, and where it leads: to another question or to a result."""

    id: str
    title: str
    next: str | None = None
    result: str | None = None
    says: tuple[str, ...] = ()
    least: int | None = None  # years, where an age is asked
    say: str = ""  # said first, to whoever does not know
    answer: str | None = None  # not knowing counts as this choice


@dataclass(frozen=True)
class Question:
    """One question with its choices; `unsure` is the way on for whoever does not know."""

    id: str
    ask: str
    choices: tuple[Choice, ...]
    unsure: Choice
    reads: str = ""  # "age": a number is one
    assume: str | None = None  # the choice of whoever answers the next question already

    def choice(self, choice_id: str) -> Choice | None:
        """Return a choice; None when there is none of this id."""
        return next((c for c in (*self.choices, self.unsure) if c.id == choice_id), None)


@dataclass(frozen=True)
class Result:
    """An ending: one of nine outcomes, what to bring, what to do next."""

    id: str
    outcome: str
    say: str
    bring: tuple[str, ...]
    do: str
    button: str
    tag: str
    as_of: str
    guide: str | None = None
    problem: str | None = None
    police: bool = False  # any commune police will do


@dataclass(frozen=True)
class Questions:
    """The whole check."""

    start: str
    questions: dict[str, Question]
    notes: dict[str, str]
    results: dict[str, Result]


@dataclass(frozen=True)
class Check:
    """Where somebody stands in the check."""

    question: str
    answers: tuple[tuple[str, str], ...] = ()
    misses: int = 0  # answers in a row that fitted no choice

    @property
    def number(self) -> int:
        """Return which question this is, from 1."""
        return len(self.answers) + 1

    def pending(self) -> str:
        """Return the state as text."""
        return f"{PENDING}{self.question}:{','.join(f'{q}={a}' for q, a in self.answers)}:{self.misses}"

    def back(self) -> Check | None:
        """Return the check at the question before; None at the first one."""
        return Check(self.answers[-1][0], self.answers[:-1]) if self.answers else None

    def missed(self) -> Check:
        """Return the check after an answer that fitted no choice."""
        return replace(self, misses=self.misses + 1)

    def take(self, choice: Choice) -> tuple[Check, Result | None]:
        """Return the check after an answer, and the result when it ends there."""
        answers = (*self.answers, (self.question, choice.id))
        to = questions().questions[self.question].choice(choice.answer or "") or choice
        if to.result is not None:
            return Check(self.question, answers), questions().results[to.result]
        return Check(str(to.next), answers), None

    def notes(self) -> list[str]:
        """Return what the answers on the way add to the ending."""
        return [questions().notes[key] for q, a in self.answers if (key := f"{q}={a}") in questions().notes]


def begin() -> Check:
    """Return the check at its first question."""
    return Check(questions().start)


def read(pending: str) -> Check | None:
    """Return the check that `pending` holds; None when it holds none, or one of an older form."""
    if not pending.startswith(PENDING):
        return None
    question, _, rest = pending.removeprefix(PENDING).partition(":")
    answered, _, misses = rest.rpartition(":")
    answers = tuple((q, a) for q, _, a in (pair.partition("=") for pair in answered.split(",")) if q)
    if question not in questions().questions or any(q not in questions().questions for q, _ in answers):
        return None
    return Check(question, answers, int(misses) if misses.isdecimal() else 0)


@lru_cache(maxsize=1)
def questions() -> Questions:
    """Return the shipped check; raises ReadinessError."""
    return load(CONTENT / "readiness.yml")


def load(path: Path) -> Questions:
    """Read a check; raises ReadinessError where a choice leads nowhere or a result is incomplete."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    results = {row["id"]: Result(**{**row, "bring": tuple(row["bring"])}) for row in raw["results"]}
    asked = {row["id"]: _question(row) for row in raw["questions"]}
    for question in asked.values():
        for choice in (*question.choices, question.unsure):
            _check(question, choice, asked, results)
    for result in results.values():
        if result.outcome not in OUTCOMES or not (result.guide or result.problem):
            raise ReadinessError(f"{path.name}: {result.id} needs one of the nine outcomes, and a guide or a problem")
        if (result.guide or "") not in ("", *guides()) or (result.problem or "") not in ("", *problems()):
            raise ReadinessError(f"{path.name}: {result.id} leads to a guide or a problem that is not there")
    return Questions(raw["start"], asked, dict(raw["notes"]), results)


def _question(row: dict[str, Any]) -> Question:
    choices = tuple(_choice(choice) for choice in row["choices"])
    unsure = _choice({"id": UNSURE, "title": "Không biết", **row["unsure"]})
    return Question(row["id"], row["ask"], choices, unsure, row.get("reads", ""), row.get("assume"))


def _choice(row: dict[str, Any]) -> Choice:
    values = {**row, "least": row.get("from"), "says": tuple(row.get("says", ()))}
    return Choice(**{name: value for name, value in values.items() if name != "from"})


def _check(question: Question, choice: Choice, asked: dict[str, Question], results: dict[str, Result]) -> None:
    ways = [way for way in (choice.next, choice.result, choice.answer) if way is not None]
    known = {*asked, *results, *(other.id for other in question.choices)}
    if len(ways) != 1 or ways[0] not in known:
        raise ReadinessError(f"readiness.yml: {question.id}: {choice.id} leads nowhere, or to two places")
