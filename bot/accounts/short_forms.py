"""Abbreviations and what they mean (`content/short_forms.yml`): nobody should have to know them already."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.content_files import ContentError, read_yaml
from bot.settings import CONTENT

FILE = CONTENT / "short_forms.yml"
# Two capitals or more, with or without a number ("TK01"); and the one that everybody writes in mixed case.
_SHORT = re.compile(r"(?<!\w)(?:VNeID|[A-ZĐ]{2,}\d*)(?!\w)")


@lru_cache(maxsize=1)
def explained() -> dict[str, str]:
    """Return every explained abbreviation with its meaning; raises ContentError."""
    raw = read_yaml(FILE)
    if not isinstance(raw, dict) or not all(isinstance(text, str) and text for pair in raw.items() for text in pair):
        raise ContentError(FILE, 1, "mỗi dòng là “CHỮ TẮT: nghĩa”")
    return dict(raw)


def found(text: str) -> list[str]:
    """Return the abbreviations in `text`, in order."""
    return _SHORT.findall(text)


def meanings(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Return the abbreviations of some texts with what they mean, each once, where it first appears."""
    used = dict.fromkeys(short for text in texts for short in found(text))
    return [(short, explained()[short]) for short in used if short in explained()]
