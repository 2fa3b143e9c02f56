"""Communes, new and old: found by the gazetteer. One meaning gives the unit's code, several the text as written."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.places import gazetteer


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CommuneExtractor(GraphComponent):
    """Adds `commune` entities; they come before the CRF, which sees them."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CommuneExtractor:
        """Make the component; it has nothing to learn."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the communes of each message."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            entities = list(message.get(ENTITIES) or [])
            message.set(ENTITIES, entities + find(text, entities), add_to_output=True)
        return messages


def find(text: str, taken: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the communes in `text` as entities, but where something (a code, a date) is `taken` already."""
    return [
        {
            "entity": "commune",
            "start": match.start,
            "end": match.end,
            "value": match.codes[0] if len(match.codes) == 1 else match.text,
            "confidence": 1.0,
            "extractor": "CommuneExtractor",
        }
        for match in gazetteer.find(text)
        if not any(entity["start"] < match.end and match.start < entity["end"] for entity in taken)
    ]
