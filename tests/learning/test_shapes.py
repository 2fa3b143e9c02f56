"""The same question in three spellings has one shape; two questions have two."""

import pytest

from bot.learning.shapes import LONGEST, shape


@pytest.mark.parametrize(
    "spellings",
    [
        ("Cho em hỏi sổ hồng chung cư ạ?", "so hong chung cu", "SỔ HỒNG CHUNG CƯ!!"),
        ("hồ sơ của em tới đâu rồi", "hs cua e toi dau r a", "Hồ sơ tới đâu rồi ạ"),
        ("đăng ký kết hôn ở đâu vậy", "đki ket hon o dau z", "dang ky ket hon o dau"),
        ("gọi [số điện thoại] giúp em với", "gọi giúp em", "goi [số điện thoại] gium e voi"),
    ],
)
def test_spellings_of_one_question_have_one_shape(spellings: tuple[str, ...]) -> None:
    assert len({shape(text) for text in spellings}) == 1
    assert shape(spellings[0])


def test_other_questions_have_other_shapes() -> None:
    assert shape("đăng ký kết hôn") != shape("đăng ký khai sinh")


@pytest.mark.parametrize("text", ["dạ", "ạ [tên] ơi", "[số điện thoại]", "...", "ok 12345"[3:]])
def test_what_says_nothing_has_none(text: str) -> None:
    assert shape(text) == ""


def test_a_long_story_is_cut() -> None:
    assert len(shape("nghiêng " * 200)) <= LONGEST
