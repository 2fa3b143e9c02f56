"""Long texts in parts: nothing lost, no part too long, and they end where somebody would breathe."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.splitting import split, utf16

TEXTS = st.text(st.sampled_from("aằđ. \n,?🙂👩\u200d\u0301-"), max_size=400)


def bare(text: str) -> str:
    return "".join(text.split())


@given(TEXTS, st.integers(8, 90))
def test_no_part_is_too_long_and_no_letter_is_lost(text: str, largest: int) -> None:
    for size in (len, utf16):
        parts = split(text, largest, size)
        assert all(0 < size(part) <= largest for part in parts)
        assert bare("".join(parts)) == bare(unicodedata.normalize("NFC", text))
        assert all(part == part.strip() for part in parts)


@pytest.mark.parametrize(
    ("text", "largest", "parts"),
    [
        ("", 10, []),
        (" \n ", 10, []),
        ("một hai", 10, ["một hai"]),
        ("Đoạn một dài.\n\nĐoạn hai.", 20, ["Đoạn một dài.", "Đoạn hai."]),
        ("- dòng một\n- dòng hai\n- ba", 22, ["- dòng một\n- dòng hai", "- ba"]),
        ("Câu một. Câu hai. Câu ba.", 18, ["Câu một. Câu hai.", "Câu ba."]),
        ("Phí 1.000.000 đồng nha", 14, ["Phí 1.000.000", "đồng nha"]),
        ("motchudaidanglam", 10, ["motchudaid", "anglam"]),
        # A part of two letters is no part: rather the word.
        ("A.\n" + "b " * 12, 20, ["A.\n" + "b " * 8 + "b", "b b b"]),
    ],
)
def test_where_parts_end(text: str, largest: int, parts: list[str]) -> None:
    assert split(text, largest) == parts


def test_letters_beyond_the_first_plane_count_twice_where_the_platform_says_so() -> None:
    assert utf16("aằ🙂") == 4 == len("aằ🙂".encode("utf-16-le")) // 2
    assert split("🙂" * 6, 6) == ["🙂" * 6]
    assert split("🙂" * 6, 6, utf16) == ["🙂" * 3, "🙂" * 3]


def test_what_is_drawn_as_one_stays_together() -> None:
    family = "👩\u200d👩\u200d👧"
    assert split("a" * 8 + family, 10) == ["a" * 8, family]
    assert split("xxxxe\u0323\u0323", 5) == ["xxxx", "\u1eb9\u0323"]


def test_taken_apart_letters_are_put_together() -> None:
    assert split(unicodedata.normalize("NFD", "Hồ sơ"), 5) == ["Hồ sơ"]
