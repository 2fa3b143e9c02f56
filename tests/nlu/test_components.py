"""The components of the pipeline: offsets, normal forms, fixed forms, days as people say them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import clock
from bot.nlu import crf_extractor, dates, pattern_extractor
from bot.normalise import normal_text, syllables
from bot.text import compose, fold

SUNDAY = date(2026, 11, 22)


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


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mai", ["2026-11-23"]),
        ("mốt giao nha", ["2026-11-24"]),
        ("một bộ hồ sơ", []),
        ("mot bo ho so", []),
        ("hôm nay", ["2026-11-22"]),
        ("25/11", ["2026-11-25"]),
        ("ngày 25/11/2026", ["2026-11-25"]),
        ("21/11", ["2027-11-21"]),
        ("31/02", []),
        ("ngày 5", ["2026-12-05"]),
        ("ngày 30", ["2026-11-30"]),
        ("thứ 6", ["2026-11-27"]),
        ("thứ sáu tuần sau", ["2026-11-27"]),
        ("chu nhat", ["2026-11-22"]),
        ("H36.12-240510-0001", []),
        ("0912345678", []),
        ("1/2 tờ", ["2027-02-01"]),
    ],
)
def test_days_as_people_say_them(text: str, days: list[str]) -> None:
    assert [found.value for found in dates.find_dates(text, SUNDAY)] == days


@given(st.text(alphabet="0123456789/-. thứhaibatưngàymiốt", max_size=60))
def test_found_days_never_overlap_and_are_days(text: str) -> None:
    end = 0
    for found in dates.find_dates(text, SUNDAY):
        assert found.start >= end
        end = found.end
        date.fromisoformat(found.value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hồ sơ h36.12 – 240510 – 0001 tới đâu", [("dossier_code", "H36.12-240510-0001")]),
        ("gọi 0912.345.678 nha", [("phone", "0912345678")]),
        ("+84 912 345 678", [("phone", "0912345678")]),
        ("cái thứ 2", [("ordinal", "2")]),
        ("ý đầu", [("ordinal", "1")]),
        ("cai cuoi", [("ordinal", "last")]),
        ("2", [("ordinal", "2")]),
        ("thứ 2", [("date", "2026-11-23")]),
        ("2 tờ giấy", []),
        ("nộp ở đâu", []),
        ("nop o dau", []),
        ("4 số cuối 1234", []),
        ("chiều mai", [("time_window", "afternoon"), ("date", "2026-11-23")]),
        ("G22.99.3-241219795252", []),
    ],
)
def test_fixed_forms(text: str, found: list[tuple[str, str]]) -> None:
    with clock.frozen("2026-11-22T09:00:00+07:00"):
        assert [(name, value) for name, _, _, value in pattern_extractor.find(text)] == found


@given(st.text(max_size=120))
def test_fixed_forms_slice_the_text_and_never_overlap(text: str) -> None:
    end = 0
    for _, start, stop, _ in pattern_extractor.find(text):
        assert end <= start < stop <= len(text)
        end = stop


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
