"""Days as people say them on Sunday 22 November 2026, and those that are no one day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.moments.days import Unsure, find_days, unsure_day

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mai", ["2026-11-23"]),
        ("mốt giao nha", ["2026-11-24"]),
        ("một bộ hồ sơ", []),
        ("mot bo ho so", []),
        ("hôm nay", ["2026-11-22"]),
        ("hôm kia", ["2026-11-20"]),
        ("ngày kìa", ["2026-11-25"]),
        ("25/11", ["2026-11-25"]),
        ("ngày 25/11/2026", ["2026-11-25"]),
        ("21/11", ["2026-11-21"]),  # the nearest one: a day ago
        ("5/1", ["2027-01-05"]),
        ("hôm 5/3", ["2026-03-05"]),
        ("12/11 năm ngoái", ["2025-11-12"]),
        ("31/02", []),
        ("ngày 5", ["2026-12-05"]),
        ("ngày 30", ["2026-11-30"]),
        ("thứ 6", ["2026-11-27"]),
        ("thứ sáu tuần sau", ["2026-11-27"]),
        ("thứ năm tuần này", ["2026-11-19"]),
        ("chu nhat", ["2026-11-29"]),
        ("chủ nhật này", ["2026-11-22"]),
        ("H36.12-240510-0001", []),
        ("0912345678", []),
        ("1/2 tờ", []),
        ("5/3/90", ["1990-03-05"]),
        ("ngày hai mươi mốt tháng mười hai", ["2026-12-21"]),
    ],
)
def test_days_as_people_say_them(text: str, days: list[str]) -> None:
    assert [found.value for found in find_days(text, SUNDAY)] == days


@pytest.mark.parametrize(
    ("text", "unsure"),
    [
        ("ngày rằm", Unsure.LUNAR),
        ("rằm tháng chạp", Unsure.LUNAR),
        ("mùng 1 âm", Unsure.LUNAR),
        ("20 âm lịch nha", Unsure.LUNAR),
        ("theo lịch âm là 20/10", Unsure.LUNAR),
        ("mung 3 tet", Unsure.LUNAR),
        ("mùng 1", Unsure.LUNAR),
        ("tuần sau", Unsure.VAGUE),
        ("dau tuan sau", Unsure.VAGUE),
        ("cuối tháng", Unsure.VAGUE),
        ("tháng sau", Unsure.VAGUE),
        ("bữa nào cũng được", Unsure.VAGUE),
        ("khi nao cung dc", Unsure.VAGUE),
        ("mai mốt", Unsure.VAGUE),
        ("vài bữa nữa", Unsure.VAGUE),
        ("2 3 ngày nữa", Unsure.VAGUE),
        ("qua tết", Unsure.VAGUE),
        ("thứ 6 tuần sau", None),
        ("tháng sáu năm ngoái", None),
        ("12 Hùng Vương", None),
        ("nhà hàng xóm ấm cúng", None),
        ("", None),
    ],
)
def test_no_one_day_is_guessed(text: str, unsure: Unsure | None) -> None:
    assert unsure_day(text, SUNDAY) is unsure
    if unsure:
        assert find_days(text, SUNDAY) == []


@given(
    st.text(alphabet="0123456789/-. thứhaibatưngàymiốtnăsáuẩmrằc", max_size=60),
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
)
def test_found_days_never_overlap_and_are_days(text: str, today: date) -> None:
    end = 0
    for found in find_days(text, today):
        assert end <= found.start < found.end <= len(text)
        end = found.end
        date.fromisoformat(found.value)
