"""Names of procedures and people, addresses and account problems: learned, by a CRF that stores its model.

(Rasa's own CRFEntityExtractor trains again at every load: 70 s.)
"""

from __future__ import annotations

import threading
from typing import Any

import pycrfsuite
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.normalise import Syllable, syllables

LEARNED = ("procedure", "person", "address", "account_problem")
FILE = "entities.crfsuite"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class CrfExtractor(GraphComponent):
    """Tags syllables with BIO labels of the learned entities."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: bytes | None = None
    ) -> None:
        """Keep where the model is stored; `model` is a trained one."""
        self._config = config
        self._storage = storage
        self._resource = resource
        # The tagger reads from these bytes without holding them: they must live as long as it does.
        self._model = model
        self._tagger: pycrfsuite.Tagger | None = None
        if model is not None:
            self._tagger = pycrfsuite.Tagger()
            self._tagger.open_inmemory(model)
        self._lock = threading.Lock()  # one tagger holds the sentence it is at

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings that `config.yml` may change."""
        return {"c1": 0.05, "c2": 0.02, "iterations": 80}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CrfExtractor:
        """Make an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CrfExtractor:
        """Load the tagger out of the Rasa model."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, (folder / FILE).read_bytes())

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all examples and store the model file in the Rasa model."""
        trainer = pycrfsuite.Trainer(verbose=False)
        trainer.set_params(
            {"c1": self._config["c1"], "c2": self._config["c2"], "max_iterations": self._config["iterations"]}
        )
        for example in training_data.nlu_examples:
            tokens = syllables(example.get(TEXT))
            trainer.append(features(tokens), labels(tokens, example.get(ENTITIES) or []))
        with self._storage.write_to(self._resource) as folder:
            trainer.train(str(folder / FILE))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the learned entities to each message."""
        for message in messages:
            text = message.get(TEXT)
            tokens = syllables(text) if text else []
            if not tokens or self._tagger is None:
                continue
            with self._lock:
                tags = self._tagger.tag(features(tokens))
                found = [
                    {
                        "entity": name,
                        "start": tokens[first].start,
                        "end": tokens[last].end,
                        "value": text[tokens[first].start : tokens[last].end],
                        "confidence": min(self._tagger.marginal(tags[i], i) for i in range(first, last + 1)),
                        "extractor": "CrfExtractor",
                    }
                    for name, first, last in spans(tags)
                ]
            if found:
                message.set(ENTITIES, (message.get(ENTITIES) or []) + found, add_to_output=True)
        return messages


def features(tokens: list[Syllable]) -> list[list[str]]:
    """Return the features of each token: its form and shape, and those of its neighbours."""
    forms = [token.normal for token in tokens]
    shapes = [_shape(token.text) for token in tokens]
    rows = []
    for i in range(len(tokens)):
        row = [f"w={forms[i]}", f"s={shapes[i]}", f"suffix={forms[i][-2:]}", f"prefix={forms[i][:2]}"]
        for step in (-3, -2, -1, 1, 2, 3):
            at = i + step
            row.append(f"w{step}={forms[at]}" if 0 <= at < len(tokens) else f"edge{step}")
        if i:
            row.append(f"pair={forms[i - 1]}|{forms[i]}")
            row.append(f"s-1={shapes[i - 1]}")
        if i + 1 < len(tokens):
            row.append(f"next={forms[i]}|{forms[i + 1]}")
        rows.append(row)
    return rows


def _shape(text: str) -> str:
    if text.isdigit():
        return "0"
    if text.isalpha():
        return "X" if text.isupper() and len(text) > 1 else "Xx" if text[0].isupper() else "x"
    return "0x" if text[0].isdigit() else "."


def labels(tokens: list[Syllable], entities: list[dict[str, Any]]) -> list[str]:
    """Return the BIO label of each token."""
    tags = ["O"] * len(tokens)
    for entity in entities:
        if entity["entity"] not in LEARNED:
            continue
        inside = [i for i, t in enumerate(tokens) if t.start < entity["end"] and t.end > entity["start"]]
        for position, i in enumerate(inside):
            tags[i] = ("I-" if position else "B-") + entity["entity"]
    return tags


def spans(tags: list[str]) -> list[tuple[str, int, int]]:
    """Return (entity, first token, last token) of each run of BIO tags."""
    found: list[tuple[str, int, int]] = []
    for i, tag in enumerate(tags):
        kind, _, name = tag.partition("-")
        if kind == "I" and found and found[-1][0] == name and found[-1][2] == i - 1:
            found[-1] = (name, found[-1][1], i)
        elif kind in ("B", "I"):
            found.append((name, i, i))
    return found
