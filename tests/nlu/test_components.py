"""The components of the pipeline: offsets, normal forms, learned labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu import crf_extractor
from bot.normalise import normal_text, syllables
from bot.text import compose, fold


@given(st.text(max_size=200))
def test_tokens_always_slice_the_text(text: str) -> None:
    for token in syllables(text):
        assert text[token.start : token.end] == token.text
        assert token.normal


@given(st.text(max_size=200))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(max_size=100))
def test_composed_offsets_point_into_the_text_as_sent(text: str) -> None:
    composed, offsets = compose(text)
    assert len(offsets) == len(composed) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)


def test_decomposed_vietnamese_maps_back() -> None:
    sent = "xã Di Linh".replace("ã", "a\u0303")
    composed, offsets = compose(sent)
    start = composed.index("Di Linh")
    assert sent[offsets[start] : offsets[start + 7]] == "Di Linh"


@pytest.mark.parametrize(
    ("typed", "same_as"),
    [
        ("hs cua toi toi dau r", "hồ sơ của tôi tới đâu rồi"),
        ("e k nhan dc OTP", "em không nhận được otp"),
        ("lm cccd ntn", "làm căn cước công dân như thế nào"),
        ("ĐĂNG KÝ KẾT HÔN", "đăng ký kết hôn"),
        ("khôngggg", "không"),
    ],
)
def test_hurried_and_careful_writing_look_alike(typed: str, same_as: str) -> None:
    assert normal_text(typed) == normal_text(same_as)


def test_labels_and_spans_are_each_others_reverse() -> None:
    tokens = syllables("anh Nguyễn Văn Tám xin tách thửa")
    entities = [
        {"entity": "person", "start": 4, "end": 18},
        {"entity": "procedure", "start": 23, "end": 32},
    ]
    tags = crf_extractor.labels(tokens, entities)
    assert [(name, tokens[first].start, tokens[last].end) for name, first, last in crf_extractor.spans(tags)] == [
        ("person", 4, 18),
        ("procedure", 23, 32),
    ]
