"""Vietnamese text at the door and in comparison: cleaning, folding, digits.

`clean` is applied to every text that enters the system. `fold` gives the form in which texts are
compared: lower case without tone marks, because people type "giay khai sinh" as often as "giấy khai sinh".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# Bidi controls, zero-width characters, soft hyphens and byte-order marks: invisible, and used to disguise text.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
# Anything that `clean` would change in a text that is NFC already: most texts hold none of it.
_UNTIDY = re.compile(
    "[\\x00-\\x1f\\x7f-\\xa0\u00ad\u061c\u180e\u2000-\u200f\u202a-\u202f\u205f-\u2064\u2066-\u206f\u3000\ufeff]"
    "|  |^ | $|[\ud800-\udfff]"
)
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_WORD = re.compile(r"\w+", re.UNICODE)


def clean(text: str) -> str:
    """Return `text` in NFC without control and invisible characters, white space tidied.

    Line breaks stay: people separate the parts of an address by them.
    """
    if unicodedata.is_normalized("NFC", text) and (_is_plain(text) or not _UNTIDY.search(text)):
        return text
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    # Lone surrogates come out of JSON like "\ud800"; no database takes them.
    text = text.encode("utf-8", "ignore").decode("utf-8")
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()


def _is_plain(text: str) -> bool:
    """Tell quickly that nothing is untidy: the untidy characters are among those that Unicode calls unprintable."""
    return text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " "


def fold_char(char: str) -> str:
    """Return one character lower-cased and without marks ("Đ" → "d"); always exactly one character."""
    if char in "đĐ":
        return "d"
    base = unicodedata.normalize("NFD", char)[0].lower()
    return base if len(base) == 1 else base[0]


class _CharTable(dict[int, str]):
    """A table for `str.translate` that works out each character once: a turn folds some thirty texts."""

    def __init__(self, change: Callable[[str], str]) -> None:
        super().__init__()
        self._change = change

    def __missing__(self, point: int) -> str:
        changed = self._change(chr(point))
        if len(self) < _REMEMBERED_CHARS:  # Unicode has a million, and whoever writes can send them all
            self[point] = changed
        return changed


_REMEMBERED_CHARS = 4_096
_FOLDED = _CharTable(fold_char)


def fold(text: str) -> str:
    """Return `text` (NFC) lower-cased and without marks; offsets stay the same, character for character."""
    return text.lower() if text.isascii() else text.translate(_FOLDED)


def words(text: str) -> list[str]:
    """Return the folded words of `text`, in order."""
    return _WORD.findall(fold(text))


def capital(text: str) -> str:
    """Return `text` as it begins a line: its first letter large."""
    return text[:1].upper() + text[1:]


def straight_dashes(text: str) -> str:
    """Return `text` with every kind of dash as "-", so that codes pasted from documents still match."""
    return _DASHES.sub("-", text)


def digits(text: str) -> str:
    """Return only the digits 0-9 of `text`."""
    if text.isascii() and text.isdigit():
        return text
    return "".join(char for char in text if char in "0123456789")


def compose(text: str) -> tuple[str, list[int]]:
    """Return `text` in NFC and, for each of its characters (and its end), the offset in `text` it came from.

    People's devices send "ế" as one, two or three characters; entity offsets count the text as sent.
    """
    if unicodedata.is_normalized("NFC", text):
        return text, list(range(len(text) + 1))
    composed: list[str] = []
    offsets: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        cluster = unicodedata.normalize("NFC", text[start:end])
        composed.append(cluster)
        offsets.extend([start] * len(cluster))
        start = end
    return "".join(composed), [*offsets, len(text)]
