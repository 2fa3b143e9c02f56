"""Codes, phones, identity numbers, days, half-days and ordinals: found by their form, not by learning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot import clock
from bot.dossiers import codes
from bot.nlu import dates
from bot.pickups import numbers
from bot.text import fold

_PHONE = re.compile(r"(?<![\w.\-])(?:\+?84|0)(?:[ .\-]?\d){9}(?![\w\-])")
_BOOKING = re.compile(r"(?<!\w)mc[\s\-]*(?:\d[\s\-]?){6}\d(?!\w)", re.IGNORECASE)
_IDENTITY = re.compile(r"(?<![\w.\-])\d{12}(?![\w\-])")
_ORDINALS = {
    "nhat": "1", "dau tien": "1", "dau": "1", "hai": "2", "nhi": "2", "ba": "3", "tu": "4", "bon": "4", "nam": "5",
    "sau": "6", "bay": "7", "tam": "8", "chin": "9", "cuoi": "last", "cuoi cung": "last", "chot": "last",
}  # fmt: skip
_NUMERAL = r"(dau tien|dau|cuoi cung|cuoi|chot|nhat|nhi|hai|ba|tu|bon|nam|sau|bay|tam|chin|[1-9])"
# "cái thứ 2", "ý đầu", "số 3"; but "4 số cuối" are digits of a phone, and "thứ 2" alone is Monday.
_ORDINAL = re.compile(rf"\b(?:(?:cai|y|lua chon|dong|loai)\s(?:thu\s)?|so\s(?!cuoi|dau))(?:so\s)?{_NUMERAL}\b(?!\s?/)")
_WHOLE_ORDINAL = re.compile(rf"^\W*(?:thu\s)?{_NUMERAL}(?:\s(?:di|nha|nhe|a|em|oi|do))*\W*$")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PatternExtractor(GraphComponent):
    """Adds the entities that have a fixed form; each gives its meaning as the value."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PatternExtractor:
        """Make the component; it has nothing to learn."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what is found in each message; a fixed form wins over a learned entity in the same place."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            found = [
                {
                    "entity": name, "start": start, "end": end, "value": value,
                    "confidence": 1.0, "extractor": "PatternExtractor",
                }
                for name, start, end, value in find(text)
            ]  # fmt: skip
            learned = [
                entity
                for entity in message.get(ENTITIES) or []
                if not any(entity["start"] < f["end"] and f["start"] < entity["end"] for f in found)
            ]
            if found:
                message.set(ENTITIES, learned + found, add_to_output=True)
        return messages


def find(text: str) -> list[tuple[str, int, int, str]]:
    """Return (entity, start, end, value) for each fixed form in `text`; none overlaps another."""
    taken: list[tuple[str, int, int, str]] = []
    for name, start, end, value in _candidates(text):
        if not any(start < other_end and other_start < end for _, other_start, other_end, _ in taken):
            taken.append((name, start, end, value))
    return sorted(taken, key=lambda entity: entity[1])


def _candidates(text: str) -> Iterator[tuple[str, int, int, str]]:
    """Yield what may stand in `text`, surest first: a dossier code holds things that look like dates."""
    for code in codes.find(text):
        yield "dossier_code", code.start, code.end, code.code
    for match in _BOOKING.finditer(text):
        for number in numbers.find(match.group()):
            yield "booking_code", match.start(), match.end(), number
    for match in _IDENTITY.finditer(text):
        yield "identity_number", match.start(), match.end(), match.group()
    for match in _PHONE.finditer(text):
        number = re.sub(r"\D", "", match.group())
        yield "phone", match.start(), match.end(), "0" + number[-9:]
    yield from _ordinals(text)  # before the days: "cái thứ 2" is no Monday
    for day in dates.find_dates(text, clock.today()):
        yield "date", day.start, day.end, day.value
    for window in dates.find_windows(text):
        yield "time_window", window.start, window.end, window.value


def _ordinals(text: str) -> Iterator[tuple[str, int, int, str]]:
    """Yield ordinals: "cái thứ 2", "ý đầu", "số 3", or a lone digit or word; "2 tờ giấy" holds none."""
    folded = fold(text)
    whole = _WHOLE_ORDINAL.match(folded)
    if whole and not folded.strip().startswith("thu "):
        yield "ordinal", whole.start(1), whole.end(1), _ORDINALS.get(whole[1], whole[1])
        return
    for match in _ORDINAL.finditer(folded):
        if text[match.start(1) : match.end(1)].lower() in ("đâu", "dâu", "sau", "sâu", "tạm"):
            continue  # "ở đâu" folds to the letters of "đầu"
        yield "ordinal", match.start(), match.end(), _ORDINALS.get(match[1], match[1])
