"""The component that names the intent of a message."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.fitted import FittedComponent
from bot.nlu.linear_model import LinearModel
from bot.nlu.slips import with_slips
from bot.normalise import normal_text

INTENT_RANKING_LENGTH = 10
_PLACEHOLDERS = frozenset(
    (
        "procedure", "person", "commune", "address", "dossier_code", "booking_code", "phone", "date", "time_window",
        "ordinal",
    )
)  # fmt: skip


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(FittedComponent):
    """Sets intent and ranking by a linear model over the normalised text."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: LinearModel | None = None
    ) -> None:
        """Lay out how much likelier than it stands in the data each intent of a fitted model is held."""
        super().__init__(config, storage, resource, model)
        self._prior = np.array([config["prior"].get(name, 1.0) for name in model.names] if model else [])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings that `config.yml` may change."""
        # "prior": how much likelier an intent is held than it stands in the training data.
        return {"C": 0.5, "prior": {}}

    @classmethod
    def read(cls, folder: Path) -> LinearModel:
        """Return the model that training has written."""
        return LinearModel.load(folder)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on every example that has an intent, and store the result in the Rasa model."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        model = LinearModel.fit(*views(examples), self._config["C"])
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking of each message."""
        assert self._model is not None, "process is called on a loaded component"
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            chances = self._prior * self._model.chances(seen(text, message.get(ENTITIES) or []))
            chances /= chances.sum()
            best = np.argsort(chances)[::-1][:INTENT_RANKING_LENGTH]
            ranking = [{"name": self._model.names[i], "confidence": float(chances[i])} for i in best]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages


def views(examples: list[Message]) -> tuple[list[str], list[str], list[int]]:
    """Return texts, intents and sentence numbers to learn from.

    Each sentence is learned with its names replaced, as it stands (not every name will be found in a new one), and
    with slips of the finger.
    """
    random = Random(0)  # noqa: S311 (the same slips every time)
    texts, intents, numbers = [], [], []
    for number, example in enumerate(examples):
        replaced = seen(example.get(TEXT), example.get(ENTITIES) or [])
        for text in {replaced: 0, seen(example.get(TEXT), []): 0, with_slips(replaced, random): 0}:
            texts.append(text)
            intents.append(example.get(INTENT))
            numbers.append(number)
    return texts, intents, numbers


def seen(text: str, entities: list[dict[str, Any]]) -> str:
    """Return the normalised text with found names and codes replaced by their kind.

    "lệ phí [khai tử]" and "lệ phí [tách thửa]" are one question.
    """
    parts, at = [], 0
    for entity in sorted(entities, key=lambda e: e["start"]):
        if entity["entity"] in _PLACEHOLDERS and entity["start"] >= at:
            parts += [normal_text(text[at : entity["start"]]), "ent" + entity["entity"].replace("_", "")]
            at = entity["end"]
    return " ".join([*parts, normal_text(text[at:])])
