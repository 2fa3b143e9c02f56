"""What of a good answer is in a trainee's words, by key phrases; whether it was well said, they judge themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.key_phrases import pattern, plain
from bot.practice.scenarios import PlayedTurn

# "đừng đọc mã OTP" says the opposite of what it holds; so far before it the word may stand.
_NOT = re.compile(r"\b(?:khong|dung|cho|chang|khoi|chua|tuyet doi khong|ko)\b(?: \w+){0,4} ?$")
_SENTENCE = re.compile(r"[.!?;\n]+")


@dataclass(frozen=True)
class Checked:
    """What an answer holds of what it needs, what it lacks, and what it should not have said."""

    held: tuple[str, ...]
    missing: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Return whether nothing is missing and nothing wrong was said."""
        return not self.missing and not self.wrong


def check(turn: PlayedTurn, answer: str) -> Checked:
    """Return how an answer compares with what the turn asks for."""
    sentences = [plain(part) for part in _SENTENCE.split(answer)]
    held = [point.what for point in turn.needs if any(_says(sentences, phrase) for phrase in point.any)]
    missing = [point.what for point in turn.needs if point.what not in held]
    wrong = [point.what for point in turn.avoids if any(_says(sentences, one, meant=True) for one in point.any)]
    return Checked(tuple(held), tuple(missing), tuple(wrong))


def _says(sentences: list[str], phrase: str, *, meant: bool = False) -> bool:
    """Return whether a sentence holds a phrase; `meant`: and does not deny it."""
    for sentence in sentences:
        for match in pattern(phrase).finditer(sentence):
            if not (meant and _NOT.search(sentence[: match.start()])):
                return True
    return False
