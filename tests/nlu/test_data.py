"""Training data and the held-out part: whole, clean, and kept apart."""

from collections import Counter
from pathlib import Path

import pytest
import yaml
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message

from bot.pickups import numbers
from bot.settings import ROOT
from bot.text import words

DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
OURS = {"resume_task"}  # not of the contract: no held-out sentences
LEAST_TRAINED, LEAST_HELD_OUT = 80, 15
MOST_USED, LEAST_MOST_USED = 20, 150


def sentences(path: Path) -> list[Message]:
    return [example for file in sorted(path.glob("*.yml")) for example in load_data(str(file)).intent_examples]


@pytest.fixture(scope="module")
def trained() -> list[Message]:
    return sentences(ROOT / "nlu_data" / "nlu")


@pytest.fixture(scope="module")
def held_out() -> list[Message]:
    return sentences(ROOT / "tests" / "nlu_heldout")


def folded(message: Message) -> str:
    return " ".join(words(message.get("text")))


def test_every_intent_has_enough_sentences(trained: list[Message], held_out: list[Message]) -> None:
    counts = Counter(message.get("intent") for message in trained)
    assert set(counts) == set(DOMAIN["intents"])
    assert {intent: n for intent, n in counts.items() if n < LEAST_TRAINED and intent not in OURS} == {}
    often = sorted(counts.values(), reverse=True)[:MOST_USED]
    assert often[-1] >= LEAST_MOST_USED
    held = Counter(message.get("intent") for message in held_out)
    assert {intent for intent in set(DOMAIN["intents"]) - OURS if held[intent] < LEAST_HELD_OUT} == set()


def test_no_sentence_stands_twice(trained: list[Message]) -> None:
    counts = Counter(map(folded, trained))
    assert [text for text, n in counts.items() if n > 1] == []


def test_nothing_is_tested_that_was_trained_on(trained: list[Message], held_out: list[Message]) -> None:
    known = set(map(folded, trained))
    assert [folded(message) for message in held_out if folded(message) in known] == []


def test_entities_are_of_the_domain_and_booking_numbers_are_right(trained: list[Message]) -> None:
    for message in trained:
        for entity in message.get("entities") or []:
            assert entity["entity"] in DOMAIN["entities"], message.get("text")
            if entity["entity"] == "booking_code":
                assert numbers.find(message.get("text")[entity["start"] : entity["end"]].rjust(9)) or numbers.find(
                    message.get("text")
                ), message.get("text")


def test_about_a_third_is_written_without_tone_marks(trained: list[Message]) -> None:
    bare = sum(1 for message in trained if message.get("text").isascii())
    assert 0.25 < bare / len(trained) < 0.5
