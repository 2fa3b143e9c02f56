"""How a name stands in a message: its tokens, its gaps, its tone marks and capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.places.names import TOKEN, Entry, index, marks_of, normal
from bot.text import fold

LONGEST = 5  # words of a name
# Between the words of one place: never a comma or the end of a sentence.
GAP = re.compile("[ .'’‘`´_–—-]{0,3}")


@dataclass(frozen=True)
class Tokens:
    """A message cut into tokens."""

    raw: str
    spans: list[tuple[int, int]]
    folded: list[str]
    keys: list[str]

    @classmethod
    def of(cls, text: str) -> Tokens:
        """Cut a text (NFC) into tokens."""
        folded = fold(text)
        spans = [match.span() for match in TOKEN.finditer(folded)]
        tokens = [folded[start:end] for start, end in spans]
        return cls(text, spans, tokens, [normal(token) for token in tokens])

    def gap(self, left: int, right: int) -> str:
        """Return what stands between two tokens."""
        return self.raw[self.spans[left][1] : self.spans[right][0]]

    def token(self, at: int) -> str:
        """Return a token as written."""
        start, end = self.spans[at]
        return self.raw[start:end]

    def marks(self, at: int, end: int) -> tuple[str, ...]:
        """Return the marks of the tokens from `at` to `end`."""
        return tuple(marks_of(self.token(token)) for token in range(at, end + 1))


def entries(message: Tokens, at: int) -> Iterator[tuple[int, Entry]]:
    """Yield the last token and the entry of every name that begins at `at`, longest first."""
    names = index()
    end = at
    limit = min(at + LONGEST, len(message.keys))
    while end + 1 < limit and GAP.fullmatch(message.gap(end, end + 1)):
        end += 1
    for last in range(end, at - 1, -1):
        entry = names.get(" ".join(message.keys[at : last + 1]))
        if entry is not None and not _paying(message, last):
            yield last, entry


def _paying(message: Tokens, last: int) -> bool:
    """Return whether the name ends inside "thanh toán": "tien thanh toan", "phuong tien thanh toan"."""
    return message.folded[last] == "thanh" and message.folded[last + 1 : last + 2] == ["toan"]


def spelling(message: Tokens, at: int, end: int, entry: Entry) -> str:
    """Return "exact", "unmarked" (marks are missing) or "other" (marks of another word)."""
    if not entry.marks:
        return "exact"
    written = message.marks(at, end)
    if written in entry.marks:
        return "exact"
    fitting = any(
        len(marks) == len(written) and all(mine in ("", theirs) for mine, theirs in zip(written, marks, strict=True))
        for marks in entry.marks
    )
    return "unmarked" if fitting or not any(written) else "other"


def marked(message: Tokens, at: int, end: int) -> bool:
    """Return whether any of the tokens carries a mark."""
    return any(not message.token(token).isascii() for token in range(at, end + 1))


def capitals(message: Tokens, at: int, end: int) -> bool:
    """Return whether every token begins with a capital, in a text that is not all capitals."""
    words = [message.token(token) for token in range(at, end + 1)]
    return all(word[:1].isupper() or word.isdigit() for word in words) and not message.raw.isupper()
