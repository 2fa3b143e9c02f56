"""Sentences that were accepted at the desk: they lie beside the shipped ones, and the intent model learns from them."""

from __future__ import annotations

from pathlib import Path

from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.needs import UNMARKED
from bot.settings import settings


def version() -> tuple[str, int]:
    """Return which file it is and when it was written last (0: there is none)."""
    path = settings().learned
    return str(path), path.stat().st_mtime_ns if path.is_file() else 0


def sentences(language: str = "vi") -> list[Message]:
    """Return the accepted sentences; none where nothing was learnt here.

    Nobody has marked all names in them by hand: the CRF learns nothing from them.
    """
    path: Path = settings().learned
    if not path.is_file():
        return []
    found = load_data(str(path), language).training_examples
    for example in found:
        example.set(UNMARKED, True)
    return list(found)
