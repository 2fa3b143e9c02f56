"""The model of intents, on a small set of sentences made up here; and the slips it learns from."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu import linear_model
from bot.nlu.linear_model import LinearModel, letters, words
from bot.nlu.slips import with_slips
from bot.normalise import normal_text
from bot.spelling import mend

SENTENCES = {
    "greet": ["xin chào", "chào em", "alo có ai không", "chào buổi sáng", "hello em", "dạ chào anh chị"],
    "fee": [
        "lệ phí bao nhiêu", "hết mấy tiền", "tốn bao nhiêu tiền vậy", "đóng lệ phí mấy đồng", "có mất tiền không",
        "giá sao em",
    ],
    "place": [
        "nộp ở đâu", "tới chỗ nào nộp", "nộp hồ sơ chỗ nào", "địa chỉ nộp ở đâu em", "đem lên phường hay xã",
        "chỗ nhận ở đâu",
    ],
}  # fmt: skip
TEXTS = [normal_text(text) for texts in SENTENCES.values() for text in texts]
INTENTS = [intent for intent, texts in SENTENCES.items() for _ in texts]
ODD = ["", "zzz qqq", "😀", "кто здесь", "num10", "nop " * 1_000, "ệ\u0301"]


def fitted() -> LinearModel:
    return LinearModel.fit(TEXTS, INTENTS, range(len(TEXTS)), 0.5)


@pytest.fixture(scope="module")
def model() -> LinearModel:
    return fitted()


def test_what_was_taught_is_known(model: LinearModel) -> None:
    assert model.names == sorted(SENTENCES)
    assert [model.names[int(model.chances(text).argmax())] for text in TEXTS] == INTENTS


@pytest.mark.parametrize(
    ("text", "intent"), [("le phi mấy tiền", "fee"), ("nop cho nao", "place"), ("chào chị", "greet")]
)
def test_new_sentences_of_known_words_are_understood(model: LinearModel, text: str, intent: str) -> None:
    assert model.names[int(model.chances(normal_text(text)).argmax())] == intent


@given(st.text(max_size=200) | st.sampled_from([*TEXTS, *ODD]))
def test_chances_add_up_to_1(model: LinearModel, text: str) -> None:
    chances = model.chances(text)
    assert chances.shape == (len(SENTENCES),)
    assert (chances >= 0).all()
    assert chances.sum() == pytest.approx(1, abs=1e-5)


def test_of_unknown_words_only_the_bias_speaks(model: LinearModel) -> None:
    assert model.chances("qqq").tolist() == model.chances("").tolist()
    expected = np.exp(model.sharpness * model.bias)
    assert model.chances("") == pytest.approx(expected / expected.sum(), rel=1e-4)


def test_what_was_saved_is_loaded(model: LinearModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = LinearModel.load(tmp_path)
    assert loaded.names == model.names
    assert loaded.terms == model.terms
    for text in [*TEXTS, *ODD]:
        assert loaded.chances(text).tolist() == model.chances(text).tolist()


def test_the_same_sentences_give_the_same_model(model: LinearModel) -> None:
    again = fitted()
    assert (again.names, again.terms, again.sharpness) == (model.names, model.terms, model.sharpness)
    assert np.array_equal(again.weights, model.weights)
    assert np.array_equal(again.bias, model.bias)


def test_other_sentences_give_another_model(model: LinearModel) -> None:
    turned = LinearModel.fit(TEXTS, INTENTS[::-1], range(len(TEXTS)), 0.5)
    assert not np.array_equal(turned.weights, model.weights)


class Recorder:
    """The learner, with what it was shown."""

    def __init__(self, svm: Any) -> None:
        self.svm, self.learned, self.checked = svm, None, None

    def fit(self, matrix: Any, wanted: Any) -> Recorder:
        self.learned = matrix
        self.svm.fit(matrix, wanted)
        self.coef_, self.intercept_ = self.svm.coef_, self.svm.intercept_
        return self

    def decision_function(self, matrix: Any) -> Any:
        self.checked = matrix
        return self.svm.decision_function(matrix)


@pytest.fixture
def learners(monkeypatch: pytest.MonkeyPatch) -> list[Recorder]:
    made: list[Recorder] = []
    plain = linear_model._svm

    def recorded(strength: float, weigh: Any) -> Recorder:
        made.append(Recorder(plain(strength, weigh)))
        return made[-1]

    monkeypatch.setattr(linear_model, "_svm", recorded)
    return made


def test_views_of_a_sentence_are_never_split(learners: list[Recorder]) -> None:
    """Each sentence holds a word of its own, so that its views are known again in what was learned and checked."""
    views = 3
    texts, intents, numbers = [], [], []
    for number in range(30):
        for view in range(views):
            texts.append(f"own{number} view{view} {TEXTS[number % len(TEXTS)]}")
            intents.append(INTENTS[number % len(TEXTS)])
            numbers.append(number)
    model = LinearModel.fit(texts, intents, numbers, 0.5)
    part, whole = learners
    assert part.learned is not None and part.checked is not None and whole.learned is not None
    seen = []
    for number in range(30):
        column = model.terms[0][f"own{number}"]
        learned = int((part.learned[:, column] != 0).sum())
        checked = int((part.checked[:, column] != 0).sum())
        assert {learned, checked} <= {0, views}
        assert not (learned and checked)
        assert int((whole.learned[:, column] != 0).sum()) == views
        seen.append((bool(learned), bool(checked)))
    assert (True, False) in seen and (False, True) in seen


def test_one_text_is_scored_as_the_learner_scores_it(learners: list[Recorder]) -> None:
    model = fitted()
    for text in (*TEXTS, "nop cho nao em", "nop nop nop le phi"):
        margins = model.sharpness * learners[-1].svm.decision_function(model._matrix([text]))[0]
        powers = np.exp(margins - margins.max())
        np.testing.assert_allclose(model.chances(text), powers / powers.sum(), rtol=1e-3, atol=1e-5)


def test_the_views_of_a_text() -> None:
    assert words("le phi") == ["le", "phi", "^ le", "le phi", "phi $"]
    assert words("") == ["^ $"]
    assert letters("le") == ["_l", "le", "e_", "_le", "le_", "_le_"]
    assert letters("") == []


# --- slips ---


def test_the_same_seed_gives_the_same_slips() -> None:
    text = " ".join(TEXTS)
    assert with_slips(text, Random(3)) == with_slips(text, Random(3))
    assert len({with_slips(text, Random(seed)) for seed in range(5)}) > 1


def test_some_words_slip_and_most_stay() -> None:
    text = "giay khai sinh cua con em lam mat roi phai xin lai thi nop cho phuong nao vay anh"
    changed = kept = 0
    for seed in range(100):
        slipped = with_slips(text, Random(seed)).split()
        kept += sum(word in slipped for word in text.split())
        changed += sum(word not in slipped for word in text.split())
    assert 0.02 < changed / (changed + kept) < 0.3


@settings(deadline=None)
@given(st.text(max_size=100), st.integers(0, 1000))
def test_numbers_and_short_words_never_slip(text: str, seed: int) -> None:
    slipped = with_slips(text, Random(seed)).split(" ")
    steady = [word for word in text.split() if not word.isalpha() or len(word) <= 2]
    assert all(word in slipped for word in steady)


def test_a_slip_is_mended_where_it_can_be() -> None:
    text = "giay khai sinh phuong truong nguyen nghiem thuong"
    slipped = {word for seed in range(100) for word in with_slips(text, Random(seed)).split()} - set(text.split())
    assert len(slipped) > 20
    assert {word for word in slipped if mend(word) != word} == set()
