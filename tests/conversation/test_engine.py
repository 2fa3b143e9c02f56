"""What was made faster than Rasa's own must give the same results as Rasa's own."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dialogues import DIALOGUES, VARIED
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from talking import Chat, plain

from bot.conversation.engine import Engine, ModelError
from bot.conversation.engine.processor import TurnProcessor
from bot.conversation.turn import Turns
from bot.db.engine import Database

NewChat = Callable[..., Chat]


def test_understanding_equals_rasas_own_runner(engine: Engine, model: Path, tmp_path: Path) -> None:
    _, runner = loader.load_predict_graph_runner(tmp_path, model, LocalModelStorage, DaskGraphRunner)
    processor = engine._processor
    planned = [engine.understand(text) for text in VARIED]
    ours = processor.graph_runner
    try:
        processor.graph_runner = runner
        own = [engine.understand(text) for text in VARIED]
    finally:
        processor.graph_runner = ours
    assert planned == own
    assert len({parsed["intent"]["name"] for parsed in own}) > 20, "the messages are varied"


def test_a_remembered_step_is_what_the_rules_say(
    chat: NewChat, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every step of every dialogue, said twice: once fresh, once remembered."""
    remember = TurnProcessor._predict_next_with_tracker
    checked, differing = [], []

    def both(processor: TurnProcessor, tracker: DialogueStateTracker) -> Any:
        if tracker.followup_action:
            return remember(processor, tracker)  # an action's own wish: taken once, nothing to remember
        upstream = MessageProcessor._predict_next_with_tracker(processor, tracker)
        memory, processor._remembered = processor._remembered, {}
        fresh = remember(processor, tracker)
        processor._remembered = memory
        ours = remember(processor, tracker)
        checked.append(ours)
        if _told(ours) != _told(fresh):
            differing.append((_told(ours), _told(fresh)))
        # Where upstream sees no rule it would repeat the fallback; ours ends the turn.
        if _told(ours) != _told(upstream) and upstream.max_confidence == 1.0:
            differing.append((_told(ours), _told(upstream)))
        return ours

    monkeypatch.setattr(TurnProcessor, "_predict_next_with_tracker", both)
    monkeypatch.setattr(engine._processor, "_remembered", {})
    for _ in range(2):
        for dialogue in DIALOGUES:
            citizen = chat()
            for text in dialogue:
                citizen.say(text)
    assert differing == []
    assert len(checked) > 2 * sum(map(len, DIALOGUES)), "the predictions went through here"
    assert 0 < len(engine._processor._remembered) < len(checked) / 2


def _told(prediction: PolicyPrediction) -> tuple[Any, ...]:
    """Return all that the processor reads of a prediction."""
    likeliest = max(range(len(prediction.probabilities)), key=prediction.probabilities.__getitem__)
    return (
        likeliest,
        prediction.max_confidence,
        prediction.policy_name,
        [event.as_dict() | {"timestamp": None} for event in prediction.events or []],
    )


def lengths(text: str) -> int:
    """Return how long a text is without the place in the queue: of two who ask for a person one is behind."""
    return len(re.sub(r" Anh/chị ở vị trí thứ [^.]*\.", "", text))


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue[0])
def test_two_processes_that_take_turns_agree_with_one(
    chat: NewChat, furnished: Database, second_turns: Turns, dialogue: tuple[str, ...]
) -> None:
    """Each keeps trackers in memory; neither may answer from one that the other has made old."""
    alone, here = chat(), chat()
    there = chat(here.sender, second_turns)
    for number, text in enumerate(dialogue):
        together = (here, there)[number % 2].say(text)
        expected = alone.say(text)
        assert [(t.custom["kind"], t.custom.get("slot")) for t in together] == [
            (e.custom["kind"], e.custom.get("slot")) for e in expected
        ]
        assert [lengths(text) for text, _, _ in plain(together)] == [lengths(text) for text, _, _ in plain(expected)]


def damaged(kind: str, model: Path, path: Path) -> Path:
    whole = model.read_bytes()
    path.write_bytes(
        {
            "empty": b"",
            "no archive": b"this is not a model" * 100,
            "cut off": whole[: len(whole) // 2],
            "bits flipped": whole[:5000] + bytes(byte ^ 0xFF for byte in whole[5000:9000]) + whole[9000:],
        }[kind]
    )
    return path


@pytest.mark.parametrize("kind", ["empty", "no archive", "cut off", "bits flipped"])
def test_a_damaged_model_is_one_sentence(model: Path, tmp_path: Path, kind: str) -> None:
    with pytest.raises(ModelError, match="make train") as raised:
        Engine(damaged(kind, model, tmp_path / "model.tar.gz"))
    assert "\n" not in str(raised.value)


def test_an_archive_without_a_model_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "readme").write_text("nothing here")
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "readme", "readme")
    with pytest.raises(ModelError, match="make train"):
        Engine(tmp_path / "model.tar.gz")


def test_a_missing_model_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="make train"):
        Engine(tmp_path / "model.tar.gz")
