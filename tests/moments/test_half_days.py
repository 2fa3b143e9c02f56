"""Half-days as people say them; noon and evening are none that is offered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.moments.half_days import find_half_days, half_day


@pytest.mark.parametrize(
    ("text", "half"),
    [
        ("sáng", "morning"),
        ("9h", "morning"),
        ("trước 12h", "morning"),
        ("8 rưỡi sáng", "morning"),
        ("mười giờ sáng", "morning"),
        ("chieu", "afternoon"),
        ("14h30", "afternoon"),
        ("2h-4h", "afternoon"),
        ("sau 4h", "afternoon"),
        ("trước 5h chiều", "afternoon"),
        ("sau 17h", None),
        ("sau 5h chiều", None),
        ("từ 7h đến 17h", None),
        ("12h", None),
        ("buổi trưa", None),
        ("7h tối", None),
        ("sáng hay chiều cũng được", None),
        ("đổi sang thứ 5", None),
        ("doi sang thu 5", None),
        ("sang tên", None),
        ("sang nhượng", None),
        ("sang năm", None),
        ("ho chieu", None),
        ("chờ 2 giờ đồng hồ", None),
        ("", None),
    ],
)
def test_half_days(text: str, half: str | None) -> None:
    assert half_day(text) == half


@given(st.text(alphabet="0123456789:-h gsángchiềuđếntruawỡ", max_size=60))
def test_found_half_days_never_overlap(text: str) -> None:
    end = 0
    for found in find_half_days(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end
