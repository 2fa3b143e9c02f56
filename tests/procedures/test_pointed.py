"""What answers the very question is said first."""

from __future__ import annotations

import pytest

from bot.procedures import pointed

SAID = "Dạ, nhờ người khác đi thay được, kèm giấy ủy quyền."
ITEMS = [
    "Ông bà, cha mẹ, con, vợ chồng đi thay: giấy ủy quyền không cần chứng thực",
    "Người khác đi thay: giấy ủy quyền phải chứng thực",
]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("ông nội tôi ra nộp được không", "Dạ, ông bà, cha mẹ"),
        ("ck e đi giùm dc ko, à chồng em đó", "Dạ, ông bà, cha mẹ"),
        ("nhờ nguoi quen nop thay", "Dạ, người khác đi thay: giấy ủy quyền phải"),
        ("có nhờ được không", SAID),
    ],
)
def test_who_goes_decides_what_comes_first(text: str, first: str) -> None:
    said, items = pointed.ordered("proxy", SAID, ITEMS, text)
    assert said.startswith(first)
    assert len(items) == len(ITEMS) and (said == SAID or items[0] == "Nhờ người khác đi thay được, kèm giấy ủy quyền")


def test_where_nobody_may_go_that_stays_first() -> None:
    said = "Dạ, không nhờ người đi thay được: hai người phải có mặt."
    assert pointed.ordered("proxy", said, ["Người khác thì không"], "bạn đi thay")[0] == said


def test_how_long_a_paper_is_good_for_is_never_guessed() -> None:
    said, items = pointed.ordered("result", "Dạ, anh/chị nhận giấy.", ["Có hai bản"], "tờ này xài được mấy tháng vậy")
    assert "chưa nêu" in said and "hỏi quầy" in said
    assert items == ["Anh/chị nhận giấy", "Có hai bản"]


def test_how_long_a_paper_is_good_for_is_told_first_where_it_is_known() -> None:
    said, items = pointed.ordered(
        "result", "Dạ, anh/chị nhận thẻ.", ["Một thẻ", "Thẻ dùng được 2 năm"], "hiệu lực bao lâu"
    )
    assert said == "Dạ, thẻ dùng được 2 năm." and items == ["Anh/chị nhận thẻ", "Một thẻ"]


@pytest.mark.parametrize("text", ["bao lâu có", "mấy ngày thì xong", "còn hiệu lực"])
def test_other_questions_of_time_are_none_of_validity(text: str) -> None:
    assert not pointed.asks_validity(text)
