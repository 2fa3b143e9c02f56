"""The sentences that understanding is measured on, in three styles, with what is right for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rasa.shared.nlu.training_data.loading import load_data

from bench.nlu_report.noise import Span, noisy
from bot.settings import ROOT
from bot.text import fold, words

FOLDER = ROOT / "tests" / "nlu_heldout"
STYLES = ("as written", "no marks", "noisy")
CAPITALS = "no marks, capitals kept"
NOISE_SEED = 20261122


@dataclass(frozen=True)
class Sentence:
    """What somebody typed, and what it means."""

    text: str
    intent: str
    spans: tuple[Span, ...]


def sentences(folder: Path = FOLDER) -> list[Sentence]:
    """Return every held-out sentence as it was written."""
    found = []
    for file in sorted(folder.glob("*.yml")):
        for example in load_data(str(file)).intent_examples:
            spans = tuple(Span(e["entity"], e["start"], e["end"]) for e in example.get("entities") or [])
            found.append(Sentence(example.get("text"), example.get("intent"), spans))
    return found


def styled(written: Iterable[Sentence], style: str) -> list[Sentence]:
    """Return the same sentences in a style of `STYLES`, or `CAPITALS`; spans move along."""
    if style == CAPITALS:
        return [Sentence(_unmarked(one.text), one.intent, one.spans) for one in written]
    if style == "no marks":
        return [Sentence(fold(one.text), one.intent, one.spans) for one in written]
    if style == "noisy":
        made = ((one, noisy(one.text, one.spans, NOISE_SEED)) for one in written)
        return [Sentence(new.text, one.intent, new.spans) for one, new in made]
    return list(written)


def _unmarked(text: str) -> str:
    return "".join(new.upper() if old.isupper() else new for old, new in zip(text, fold(text), strict=True))


def key(text: str) -> str:
    """Return what makes two sentences one: their words without marks and case."""
    return " ".join(words(text))
