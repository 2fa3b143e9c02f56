"""Is a text in our language at all? Judged by how many of its words we know."""

from __future__ import annotations

import re

from bot.spelling import is_known
from bot.text import fold

_WORD = re.compile(r"[^\W\d_]+")
_GIBBERISH_KNOWN, _FOREIGN_KNOWN = 0.35, 0.6  # words of another language often look like ours: "can", "my"
_SENTENCE = 3  # words


def is_gibberish(text: str) -> bool:
    """Return whether hardly a word of `text` is one of ours ("asdf qwer", "/restart"); other scripts are a language."""
    words = _WORD.findall(fold(text))
    if any(not word.isascii() for word in words):
        return False
    return sum(map(is_known, words)) < _GIBBERISH_KNOWN * max(len(words), 1)


def is_foreign(text: str) -> bool:
    """Return whether `text` is most likely in another language: other letters, or hardly more than half of it ours."""
    words = _WORD.findall(fold(text))
    if any(not word.isascii() for word in words):
        return True
    return len(words) >= _SENTENCE and sum(map(is_known, words)) <= _FOREIGN_KNOWN * len(words)
