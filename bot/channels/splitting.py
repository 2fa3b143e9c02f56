"""A text too long for one message of a platform, in parts that end where somebody would breathe."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_JOINER = "\u200d"
_ENDS = (
    re.compile(r"\n\s*\n"),  # the paragraph
    re.compile(r"\n"),  # the line
    re.compile(r"[.!?…][\"”’)]?\s+"),  # the sentence
    re.compile(r"[,;:]\s+"),
    re.compile(r"\s+"),  # the word
)
_LEAST = 4  # a part shorter than a quarter of the room is no part: rather a lesser end


def utf16(text: str) -> int:
    """Return the length of `text` as Telegram and JavaScript count it: letters beyond U+FFFF are two."""
    return len(text) + sum(char > "\uffff" for char in text)


def split(text: str, largest: int, size: Callable[[str], int] = len) -> list[str]:
    """Return `text` (made NFC) in parts of at most `largest`, as `size` counts; none for a text of white space.

    They end at a paragraph, else a line, a sentence, a word; in the middle of a word only when there is no other way.
    """
    rest = unicodedata.normalize("NFC", text).strip()
    parts = []
    while size(rest) > largest:
        cut = _cut(rest, _fitting(rest, largest, size))
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].strip()
    return [*parts, rest] if rest else parts


def _fitting(text: str, largest: int, size: Callable[[str], int]) -> int:
    """Return how many characters of `text` fit, at least one."""
    low, high = 1, min(len(text), largest)
    while low < high:
        middle = (low + high + 1) // 2
        if size(text[:middle]) <= largest:
            low = middle
        else:
            high = middle - 1
    return low


def _cut(text: str, room: int) -> int:
    """Return where to end a part of at most `room` characters."""
    for end in _ENDS:
        # The white space behind the end may lie beyond the room: it is dropped.
        places = [match.end() for match in end.finditer(text, 0, min(len(text), room + 1))]
        if places and min(places[-1], room) * _LEAST >= room:
            return min(places[-1], room)
    cut = room
    while cut > 1 and _belongs(text[cut - 1], text[cut]):
        cut -= 1
    return cut if cut > 1 else room


def _belongs(before: str, after: str) -> bool:
    """Return whether two characters are drawn as one: a mark on its letter, the parts of a picture."""
    return bool(unicodedata.combining(after)) or _JOINER in (before, after) or "\ufe00" <= after <= "\ufe0f"
