"""The report's arithmetic, on examples that can be worked out by hand."""

import math
from itertools import pairwise

import numpy as np
import pytest

from bench.nlu_report.ablations import verdict
from bench.nlu_report.bm25 import Bm25
from bench.nlu_report.figures import Figure, calibration_error, percentile, reliability, share, spans_scores
from bench.nlu_report.heldout import CAPITALS, Sentence, styled
from bench.nlu_report.noise import Span
from bench.nlu_report.targets import judged, percent
from bench.nlu_report.understanding import Understood, counts, entities, intents


def test_a_share_has_wilsons_interval() -> None:
    found = share([True] * 8 + [False] * 2)
    assert (found.value, round(found.low, 3), round(found.high, 3)) == (0.8, 0.49, 0.943)
    assert share([True] * 5).high == 1.0
    assert not share([]).known


def test_the_calibration_error_is_the_weighted_gap() -> None:
    said, was = np.array([0.95, 0.95, 0.55, 0.55]), np.array([1.0, 1.0, 1.0, 0.0])
    assert calibration_error(said, was) == pytest.approx(0.05)
    assert [round(one.was.value, 2) for one in reliability(list(said), [True, True, True, False])] == [0.5, 1.0]
    assert calibration_error(np.array([1.0]), np.array([1.0])) == 0.0


def test_span_scores() -> None:
    scores = spans_scores(np.array([[1, 2, 1], [1, 1, 2], [0, 0, 0]]))
    assert scores.precision.value == pytest.approx(2 / 3)
    assert scores.recall.value == pytest.approx(2 / 3)
    assert scores.f1.value == pytest.approx(2 / 3)
    assert math.isnan(spans_scores(np.zeros((3, 3), dtype=int)).f1.value)


def test_percentiles_lie_in_their_interval() -> None:
    found = percentile(list(range(1, 101)), 95)
    assert found.low <= found.value <= found.high


def said(intent: str, likeliest: str, answered: str, found: tuple[tuple[str, int, int], ...] = ()) -> Understood:
    sentence = Sentence("chị Thu ở Di Linh", intent, (Span("person", 4, 7), Span("commune", 10, 17)))
    return Understood(sentence, likeliest, 0.9, answered, frozenset(found), 0.001)


def test_refusals_and_confusions_are_told_apart() -> None:
    found = intents(
        [
            said("out_of_scope", "greet", "nlu_fallback"),
            said("out_of_scope", "greet", "greet"),
            said("greet", "greet", "nlu_fallback"),
            said("greet", "greet", "greet"),
        ]
    )
    assert (found.out_of_scope.value, found.false_refusals.value) == (0.5, 0.5)
    assert (found.accuracy.value, found.as_answered.value) == (0.5, 0.5)
    assert found.confusions == [(("out_of_scope", "greet"), 2)]


def test_only_the_exact_span_and_type_count() -> None:
    one = said("inform", "inform", "inform", (("person", 4, 7), ("commune", 9, 17), ("address", 10, 17)))
    assert counts([one], ("person", "address")).tolist() == [[1, 2, 1]]
    scores = entities([one])
    assert (scores["person"].f1.value, scores["commune"].f1.value) == (1.0, 0.0)


def test_styles_keep_the_offsets() -> None:
    written = [Sentence("Chị Thủy ở Đà Lạt", "inform", (Span("person", 4, 8), Span("commune", 11, 17)))]
    texts = {style: styled(written, style)[0].text for style in ("as written", "no marks", CAPITALS)}
    assert texts == {"as written": "Chị Thủy ở Đà Lạt", "no marks": "chi thuy o da lat", CAPITALS: "Chi Thuy o Da Lat"}
    noisy = styled(written, "noisy")[0]
    assert all(0 <= span.start < span.end <= len(noisy.text) for span in noisy.spans)
    assert all(a.end <= b.start for a, b in pairwise(noisy.spans))


def test_bm25_takes_marks_as_typed() -> None:
    index = Bm25(["Đăng ký khai sinh", "Đăng ký kết hôn", "Cấp bản sao trích lục"])
    assert index.best("đăng ký kết hôn", 3)[0] == 1
    assert index.best("dang ky ket hon", 3) == []


@pytest.mark.parametrize(
    ("worth", "added", "said"),
    [
        ([(0.1, 0.3), (-0.1, 0.1)], False, "keep"),
        ([(-0.1, 0.3)], False, "drop: no help shows"),
        ([(-0.3, -0.1)], False, "drop: it harms"),
        ([(0.1, 0.3), (-0.3, -0.1)], False, "helps here, harms there: weigh"),
        ([(0.1, 0.3)], True, "take in"),
        ([(-0.1, 0.3)], True, "leave out"),
    ],
)
def test_the_verdict_comes_from_the_intervals(worth: list[tuple[float, float]], added: bool, said: str) -> None:
    assert verdict([Figure((low + high) / 2, low, high, 9) for low, high in worth], added) == said


def test_a_target_stands_beside_its_figure() -> None:
    assert judged("intents as written", Figure(0.96, 0.955, 0.97, 9)) == "≥ 95 %: met"
    assert judged("pattern", Figure(0.94, 0.92, 0.96, 9)) == "≥ 95 %: **missed**, within chance"
    assert judged("parse p95", Figure(12.0, 11.0, 13.0, 9), "ms") == "≤ 8 ms: **missed**"
    assert judged("no such target", Figure(1, 1, 1, 1)) == ""
    assert percent(Figure(0.5, 0.25, 0.75, 4)) == "50.0 % (25.0–75.0)"
