"""The general questions, and recognising one in what a citizen writes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.content_files import ContentError, Mapping, line_of, read_yaml, shaped
from bot.dated_facts import Fact, FactError, read_day, read_facts
from bot.key_phrases import pattern, plain, score
from bot.messages import MOST_BUTTONS, Button, button
from bot.settings import CONTENT

FILE = CONTENT / "general_questions.yml"
_NEEDED = {"topic", "question", "answer", "source", "as_of", "checked_by", "checked_at", "review_by"}
_KEYS = _NEEDED | {"number", "phrases", "aspect", "next", "legal_basis"}


@dataclass(frozen=True)
class GeneralQuestion:
    """One question with its dated answers."""

    topic: str
    question: str
    facts: tuple[Fact, ...]
    phrases: tuple[str, ...] = ()  # folded key phrases; "…" stands for up to three words
    aspect: str | None = None  # about a procedure under way its own record answers: this aspect
    next: tuple[Button, ...] = ()
    number: int | None = None  # place in the list of questions heard most


@lru_cache(maxsize=1)
def questions(path: Path = FILE) -> dict[str, GeneralQuestion]:
    """Return all questions by topic.

    Raises ContentError for one that does not fit.
    """
    found = {}
    for row in rows_of(path):
        question = read_question(path, row)
        if question.topic in found:
            raise ContentError(path, row.line, f"topic {question.topic} có hai lần")
        found[question.topic] = question
    return found


def rows_of(path: Path = FILE) -> list[Mapping]:
    """Return the questions as they are written; raises ContentError when the file is no list of them."""
    rows = read_yaml(path)
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise ContentError(path, 1, "tệp phải là danh sách câu hỏi, mỗi câu bắt đầu bằng “- topic:”")
    return rows


def read_question(path: Path, row: Mapping) -> GeneralQuestion:
    """Return one question; raises ContentError that names the line."""
    with shaped(path, row.line):
        return _read(path, row)


def _read(path: Path, row: Mapping) -> GeneralQuestion:
    name = row.get("topic", "?")
    missing, unknown = [key for key in sorted(_NEEDED) if not row.get(key)], sorted(set(row) - _KEYS)
    if missing or unknown:
        wrong = f"thiếu {', '.join(missing)}" if missing else f"không có mục {', '.join(unknown)}"
        raise ContentError(path, row.line, f"{name}: {wrong}; xem docs/content.md")
    buttons = tuple(_button(path, row, raw) for raw in row.get("next") or ())
    if len(buttons) > MOST_BUTTONS:
        raise ContentError(path, row.line, f"{name}: nhiều nhất {MOST_BUTTONS} nút")
    try:
        defaults = Fact(
            text="",
            source=row["source"],
            as_of=row["as_of"],
            legal_basis=tuple(map(str, row.get("legal_basis") or ())),
            checked_by=row["checked_by"],
            checked_at=read_day(row["checked_at"], "checked_at"),
            review_by=read_day(row["review_by"], "review_by"),
        )
        facts = tuple(read_facts(row["answer"], defaults))
    except FactError as error:
        raise ContentError(path, line_of(row["answer"], row.line), f"{name}: {error}") from error
    return GeneralQuestion(
        topic=str(name),
        question=str(row["question"]),
        facts=facts,
        phrases=tuple(map(str, row.get("phrases") or ())),
        aspect=row.get("aspect"),
        next=buttons,
        number=row.get("number"),
    )


def recognise(text: str) -> GeneralQuestion | None:
    """Return the question whose key phrase covers most of `text`; None when none occurs."""
    told = plain(text)
    best = max(questions().values(), key=lambda question: score(told, question.phrases))
    return best if score(told, best.phrases) else None


def beside(question: GeneralQuestion, text: str) -> str:
    """Return what `text` says beside the question's own words, folded."""
    told = plain(text)
    said = [phrase for phrase in question.phrases if pattern(phrase).search(told)]
    return pattern(max(said, key=len)).sub(" ", told) if said else told


def _button(path: Path, row: Mapping, raw: Any) -> Button:
    if not isinstance(raw, Mapping) or not {"title", "intent"} <= set(raw):
        raise ContentError(path, line_of(raw, row.line), f"{row['topic']}: mỗi nút ở next có title và intent")
    entities = {key: value for key, value in raw.items() if key not in ("title", "intent")}
    return button(str(raw["title"]), str(raw["intent"]), **entities)
