"""The component that names the problem with an account which a message tells of.

People tell what they see, not what it is called. So it learns from sentences (`nlu_data/account_problems`), and sees in
them, beside words and letters, the meanings that `bot.accounts.problem_reading` finds.
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.accounts import problem_matching
from bot.nlu.fitted import FittedComponent
from bot.nlu.linear_model import LinearModel, letters, words
from bot.nlu.slips import with_slips
from bot.normalise import normal_text
from bot.settings import ROOT

SENTENCES = ROOT / "nlu_data" / "account_problems"  # a file for each problem, and one of what is none
NONE = "none"
PROBLEM = "account_problem"  # what a message that tells of one is given: {"name", "confidence"}
_TELL = frozenset(("report_account_problem", "report_payment_problem"))  # intents whose sentences may tell of one
# Their sentences are near to problems: all of them are learned from, of the others one in three (it takes long enough).
_NEAR = frozenset(
    ("create_account", "ask_account_requirements", "file_online", "pay_online", "next_step", "previous_step")
)
_ONE_IN = 3


def _words(text: str) -> list[str]:
    return words(normal_text(text))


def _letters(text: str) -> list[str]:
    return letters(normal_text(text))


def _meanings(text: str) -> list[str]:
    found = sorted(problem_matching.read(text).found)
    return [*found, *(f"{one} {other}" for one, other in combinations(found, 2))]


VIEWS = (_words, _letters, _meanings)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ProblemClassifier(FittedComponent):
    """Sets the problem by a linear model."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings that `config.yml` may change."""
        # "none": how much heavier what tells of no problem weighs; it has by far the most sentences.
        return {"C": 0.25, "none": 4.0}

    @classmethod
    def read(cls, folder: Path) -> LinearModel:
        """Return the model that training has written."""
        return LinearModel.load(folder, VIEWS)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the sentences of problems, and on those of other intents as sentences that tell of none."""
        others = [
            (example.get(TEXT), NONE)
            for number, example in enumerate(training_data.intent_examples)
            if example.get(TEXT)
            and example.get(INTENT) not in _TELL
            and (example.get(INTENT) in _NEAR or number % _ONE_IN == 0)
        ]
        model = LinearModel.fit(*views([*sentences(), *others]), self._config["C"], VIEWS, {NONE: self._config["none"]})
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the likeliest problem of each message that tells of one."""
        assert self._model is not None, "process is called on a loaded component"
        for message in messages:
            if text := message.get(TEXT):
                chances = self._model.chances(text)
                best = int(chances.argmax())
                if (name := self._model.names[best]) != NONE:
                    message.set(PROBLEM, {"name": name, "confidence": float(chances[best])}, add_to_output=True)
        return messages


def sentences(folder: Path = SENTENCES) -> list[tuple[str, str]]:
    """Return each sentence with the problem that it tells of; raises ValueError for a file that holds no list."""
    found: list[tuple[str, str]] = []
    for path in sorted(folder.glob("*.yml")):
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(rows, list) or not all(isinstance(row, str) for row in rows):
            raise ValueError(f"{path.name}: a list of sentences is expected")
        found += [(row, path.stem) for row in rows]
    return found


def views(examples: list[tuple[str, str]]) -> tuple[list[str], list[str], list[int]]:
    """Return texts, names and sentence numbers to learn from: each sentence as it stands, and with slips."""
    random = Random(0)  # noqa: S311 (the same slips every time)
    texts, names, numbers = [], [], []
    for number, (sentence, name) in enumerate(examples):
        for text in {sentence: 0, with_slips(normal_text(sentence), random): 0}:
            texts.append(text)
            names.append(name)
            numbers.append(number)
    return texts, names, numbers
