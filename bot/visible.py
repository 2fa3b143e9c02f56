"""A text as the eye sees it: composed, without invisible characters, digits plain; each character knows its place.

Phones and web pages put zero-width characters and full-width digits into codes; the forms of codes, numbers and
days are looked for in the visible text, and found where they stand in the text as sent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.text import compose

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)
_WIDE = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000\uff01-\uff5e]")


@dataclass(frozen=True)
class Visible:
    """The visible text, and where each of its characters begins and ends in the text as sent."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where the part `start`–`end` (not empty) of the visible text stands in the text as sent."""
        return self.starts[start], self.ends[end - 1]


def visible(text: str) -> Visible:
    """Return the visible form of `text`."""
    if text.isascii():
        return Visible(text, range(len(text)), range(1, len(text) + 1))
    composed, offsets = compose(text)
    starts, ends = offsets[:-1], _ends(offsets)
    if _WIDE.search(composed):
        composed = "".join(map(_plain, composed))
    if _INVISIBLE.search(composed):
        kept = [at for at, char in enumerate(composed) if not _INVISIBLE.match(char)]
        composed = "".join(composed[at] for at in kept)
        starts, ends = [starts[at] for at in kept], [ends[at] for at in kept]
    return Visible(composed, starts, ends)


def _ends(offsets: list[int]) -> list[int]:
    """Return where each character ends; characters composed out of one cluster begin and end together."""
    ends, end = [], offsets[-1]
    for at in range(len(offsets) - 2, -1, -1):
        end = offsets[at + 1] if offsets[at + 1] > offsets[at] else end
        ends.append(end)
    return ends[::-1]


def _plain(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char) if _WIDE.match(char) else char
    return plain if len(plain) == 1 else char
