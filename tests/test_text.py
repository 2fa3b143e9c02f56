"""Text at the door, and the form in which texts are compared."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import clean, compose, digits, fold, straight_dashes, words

ANY = st.text(alphabet=st.characters(), max_size=80)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  xin   chào ", "xin chào"),
        ("xin\u00a0chào", "xin chào"),
        ("xin\x00chào", "xin chào"),
        ("\u202exin\u200b chào\u202c\ufeff", "xin chào"),
        ("dòng một\r\ndòng hai\rdòng ba", "dòng một\ndòng hai\ndòng ba"),
        ("a \n b", "a\nb"),
        (unicodedata.normalize("NFD", "Đăng ký kết hôn"), "Đăng ký kết hôn"),
        ("\ud800xin", "xin"),
        ("😀👍🏽", "😀👍🏽"),
        ("\u200b\u2060", ""),
    ],
)
def test_clean(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@given(ANY)
def test_what_was_cleaned_can_be_stored_and_stays(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert "\x00" not in cleaned and unicodedata.is_normalized("NFC", cleaned)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Giấy Khai Sinh", "giay khai sinh"), ("ĐƯỜNG đi", "duong di"), ("hòa/hoà", "hoa/hoa"), ("", ""), ("Ỹ", "y")],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(ANY)
def test_folding_keeps_every_offset(text: str) -> None:
    for written in (text, unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)):
        assert len(fold(written)) == len(written)


@given(st.text(alphabet="aăâeêioôơuưyđAĂĐÊ ", max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_composing_keeps_the_way_back(text: str) -> None:
    composed, offsets = compose(text)
    assert len(offsets) == len(composed) + 1
    assert offsets == sorted(offsets) and offsets[-1] == len(text)
    assert all(0 <= offset <= len(text) for offset in offsets)


def test_an_entity_found_in_composed_text_is_cut_out_of_the_text_as_sent() -> None:
    text = unicodedata.normalize("NFD", "thủ tục kết hôn ở xã Di Linh")
    composed, offsets = compose(text)
    start = composed.index("kết hôn")
    cut = text[offsets[start] : offsets[start + len("kết hôn")]]
    assert unicodedata.normalize("NFC", cut) == "kết hôn"


def test_small_helpers() -> None:
    assert words("Đăng-ký: kết hôn!") == ["dang", "ky", "ket", "hon"]
    assert straight_dashes("H36.12\u2013261118\u20110042") == "H36.12-261118-0042"
    assert digits("+84 (912) 345.678 ٣²") == "84912345678"
