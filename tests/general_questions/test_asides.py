"""Words of ours explained, and who holds an office left to the province's own pages."""

import pytest

from bot.general_questions import asides
from bot.links import without_unknown


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("anh bưu tá là ai vậy em", "bưu điện"),
        ("buu ta la gi", "bưu điện"),
        ("phiếu hẹn là cái gì", "ngày hẹn trả"),
        ("ma bi mat nay la gi", "4 số cuối"),
        ("vận đơn là gì ạ", "vnpost.vn"),
    ],
)
def test_a_word_is_explained(text: str, word: str) -> None:
    answer = asides.answer(text)
    assert answer is not None and word in answer.text and answer.custom() == {"kind": "info", "topic": "word"}
    assert without_unknown(answer.text) == answer.text


@pytest.mark.parametrize("text", ["chủ tịch xã Di Linh là ai", "giam doc so y te ten gi", "ai là bí thư tỉnh ủy vậy"])
def test_who_holds_an_office_is_not_guessed(text: str) -> None:
    answer = asides.answer(text)
    assert answer is not None and "lamdong.gov.vn" in answer.text


@pytest.mark.parametrize(
    "text",
    [
        "bưu tá tới đâu rồi",
        "bưu tá là ai mà giao hồ sơ trễ quá vậy hả em, tôi chờ hoài",
        "em là ai",
        "giấy hẹn mất rồi",
    ],
)
def test_other_questions_are_left_alone(text: str) -> None:
    assert asides.answer(text) is None
