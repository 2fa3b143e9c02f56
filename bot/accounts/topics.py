"""Fixed answers about accounts, filing and paying (`content/account_topics.yml`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import yaml

from bot.key_phrases import plain, score
from bot.settings import CONTENT


@dataclass(frozen=True)
class Answer:
    """One fixed answer; the one without phrases is the general one of its topic."""

    id: str
    text: str
    tag: str
    as_of: str
    phrases: tuple[str, ...] = ()
    staff: bool = False  # a person is offered right away


@lru_cache(maxsize=1)
def topics() -> dict[str, tuple[Answer, ...]]:
    """Return all topics with their answers, the general one first.

    Raises TypeError for an unknown or missing field, ValueError when a topic has no general answer first.
    """
    raw = yaml.safe_load((CONTENT / "account_topics.yml").read_text(encoding="utf-8"))
    found = {topic: tuple(_answer(row) for row in rows) for topic, rows in raw.items()}
    for topic, answers in found.items():
        if [answer.id for answer in answers if not answer.phrases] != ["general"] or answers[0].phrases:
            raise ValueError(f"account_topics.yml: {topic} needs exactly one general answer, as its first")
    return found


def choose(topic: str, text: str) -> Answer:
    """Return the answer of a topic that fits `text` best: the longest key phrase wins.

    Raises KeyError for an unknown topic.
    """
    answers = topics()[topic]
    said = plain(text)
    return max(answers, key=lambda answer: score(said, answer.phrases))


def _answer(row: dict[str, object]) -> Answer:
    values = {**row, "phrases": tuple(row.get("phrases", ()))}  # type: ignore[arg-type]
    answer = Answer(**values)  # type: ignore[arg-type]
    if not all(isinstance(phrase, str) for phrase in answer.phrases):
        raise ValueError(f"account_topics.yml: {answer.id}: phrases must be texts")
    return answer
