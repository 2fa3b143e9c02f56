"""The components of `config.yml` put together without Rasa's training: for ablations, and where no model can be loaded.

The same classes, the same settings, the same order; only the storage is a plain folder.
"""

from __future__ import annotations

import importlib
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.settings import ROOT

# What is learned, by the name under which the report speaks of it.
LEARNERS = {"LinearIntentClassifier": "intents", "CrfExtractor": "entities"}


class _Folder:
    """Stands in for Rasa's model storage: every component has a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @contextmanager
    def write_to(self, resource: Resource) -> Iterator[Path]:
        folder = self._root / resource.name
        folder.mkdir(parents=True, exist_ok=True)
        yield folder

    @contextmanager
    def read_from(self, resource: Resource) -> Iterator[Path]:
        yield self._root / resource.name


class Pipeline:
    """The understanding part of the product."""

    def __init__(self, components: list[Any]) -> None:
        """Keep the components in the order of `config.yml`."""
        self._components = components

    def understand(self, text: str) -> dict[str, Any]:
        """Return intent, ranking and entities, as the engine does."""
        message = Message(data={TEXT: text})
        for component in self._components:
            component.process([message])
        return {
            "text": text,
            "intent": message.get(INTENT) or {"name": None, "confidence": 0.0},
            "entities": message.get(ENTITIES) or [],
            "intent_ranking": message.get("intent_ranking") or [],
        }


def training_data() -> TrainingData:
    """Return all training sentences."""
    return load_data(str(ROOT / "nlu_data" / "nlu"))


def trained(folder: Path, data: TrainingData, retrained: tuple[str, ...] = ("intents", "entities")) -> dict[str, float]:
    """Train what is named in `retrained` into `folder`; return the seconds of each."""
    seconds = {}
    for kind, settings in _classes():
        part = LEARNERS.get(kind.__name__)
        if part in retrained:
            begun = time.perf_counter()
            kind.create(settings, _Folder(folder), Resource(part), None).train(data)
            seconds[part] = time.perf_counter() - begun
    return seconds


def loaded(folder: Path) -> Pipeline:
    """Return the pipeline with the models in `folder`."""
    components = []
    for kind, settings in _classes():
        part = LEARNERS.get(kind.__name__)
        make = kind.load if part else kind.create
        components.append(make(settings, _Folder(folder), Resource(part or kind.__name__), None))
    return Pipeline(components)


def copied(source: Path, target: Path) -> None:
    """Begin `target` with the models of `source`."""
    shutil.copytree(source, target)


def _classes() -> Iterator[tuple[Any, dict[str, Any]]]:
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    for row in config["pipeline"]:
        settings = dict(row)
        module, _, name = settings.pop("name").rpartition(".")
        if name == "VietnameseTokenizer":
            continue  # no component of ours reads its tokens; Rasa wants one
        kind = FallbackClassifier if name == "FallbackClassifier" else getattr(importlib.import_module(module), name)
        yield kind, {**kind.get_default_config(), **settings}
