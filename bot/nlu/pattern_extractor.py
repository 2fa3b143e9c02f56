"""Codes, phones, identity numbers, days, half-days and ordinals: found by their form, not by learning."""

from __future__ import annotations

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
from bot.moments import days, half_days
from bot.moments.spoken import Places
from bot.nlu import ordinals, phones
from bot.pickups import numbers
from bot.visible import visible

_Entity = tuple[str, int, int, str]


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
        """Add what is found in each message."""
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
            if found:
                message.set(ENTITIES, (message.get(ENTITIES) or []) + found, add_to_output=True)
        return messages


def find(text: str) -> list[_Entity]:
    """Return (entity, start, end, value) for each fixed form in `text`; none overlaps another.

    Offsets count the characters of `text` as it is, decomposed and zero-width ones included.
    """
    seen = visible(text)
    places = Places(len(seen.text))
    found = [entity for entity in _candidates(seen.text) if places.take(entity[1], entity[2])]
    return sorted(((name, *seen.place(start, end), value) for name, start, end, value in found), key=lambda e: e[1])


def _candidates(text: str) -> Iterator[_Entity]:
    """Yield what may stand in `text`, surest first: a dossier code holds things that look like dates."""
    if any(char.isdigit() for char in text) or " chin " in text or "chín" in text:
        for code in codes.find(text):
            yield "dossier_code", code.start, code.end, code.code
        for booking in numbers.find_places(text):
            yield "booking_code", booking.start, booking.end, booking.number
        for number in phones.find_numbers(text):
            yield number.kind, number.start, number.end, number.value
    for ordinal in ordinals.find_ordinals(text):  # before the days: "cái thứ 2" is no Monday
        yield "ordinal", ordinal.start, ordinal.end, ordinal.value
    for day in days.find_days(text, clock.today()):
        yield "date", day.start, day.end, day.value
    for half in half_days.find_half_days(text):
        yield "time_window", half.start, half.end, half.value
