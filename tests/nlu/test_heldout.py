"""The trained model on sentences by somebody who has not seen the training data. Floors, not exact figures."""

import pytest

from bench.nlu_report.heldout import sentences, styled
from bench.nlu_report.understanding import GROUPS, Understood, counts, intents, understood
from bot.conversation.engine import Engine

# About two points below what was measured, so that a retrained model may differ a little.
FLOOR, FLOOR_EACH = 0.94, 0.75
MOST_LOST_WITHOUT_MARKS = 0.01
MOST_MISCALIBRATED = 0.05
LEAST_OUT_OF_SCOPE, MOST_FALSE_REFUSALS = 0.85, 0.025
WRITTEN, BARE = "as written", "no marks"
FLOORS_OF_ENTITIES = {
    (WRITTEN, "pattern"): 0.92,
    (BARE, "pattern"): 0.91,
    (WRITTEN, "person and address"): 0.885,
    (BARE, "person and address"): 0.815,
    (WRITTEN, "learned names"): 0.82,
    (BARE, "learned names"): 0.82,
}


@pytest.fixture(scope="module")
def results(engine: Engine) -> dict[str, list[Understood]]:
    """Return what was understood of each sentence, in each style."""
    written = sentences()
    assert len(written) > 1_000
    return {style: understood(engine.understand, styled(written, style), lambda: None) for style in (WRITTEN, BARE)}


def test_intents_are_understood(results: dict[str, list[Understood]]) -> None:
    found = intents(results[WRITTEN])
    assert found.accuracy.value >= FLOOR
    assert {name: share.value for name, share in found.each.items() if share.value < FLOOR_EACH} == {}


def test_tone_marks_do_not_matter(results: dict[str, list[Understood]]) -> None:
    lost = intents(results[WRITTEN]).accuracy.value - intents(results[BARE]).accuracy.value
    assert lost <= MOST_LOST_WITHOUT_MARKS


@pytest.mark.parametrize("style", [WRITTEN, BARE])
def test_a_chance_is_what_comes_true(results: dict[str, list[Understood]], style: str) -> None:
    assert intents(results[style]).calibration.value <= MOST_MISCALIBRATED


@pytest.mark.parametrize("style", [WRITTEN, BARE])
def test_what_is_not_ours_is_noticed_and_what_is_ours_is_not_refused(
    results: dict[str, list[Understood]], style: str
) -> None:
    found = intents(results[style])
    assert found.out_of_scope.count >= 50
    assert found.out_of_scope.value >= LEAST_OUT_OF_SCOPE
    assert found.false_refusals.value <= MOST_FALSE_REFUSALS


@pytest.mark.parametrize(("style", "group"), FLOORS_OF_ENTITIES)
def test_entities_are_found(results: dict[str, list[Understood]], style: str, group: str) -> None:
    right, found, there = counts(results[style], GROUPS[group]).sum(axis=0)
    assert there > 100
    assert 2 * right / (found + there) >= FLOORS_OF_ENTITIES[style, group]


@pytest.mark.parametrize("style", [WRITTEN, BARE])
def test_offsets_slice_the_text(results: dict[str, list[Understood]], style: str) -> None:
    for one in results[style]:
        assert all(0 <= start < end <= len(one.sentence.text) for _, start, end in one.found)
