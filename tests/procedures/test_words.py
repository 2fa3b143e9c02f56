"""How a question and a name are cut into words that can be compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.procedures.words import ASKING, PAIR, PLAIN, content_words, marked_words, spelled, terms


def test_words_and_pairs_count_differently() -> None:
    assert dict(terms("khai tử")) == {"khai": PLAIN, "tu": PLAIN, "khai tu": PAIR}
    asked = dict(terms("tôi khai tử"))
    assert asked["toi"] == ASKING
    assert asked["toi khai"] == PAIR / 2


def test_a_pair_of_asking_words_says_nothing() -> None:
    assert "toi muon" not in dict(terms("tôi muốn khai tử"))


def test_pairs_hold_the_order() -> None:
    assert "khai sinh" in dict(terms("khai sinh"))
    assert "khai sinh" not in dict(terms("sinh khai"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hồ sơ khai sinh", 2),
        ("hộ kinh doanh", 3),
        ("thủ tục", 0),
        ("cho em hỏi mất bao lâu", 0),
        ("cần giấy tờ gì để cưới vợ", 1),
        ("", 0),
        ("😀 ...", 0),
    ],
)
def test_only_what_is_meant_counts_as_content(text: str, words: int) -> None:
    plain = [term for term, count in terms(text) if count == PLAIN and " " not in term]
    assert len(content_words(text)) == len(plain)
    if text != "cần giấy tờ gì để cưới vợ":
        assert len(content_words(text)) == words
    else:
        assert "ket" in plain and "to" not in plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("giấy phép lái xe", "bằng lái"),
        ("sổ hồng", "sổ đỏ"),
        ("Giấy chứng nhận quyền sử dụng đất", "sổ đỏ"),
        ("thẻ cccd", "căn cước"),
        ("nuôi heo", "nuôi lợn"),
        ("báo tử", "khai tử"),
        ("hộ cá thể", "hộ kinh doanh"),
    ],
)
def test_words_that_mean_the_same_are_one(one: str, other: str) -> None:
    assert terms(one) == terms(other)


@pytest.mark.parametrize(
    ("text", "same"), [("lớp 8", "lop 8"), ("cấp 2", "cap 2"), ("năm 123", "nam 123"), ("số 2026", "so num4")]
)
def test_a_short_number_stays_itself(text: str, same: str) -> None:
    assert spelled(text) == same


def test_the_marks_of_a_word_are_kept_apart() -> None:
    assert marked_words("Nhà ở, nhã NHẠC đất-đai ok") == {"nhà", "nhã", "nhạc"}
    assert marked_words("giay khai sinh 😀 2") == frozenset()


@given(st.text(max_size=200))
def test_any_text_can_be_cut(text: str) -> None:
    cut = terms(text)
    found = [term for term, _ in cut]
    assert len(found) == len(set(found))
    assert {count for _, count in cut} <= {ASKING, PLAIN, PAIR, PAIR / 2}
    assert all(len(term.split(" ")) == (1 if count in (ASKING, PLAIN) else 2) for term, count in cut)
    assert len(content_words(text)) <= len(cut)


@pytest.mark.parametrize("piece", ["khai sinh ", "😀", "a", "ấ", "1 ", "x\u0301", "\u200b"])
def test_the_longest_message_can_be_cut(piece: str) -> None:
    text = (piece * 4_000)[:4_000]
    assert len(terms(text)) <= len(text.split()) * 2
