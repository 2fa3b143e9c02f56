"""Slips of the keyboard are mended, and what is right is left alone."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import spelling
from bot.normalise import abbreviations
from bot.procedures.everyday import everyday
from bot.settings import CONTENT
from bot.text import fold

WORD = re.compile(r"[^\W\d_]+")
SLIPS = st.text(alphabet="abcdeghiklmnopqrstuvxywfzj0123456789", max_size=45)
TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
LEAST_TELEX = 0.97
ALL_RIGHT = 0.998  # of the words in our own texts


def words_with_marks() -> Counter[str]:
    """Return the words of the everyday names that are written with marks."""
    found = Counter(w for row in everyday().values() for alias in row.aliases for w in WORD.findall(alias.lower()))
    return Counter({word: count for word, count in found.items() if not word.isascii()})


def telex(word: str) -> str:
    """Return the keys of `word`, as they come out when the keyboard is off."""
    keys, tone = "", ""
    for char in unicodedata.normalize("NFD", word):
        if char in TONES:
            tone = TONES[char]
        elif char == "\u0302":
            keys += keys[-1]
        elif char in "\u0306\u031b":
            keys += "w"
        else:
            keys += "dd" if char == "đ" else char
    return keys + tone


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("giaays", "giay"),
        ("dduowjc", "duoc"),
        ("tienf", "tien"),
        ("giay6", "giay"),
        ("truong2", "truong"),
        ("trog", "trong"),
        ("fuong", "phuong"),
        ("khaisinh", "khai sinh"),
        ("giaykhaisinh", "giay khai sinh"),
        ("hoso", "ho so"),
        ("dangky", "dang ky"),
    ],
)
def test_a_slip_is_mended(typed: str, meant: str) -> None:
    assert not spelling.is_known(typed)
    assert spelling.mend(typed) == meant


@pytest.mark.parametrize("word", ["flan", "game", "facebook", "otp", "vneid", "giay", "xyzq", "asdf", "ok", "a", ""])
def test_what_needs_no_mending_stays(word: str) -> None:
    assert spelling.mend(word) == word


def test_keys_that_never_became_marks_are_read() -> None:
    common = [word for word, count in words_with_marks().items() if count >= 30 and len(word) > 1]
    assert len(common) > 400
    read = [spelling.mend(telex(word)) == fold(word) for word in common]
    assert sum(read) / len(read) >= LEAST_TELEX


def test_no_word_of_our_own_texts_is_mended_away() -> None:
    rows = (CONTENT / "procedures" / "catalogue.jsonl").read_text(encoding="utf-8").splitlines()
    named = {word for row in rows for word in WORD.findall(json.loads(row)["name"].lower()) if not word.isascii()}
    ours = named | set(words_with_marks())
    kept = [spelling.mend(fold(word)) == fold(word) for word in ours]
    assert len(kept) > 1500
    assert sum(kept) / len(kept) >= ALL_RIGHT


def test_no_word_of_a_communes_name_is_mended_away() -> None:
    """Names of other peoples ("Brơi", "Đrung") are no Vietnamese syllables and rarely stand in a sentence."""
    units = json.loads((CONTENT / "units.json").read_text(encoding="utf-8"))
    names = [name for unit in units for name in (unit["name"], *(former["name"] for former in unit["former"]))]
    ours = {fold(word) for name in names for word in WORD.findall(name)}
    assert len(ours) > 200
    assert {word: spelling.mend(word) for word in ours if spelling.mend(word) != word} == {}


def test_what_abbreviations_stand_for_needs_no_mending() -> None:
    assert {word for full in abbreviations().values() for word in full.split() if not spelling.is_known(word)} == set()


@given(SLIPS)
def test_a_word_is_mended_only_towards_words_of_ours(word: str) -> None:
    mended = spelling.mend(word)
    if mended != word:
        assert 3 <= len(word) <= 40
        assert not spelling.is_known(word)
        bare = [part for part in mended.split(" ") if part not in spelling.vocabulary()]
        assert bare == []


@given(st.sampled_from(sorted(spelling.vocabulary())))
def test_words_of_ours_are_known_and_stay(word: str) -> None:
    assert spelling.is_known(word)
    assert spelling.mend(word) == word


@pytest.mark.parametrize("word", ["k" * 41, "giaykhaisinh" * 400, "😀" * 100, "\u0301" * 50])
def test_noise_stays_as_it_is(word: str) -> None:
    assert spelling.mend(word) == word


@given(st.text(max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    assert isinstance(spelling.mend(fold(text)), str)


@pytest.mark.parametrize("word", "a yeu nghieng quyet gi gin thuy truong hoa ngoan khuya uyen tich".split())
def test_a_syllable(word: str) -> None:
    assert spelling.is_syllable(word)


@pytest.mark.parametrize("word", ["", "ngh", "ksinh", "facebook", "trog", "giaays", "zay", "giấy", "bcd", "ttt"])
def test_not_a_syllable(word: str) -> None:
    assert not spelling.is_syllable(word)
