"""What people type, in the form that models read: exact offsets, abbreviations written out."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.normalise import Syllable, abbreviations, normal, normal_text, syllables
from bot.text import compose

PIECES = st.sampled_from(
    [
        "làm", "giấy", "KHAI", "sinh", "ko", "dc", "ntn", "Đà Lạt", "H36.12-240510-0001", "0912 345 678", "K'Brơi",
        "😀", "👨‍👩‍👧", "👍🏽", "\u200b", "\u200d", "\ufeff", "\u00a0", " ", "\n", "\t", "кто", "出生",
        "مرحبا", "ﬁ", "²", "٣", "\u0301", "\u0323", "_", "...", "?!", "\x00",
        unicodedata.normalize("NFD", "Nguyễn Thị Hoa"),
    ]
)  # fmt: skip
LOOSE = {"\u0301", "\u0323"}
MIXED = st.lists(PIECES, max_size=40).map("".join)
LONGEST = 4_000


def check(text: str) -> list[Syllable]:
    """Return the tokens of `text`, after looking at what must hold of every text."""
    tokens = syllables(text)
    at = 0
    for token in tokens:
        assert text[token.start : token.end] == token.text
        assert token.normal and token.normal == normal(token.text)
        assert not text[at : token.start].strip(), "nothing but space lies between two tokens"
        assert token.start >= at
        at = token.end
    assert not text[at:].strip()
    return tokens


@given(st.text(alphabet=st.characters(), max_size=200))
@example("\x1c\x85\u2028")
def test_tokens_slice_any_text(text: str) -> None:
    check(text)


@given(MIXED)
def test_tokens_slice_what_devices_send(text: str) -> None:
    for form in ("NFC", "NFD"):
        check(unicodedata.normalize(form, text))


@given(st.lists(PIECES.filter(lambda piece: piece not in LOOSE), max_size=40).map("".join))
def test_tokens_of_composed_text_lead_back_into_the_text_as_sent(text: str) -> None:
    sent = unicodedata.normalize("NFD", text)
    composed, offsets = compose(sent)
    for token in check(composed):
        cut = sent[offsets[token.start] : offsets[token.end]]
        assert unicodedata.normalize("NFC", cut) == unicodedata.normalize("NFC", token.text)


def test_a_mark_that_fits_no_letter_cuts_nothing_off() -> None:
    sent = unicodedata.normalize("NFD", "làm khai sinh\u0301 ở Đà Lạt")
    composed, offsets = compose(sent)
    cut = [sent[offsets[token.start] : offsets[token.end]] for token in check(composed)]
    assert "sinh" in {part.strip("\u0301") for part in cut}


@settings(max_examples=30, deadline=None)
@given(MIXED.filter(bool))
@example("a")
@example("1")
@example("😀")
@example("giaykhaisinh")
@example("ấ\u0301")
def test_the_longest_message_is_cut_like_any_other(piece: str) -> None:
    check((piece * LONGEST)[:LONGEST])


@given(st.text(max_size=100))
def test_a_whole_text_is_its_tokens(text: str) -> None:
    assert normal_text(text) == " ".join(token.normal for token in syllables(text))


def test_decomposed_writing_is_read_like_composed() -> None:
    composed, offsets = compose(unicodedata.normalize("NFD", "đăng ký kết hôn ở Đắk R'lấp"))
    assert normal_text(composed) == normal_text("đăng ký kết hôn ở Đắk R'lấp")
    assert offsets[-1] > len(composed)


@pytest.mark.parametrize(
    ("typed", "same_as"),
    [
        ("hs cua toi toi dau r", "hồ sơ của tôi tới đâu rồi"),
        ("e k nhan dc OTP", "em không nhận được otp"),
        ("lm cccd ntn", "làm căn cước công dân như thế nào"),
        ("ĐĂNG KÝ KẾT HÔN", "đăng ký kết hôn"),
        ("khôngggg", "không"),
        ("kí tên", "ký tên"),
        ("giaays khaisinh", "giấy khai sinh"),
        ("lí lịch", "lý lịch"),
    ],
)
def test_hurried_and_careful_writing_look_alike(typed: str, same_as: str) -> None:
    assert normal_text(typed) == normal_text(same_as)


@pytest.mark.parametrize(
    ("token", "seen"),
    [("8", "num1"), ("0912345678", "num10"), ("1" * 13, "num13"), ("1" * 40, "num13"), ("٣٣", "num2")],
)
def test_of_a_number_only_its_length_is_seen(token: str, seen: str) -> None:
    assert normal(token) == seen


def test_an_abbreviation_is_no_stretched_word() -> None:
    assert normal("CCCD") == "can cuoc cong dan"
    assert normal("dcccc") == normal("dc") == "duoc"


@given(st.sampled_from(sorted(abbreviations())))
def test_every_abbreviation_is_written_out(short: str) -> None:
    assert normal(short) == abbreviations()[short]


def test_a_code_glued_to_words_stays_in_order() -> None:
    tokens = check("hsH36.12-240510-0001ạ")
    assert [token.text for token in tokens] == ["hsH36", ".", "12", "-", "240510", "-", "0001ạ"]
    assert [token.normal for token in tokens][2:6] == ["num2", "-", "num6", "-"]
