"""The measures of the index: what is found, and that neither order nor odd input changes it."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.procedures.content import catalogue
from bot.procedures.everyday import NOTHING, everyday
from bot.procedures.index import CANDIDATES, MEASURES, QUESTION, Entry, Found, Index
from bot.procedures.ranking import chances
from bot.settings import CONTENT

BIRTH = Entry("1", "Đăng ký khai sinh", ("vợ em mới sinh em bé", "làm giấy cho con mới đẻ"), popularity=90)
DEATH = Entry("2", "Đăng ký khai tử", ("nhà có người mất",), popularity=40)
BOAT = Entry("3", "Cấp lại Giấy chứng nhận đăng ký tàu cá", ("mất giấy ghe",), field="Thủy sản")
FEW = [BIRTH, DEATH, BOAT, Entry("4", "Cấp giấy phép xây dựng")]
QUESTIONS = ["khai sinh cho con", "mất giấy ghe", "vợ em mới sinh", "đăng ký", "giay phep", "tàu cá mất giấy tờ"]


def shipped() -> list[Entry]:
    """Return the province's list with the everyday words, as the product's index has them."""
    words = everyday()
    entries = []
    for record in catalogue(CONTENT / "procedures" / "catalogue.jsonl"):
        more = words.get(record.code, NOTHING)
        levels = tuple(record.columns["levels"])
        name, field = record.columns["name"], record.columns["field"] or ""
        entries.append(Entry(record.code, name, more.aliases, field, levels, more.popularity))
    return entries


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(shipped())


def measure(found: Found, name: str) -> dict[int, float]:
    """Return a measure of the candidates by place."""
    values = found.measures[:, MEASURES.index(name)]
    return dict(zip(found.places.tolist(), values.tolist(), strict=True))


def likely(index: Index, text: str) -> dict[str, float]:
    found = index.find(text)
    if found is None:
        return {}
    return {index.entries[p].code: float(c) for p, c in zip(found.places, chances(found), strict=True)}


def test_an_index_of_nothing_finds_nothing() -> None:
    assert Index([]).find("khai sinh") is None


def test_a_procedure_without_a_name_is_never_found() -> None:
    found = Index([Entry("1", ""), BIRTH]).find("khai sinh")
    assert found is not None
    assert found.places.tolist() == [1]


@pytest.mark.parametrize("text", ["", " ", "😀", "...", "\u200b", "кто здесь", "zzzz"])
def test_what_shares_no_word_finds_nothing(text: str) -> None:
    assert Index(FEW).find(text) is None


def test_other_words_than_the_name_are_found() -> None:
    found = Index(FEW).find("vợ em mới sinh em bé")
    assert found is not None
    assert measure(found, "alias_exact") == {0: 1.0} | {p: 0.0 for p in found.places.tolist() if p}
    assert measure(found, "alias_inside")[0] == pytest.approx(1.0)


def test_a_part_of_an_alias_is_not_the_whole() -> None:
    found = Index(FEW).find("vợ em sinh")
    assert found is not None
    assert 0 < measure(found, "alias_inside")[0] < 1
    assert measure(found, "alias_exact")[0] == 0


def test_words_of_other_procedures_are_missed() -> None:
    found = Index(FEW).find("đăng ký khai tử")
    assert found is not None
    missing = measure(found, "rarest_missing")
    assert missing[1] == 0
    assert missing[0] > 0
    assert measure(found, "name_inside")[1] == pytest.approx(1.0)
    assert measure(found, "name_inside")[0] < 1


@pytest.mark.parametrize(
    ("text", "holding"),
    [("giấy tàu", {2}), ("khai", {0, 1}), ("khai voọc", set()), ("giấy tàu sinh", set())],
)
def test_who_holds_every_word_that_says_what_is_meant(text: str, holding: set[int]) -> None:
    found = Index(FEW).find(text)
    assert found is not None
    assert {place for place, holds in zip(found.places.tolist(), found.holds_all, strict=True) if holds} == holding


def test_deeds_are_compared() -> None:
    found = Index(FEW).find("mất giấy đăng ký tàu cá")
    assert found is not None
    assert measure(found, "deeds_shared")[2] >= 1
    assert measure(Index(FEW).find("đăng ký tàu cá") or found, "deed_unasked")[2] >= 1


def test_the_field_helps() -> None:
    found = Index(FEW).find("thủy sản tàu cá")
    assert found is not None
    assert measure(found, "field_covers")[2] > 0
    assert all(value == 0 for place, value in measure(found, "field_covers").items() if place != 2)


def test_a_word_typed_with_marks_is_told_from_its_twin() -> None:
    twins = Index([Entry("1", "Đăng ký trồng bơ"), Entry("8", "Đăng ký trồng bò"), DEATH])
    bare = likely(twins, "dang ky trong bo")
    assert bare["1"] == pytest.approx(bare["8"])
    for text, right, wrong in (("trồng bơ", "1", "8"), ("trồng bò", "8", "1")):
        marked = likely(twins, text)
        assert marked[right] > marked[wrong]


def test_marks_count_only_where_they_were_typed() -> None:
    found = Index(FEW).find("dang ky khai sinh")
    assert found is not None
    assert set(measure(found, "marked_covers").values()) == {0.0}
    marked = Index(FEW).find("khai sinh đăng ký")
    assert marked is not None
    assert measure(marked, "marked_covers")[0] == pytest.approx(1.0)


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_order_of_procedures_does_not_matter(text: str) -> None:
    expected = likely(Index(FEW), text)
    assert expected
    for seed in range(5):
        mixed = random.Random(seed).sample(FEW, len(FEW))
        assert likely(Index(mixed), text) == pytest.approx(expected)


def test_the_order_of_the_shipped_procedures_does_not_matter(index: Index) -> None:
    turned = Index(index.entries[::-1])
    for text in QUESTIONS:
        one, other = likely(index, text), likely(turned, text)
        assert one
        for code in set(one) | set(other):
            # Only what is nearly impossible may fall out of the candidates, where several are alike.
            assert one.get(code, 0.0) == pytest.approx(other.get(code, 0.0), abs=1e-3)


def test_no_more_candidates_than_are_weighed(index: Index) -> None:
    found = index.find("cấp giấy phép")
    assert found is not None and len(found.places) == CANDIDATES


@settings(deadline=None)
@given(
    st.text(max_size=120) | st.lists(st.sampled_from("đăng ký cấp lại khai sinh 😀 đất a 1 ?".split())).map(" ".join)
)
def test_measures_have_their_form_whatever_is_asked(index: Index, text: str) -> None:
    found = index.find(text)
    if found is None:
        return
    assert len(found.places) <= CANDIDATES
    assert found.measures.shape == (len(found.places), len(MEASURES))
    assert found.question.shape == (len(QUESTION),)
    assert np.isfinite(found.measures).all() and np.isfinite(found.question).all()
    assert len(set(found.places.tolist())) == len(found.places)
    for name in ("alias_inside", "alias_covers", "name_inside", "name_covers", "bag_covers", "marked_covers"):
        assert all(-1e-9 <= value <= 1 + 1e-9 for value in measure(found, name).values()), name


@pytest.mark.parametrize("piece", ["khai sinh ", "😀", "a", "ấ", "cấp lại giấy phép 😀 ", "1.001193 ", "x\u0301"])
def test_the_longest_message_is_measured(index: Index, piece: str) -> None:
    found = index.find((piece * 4_000)[:4_000])
    assert found is None or np.isfinite(found.measures).all()
