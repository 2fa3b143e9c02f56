"""The trained model on sentences by somebody who has not seen the training data. Floors, not exact figures."""

import pytest
from rasa.shared.nlu.training_data.loading import load_data

from bot.conversation.engine import Engine
from bot.settings import ROOT
from bot.text import fold

FLOOR, FLOOR_EACH = 0.90, 0.5
MOST_LOST_WITHOUT_MARKS = 0.02


@pytest.fixture(scope="module")
def held_out() -> list[tuple[str, str]]:
    data = load_data(str(ROOT / "tests" / "nlu_heldout"))
    return [(message.get("text"), message.get("intent")) for message in data.intent_examples]


def top(engine: Engine, text: str) -> str:
    """Return the likeliest intent; the fallback only says that the model is not sure of it."""
    ranking = [entry["name"] for entry in engine.understand(text)["intent_ranking"]]
    return str(next(name for name in ranking if name != "nlu_fallback"))


def test_intents_are_understood(engine: Engine, held_out: list[tuple[str, str]]) -> None:
    right: dict[str, list[bool]] = {}
    for text, intent in held_out:
        right.setdefault(intent, []).append(top(engine, text) == intent)
    every = [hit for hits in right.values() for hit in hits]
    assert sum(every) / len(every) >= FLOOR
    assert {intent for intent, hits in right.items() if sum(hits) / len(hits) < FLOOR_EACH} == set()


def test_tone_marks_do_not_matter(engine: Engine, held_out: list[tuple[str, str]]) -> None:
    as_written = sum(top(engine, text) == intent for text, intent in held_out)
    without = sum(top(engine, fold(text)) == intent for text, intent in held_out)
    assert (as_written - without) / len(held_out) <= MOST_LOST_WITHOUT_MARKS


def test_offsets_slice_the_text(engine: Engine, held_out: list[tuple[str, str]]) -> None:
    for text, _ in held_out:
        for entity in engine.understand(text)["entities"]:
            assert 0 <= entity["start"] < entity["end"] <= len(text)
