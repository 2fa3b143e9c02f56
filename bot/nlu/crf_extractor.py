"""Names of procedures and people, addresses and account problems: learned, by a CRF that stores its model.

(Rasa's own CRFEntityExtractor trains again at every load: 70 s.)
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pycrfsuite
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import commune_extractor, pattern_extractor
from bot.nlu.crf_features import features, given
from bot.nlu.fitted import FittedComponent
from bot.nlu.needs import UNMARKED
from bot.normalise import Syllable, syllables
from bot.text import fold

LEARNED = ("procedure", "person", "address", "account_problem")
FILE = "entities.crfsuite"
_SURE = 0.6
_YIELDING = ("commune", "ordinal", "date", "time_window")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class CrfExtractor(FittedComponent):
    """Tags syllables with BIO labels of the learned entities."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: bytes | None = None
    ) -> None:
        """Keep where the model is stored; `model` is a trained one."""
        # The tagger reads from these bytes without holding them: they must live as long as it does.
        super().__init__(config, storage, resource, model)
        self._tagger: pycrfsuite.Tagger | None = None
        if model is not None:
            self._tagger = pycrfsuite.Tagger()
            self._tagger.open_inmemory(model)
        self._lock = threading.Lock()  # one tagger holds the sentence it is at

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings that `config.yml` may change."""
        return {"c1": 0.05, "c2": 0.02, "iterations": 70, "every_plain": 3}

    @classmethod
    def read(cls, folder: Path) -> bytes:
        """Return the tagger's file."""
        return (folder / FILE).read_bytes()

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all examples and store the model file in the Rasa model."""
        trainer = pycrfsuite.Trainer(verbose=False)
        trainer.set_params(
            {"c1": self._config["c1"], "c2": self._config["c2"], "max_iterations": self._config["iterations"]}
        )
        for example in self._chosen(training_data.nlu_examples):
            text, entities = example.get(TEXT), example.get(ENTITIES) or []
            for written in (text, fold(text)) if _names_someone(entities) else (text,):
                tokens = syllables(written)
                kinds = given(tokens, by_form(written))
                trainer.append(features(tokens, kinds), labels(tokens, entities))
        with self._storage.write_to(self._resource) as folder:
            trainer.train(str(folder / FILE))
        return self._resource

    def _chosen(self, examples: list[Message]) -> list[Message]:
        """Return what to learn from: all that holds a learned entity, and every third of the many that hold none."""
        names: list[Message] = []
        others: list[Message] = []
        for example in examples:
            if not example.get(UNMARKED):
                learned = any(entity["entity"] in LEARNED for entity in example.get(ENTITIES) or [])
                (names if learned else others).append(example)
        return names + others[:: self._config["every_plain"]]

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the learned entities to each message."""
        for message in messages:
            text = message.get(TEXT)
            tokens = syllables(text) if text else []
            if not tokens or self._tagger is None:
                continue
            kinds = given(tokens, message.get(ENTITIES) or [])
            with self._lock:
                tags = self._tagger.tag(features(tokens, kinds))
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
                    if any(token.text[0].isalnum() for token in tokens[first : last + 1])
                ]
            if found:
                message.set(ENTITIES, settled(message.get(ENTITIES) or [], found), add_to_output=True)
        return messages


def _names_someone(entities: list[dict[str, Any]]) -> bool:
    """Return whether a name or an address is among `entities`: half of the people write both without capitals."""
    return any(entity["entity"] in ("person", "address") for entity in entities)


def by_form(text: str) -> list[dict[str, Any]]:
    """Return what the extractors before this one find in `text`: training data holds only what people annotated."""
    found: list[dict[str, Any]] = [
        {"entity": name, "start": start, "end": end} for name, start, end, _ in pattern_extractor.find(text)
    ]
    return found + commune_extractor.find(text, found)


def settled(by_form: list[dict[str, Any]], learned: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return both kinds of entities without overlaps.

    What stands there by its form wins, unless it is only a part of a name or an address that is surely read: in "anh
    Nguyễn Đức Trọng" stands no commune, in "hẻm 25/11" no day.
    """
    kept = list(by_form)
    for entity in learned:
        inside = [e for e in kept if e["start"] < entity["end"] and entity["start"] < e["end"]]
        sure = entity["entity"] in ("person", "address") and entity["confidence"] >= _SURE
        if all(sure and e["entity"] in _YIELDING and _is_part(e, entity) for e in inside):
            kept = [e for e in kept if e not in inside] + [entity]
    return sorted(kept, key=lambda e: e["start"])


def _is_part(inner: dict[str, Any], outer: dict[str, Any]) -> bool:
    inside = outer["start"] <= inner["start"] and inner["end"] <= outer["end"]
    return bool(inside and outer["end"] - outer["start"] > inner["end"] - inner["start"])


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
