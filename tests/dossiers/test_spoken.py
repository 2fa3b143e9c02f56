"""Digits dictated one by one, and what only looks like them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dossiers.proof import factors
from bot.dossiers.proof.spoken import rows, with_digits


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("ba bảy hai không", "3720"),
        ("ba bay hai khong nha em", "3720"),
        ("chín lăm hai mốt", "9521"),
        ("bảy mươi lăm ba tư", "7534"),
        ("chín chín mười ba", "9913"),
        ("sáu mươi hai mươi", "6020"),
        ("1-2-3-9", "1239"),
        ("8, 8, 0, 2", "8802"),
        ("2 không 1 tám", "2018"),
        ("không chín không không không không năm sáu bảy tám", "0900005678"),
        ("một hai ba bốn năm sáu", "123456"),
    ],
)
def test_read_as_digits(text: str, digits: str) -> None:
    assert [said for _, _, said in rows(text)] == [digits]
    assert factors.bare(text) == digits


@pytest.mark.parametrize(
    "text",
    [
        "bà năm sau tạm vắng",
        "ba năm rồi chưa có",
        "không, ba tôi sáu tám",
        "hai ba bữa nữa",
        "tam tam muoi hai",  # 8802 or 8812: nobody can tell
        "năm 2026",
        "12-11-2026",
        "mot hai ba bon nam",
    ],
)
def test_read_as_nothing(text: str) -> None:
    assert rows(text) == [] and with_digits(text) == text


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("đuôi là hai bốn sáu tám", "2468"),
        ("bốn số cuối: chín không một hai", "9012"),
        ("so dien thoai khong chin khong khong khong khong nam sau bay tam", "0900005678"),
    ],
)
def test_named_in_words(text: str, factor: str) -> None:
    assert factors.named(text) == factor


def test_they_are_hidden_like_digits() -> None:
    assert "bảy" not in factors.masked("đuôi ba bảy hai không nha") and "1-2" not in factors.masked("1-2-3-9")


@given(st.text(max_size=80))
def test_the_length_never_changes(text: str) -> None:
    assert len(with_digits(text)) == len(text) == len(factors.masked(text))
