"""Chances out of measures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.procedures.index import MEASURES, QUESTION, Found
from bot.procedures.ranking import WEIGHTS, Weights, chances, weights

LIKES = Weights(np.eye(len(MEASURES))[0], np.eye(len(QUESTION))[0])


def found(first: list[float], question: float = 0.0) -> Found:
    """Return candidates of which the first measure is known, and a question of which it is."""
    measures, asked = np.zeros((len(first), len(MEASURES))), np.zeros(len(QUESTION))
    measures[:, 0], asked[0] = first, question
    return Found(np.arange(len(first)), measures, asked, np.zeros(len(first), dtype=bool))


def test_the_shipped_weights_name_every_measure() -> None:
    rows = yaml.safe_load(WEIGHTS.read_text(encoding="utf-8"))
    assert (set(rows["measures"]), set(rows["none"])) == (set(MEASURES), set(QUESTION))
    assert weights().measures.shape == (len(MEASURES),)
    assert np.isfinite(weights().measures).all() and np.isfinite(weights().none).all()


def test_weights_that_lack_a_measure_are_refused(tmp_path: Path) -> None:
    rows = yaml.safe_load(WEIGHTS.read_text(encoding="utf-8"))
    del rows["measures"][MEASURES[3]]
    (tmp_path / "weights.yml").write_text(yaml.safe_dump(rows), encoding="utf-8")
    with pytest.raises(KeyError, match=MEASURES[3]):
        weights.__wrapped__(tmp_path / "weights.yml")


def test_none_of_them_takes_its_share() -> None:
    assert chances(found([0.0, 0.0]), LIKES) == pytest.approx([1 / 3, 1 / 3])
    assert chances(found([0.0, 0.0], question=np.log(2)), LIKES) == pytest.approx([1 / 4, 1 / 4])
    assert chances(found([np.log(2), 0.0]), LIKES) == pytest.approx([1 / 2, 1 / 4])


@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=60), st.floats(-1e4, 1e4))
def test_chances_add_up_to_at_most_1(first: list[float], question: float) -> None:
    likely = chances(found(first, question), LIKES)
    assert ((likely >= 0) & (likely <= 1)).all()
    assert likely.sum() <= 1 + 1e-9
    by_value = np.argsort(first, kind="stable")
    assert (np.diff(likely[by_value]) >= -1e-12).all(), "what is weighed more is likelier"
