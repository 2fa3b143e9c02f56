"""Telling our language from others and from gibberish."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import language


@given(st.text(max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    assert isinstance(language.is_gibberish(text), bool)
    assert isinstance(language.is_foreign(text), bool)


@pytest.mark.parametrize("text", ["asdf qwer", "/restart", "hjkl zxcv qwrt toi", "12345", "😀", ""])
def test_gibberish(text: str) -> None:
    assert language.is_gibberish(text)


@pytest.mark.parametrize(
    "text", ["xin chào", "lam giay khai sinh", "làm căn cước ở Di Linh", "кто здесь", "出生证明", "đăng nhập VNeID"]
)
def test_a_language_is_no_gibberish(text: str) -> None:
    assert not language.is_gibberish(text)


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("how can I register my marriage here?", True),
        ("请问在哪里办理", True),
        ("quelle heure est-il maintenant", True),
        ("đăng ký kết hôn ở đâu", False),
        ("dang ky ket hon o dau", False),
        ("", False),
        ("ok", False),
    ],
)
def test_other_languages_are_told_from_ours(text: str, foreign: bool) -> None:
    assert language.is_foreign(text) is foreign
