"""How old somebody is, and which procedure or case is made for them."""

from __future__ import annotations

import pytest

from bot import clock
from bot.procedures import ages, cases
from bot.procedures.ages import Bounds

CARDS = ("Cấp thẻ cho người từ đủ 14 tuổi trở lên", "Đổi thẻ", "Cấp thẻ cho người dưới 14 tuổi", "Thẻ dưới 06 tuổi")
CASES = {
    "question": "Dạ, mấy tuổi ạ?",
    "options": [
        {"id": "adult", "title": "Từ 14 tuổi trở lên", "words": ["nguoi lon"]},
        {"id": "child", "title": "Dưới 14 tuổi", "words": ["con nho"]},
    ],
}


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("cháu nó mới 7t", 7),
        ("con gái chị mười hai tuổi", 12),
        ("bà nội chín hai tuổi rồi", 92),
        ("ông bảy mươi tuổi", 70),
        ("bé nhà em được 8 tháng", 0),
        ("cháu sinh năm 2015", 11),
        ("ba tui 66 tuổi", 66),
        ("ba tui", None),
        ("dưới 14 tuổi", None),
        ("trên 80 tuổi được gì", None),
        ("nộp 15 bản", None),
        ("200 tuổi", None),
        ("", None),
    ],
)
def test_an_age_is_heard(text: str, age: int | None) -> None:
    with clock.frozen("2026-11-27T09:00:00+07:00"):
        assert ages.said(text) == age


def test_a_name_speaks_of_ages() -> None:
    assert ages.bounds("Từ 6 đến dưới 14 tuổi") == Bounds(6, 14)
    assert ages.bounds("Cấp đổi thẻ căn cước") is None
    assert ages.bounds("Mở lớp cho người cao tuổi") is None


@pytest.mark.parametrize(("age", "place"), [(3, 3), (10, 2), (13, 2), (14, 0), (80, 0)])
def test_the_closest_one_is_made_for_an_age(age: int, place: int) -> None:
    assert ages.fitting(age, CARDS) == place


def test_no_name_with_ages_is_made_for_none() -> None:
    assert ages.fitting(30, ("Đổi thẻ", "Cấp lại thẻ")) is None


@pytest.mark.parametrize(
    ("text", "case"), [("cháu 9t", "child"), ("con nhỏ 15 tuổi", "adult"), ("con nhỏ", "child"), ("đi gấp", None)]
)
def test_an_age_says_the_case(text: str, case: str | None) -> None:
    option = cases.said(CASES, text)
    assert (option and option.id) == case
