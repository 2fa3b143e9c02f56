"""Labels of learned entities, and who wins where two kinds stand in one place."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.crf_extractor import LEARNED, by_form, labels, settled, spans
from bot.normalise import syllables

TEXT = "anh Nguyễn Đức Trọng ở hẻm 25/11 hồ sơ H36.12-240510-0001"
FORMED = ("commune", "ordinal", "date", "time_window", "phone", "dossier_code")


def entity(name: str, part: str, confidence: float | None = None) -> dict[str, Any]:
    start = TEXT.index(part)
    found: dict[str, Any] = {"entity": name, "start": start, "end": start + len(part)}
    return found if confidence is None else {**found, "confidence": confidence}


def names(entities: list[dict[str, Any]]) -> list[str]:
    return [found["entity"] for found in entities]


# --- labels and spans ---


def test_labels_and_spans_are_each_others_reverse() -> None:
    tokens = syllables("anh Nguyễn Văn Tám xin tách thửa")
    entities = [
        {"entity": "person", "start": 4, "end": 18},
        {"entity": "procedure", "start": 23, "end": 32},
    ]
    tags = labels(tokens, entities)
    assert [(name, tokens[first].start, tokens[last].end) for name, first, last in spans(tags)] == [
        ("person", 4, 18),
        ("procedure", 23, 32),
    ]


@st.composite
def apart(draw: st.DrawFn) -> tuple[int, list[tuple[str, int, int]]]:
    """Return a number of tokens, and spans over them that do not overlap."""
    cuts = sorted(draw(st.sets(st.integers(0, 30), max_size=12)))
    found = [(draw(st.sampled_from(LEARNED)), a, b - 1) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    return 31, found


@given(apart())
def test_any_spans_come_back(made: tuple[int, list[tuple[str, int, int]]]) -> None:
    count, expected = made
    tokens = syllables(" ".join(["từ"] * count))
    entities = [
        {"entity": name, "start": tokens[first].start, "end": tokens[last].end} for name, first, last in expected
    ]
    tags = labels(tokens, entities)
    assert len(tags) == count
    assert spans(tags) == expected


def test_only_learned_entities_are_labelled() -> None:
    tokens = syllables("ở xã Di Linh")
    assert labels(tokens, [{"entity": "commune", "start": 3, "end": 12}]) == ["O"] * 4


def test_a_token_that_an_entity_only_touches_belongs_to_it() -> None:
    tokens = syllables("làm khai sinh")
    assert labels(tokens, [{"entity": "procedure", "start": 5, "end": 10}]) == ["O", "B-procedure", "I-procedure"]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ([], []),
        (["O", "O"], []),
        (["I-person", "I-person"], [("person", 0, 1)]),
        (["B-person", "B-person"], [("person", 0, 0), ("person", 1, 1)]),
        (["B-person", "I-address"], [("person", 0, 0), ("address", 1, 1)]),
        (["B-person", "O", "I-person"], [("person", 0, 0), ("person", 2, 2)]),
        (["O", "B-account_problem", "I-account_problem"], [("account_problem", 1, 2)]),
    ],
)
def test_spans_of_odd_tags(tags: list[str], expected: list[tuple[str, int, int]]) -> None:
    assert spans(tags) == expected


@given(st.lists(st.sampled_from(["O", *(f"{kind}-{name}" for kind in "BI" for name in LEARNED)]), max_size=30))
def test_every_tagged_token_lies_in_one_span(tags: list[str]) -> None:
    found = spans(tags)
    inside = [(i, name) for name, first, last in found for i in range(first, last + 1)]
    assert inside == [(i, tag[2:]) for i, tag in enumerate(tags) if tag != "O"]


# --- who wins ---


@pytest.mark.parametrize(
    ("formed", "part", "learned", "whole"),
    [
        ("commune", "Đức Trọng", "person", "Nguyễn Đức Trọng"),
        ("date", "25/11", "address", "hẻm 25/11"),
        ("ordinal", "25", "address", "hẻm 25/11"),
        ("time_window", "25", "address", "hẻm 25/11"),
    ],
)
def test_a_part_of_a_sure_name_or_address_gives_way(formed: str, part: str, learned: str, whole: str) -> None:
    assert names(settled([entity(formed, part)], [entity(learned, whole, 0.9)])) == [learned]
    assert names(settled([entity(formed, part)], [entity(learned, whole, 0.3)])) == [formed]


@pytest.mark.parametrize("code", ["dossier_code", "booking_code", "phone", "identity_number"])
def test_a_code_never_gives_way(code: str) -> None:
    formed = [entity(code, "H36.12-240510-0001")]
    assert settled(formed, [entity("address", "hồ sơ H36.12-240510-0001", 1.0)]) == formed


def test_what_is_no_name_never_wins() -> None:
    formed = [entity("commune", "Đức Trọng")]
    assert settled(formed, [entity("procedure", "Nguyễn Đức Trọng", 1.0)]) == formed
    assert settled(formed, [entity("account_problem", "Nguyễn Đức Trọng", 1.0)]) == formed


def test_the_same_words_stay_what_they_are_by_form() -> None:
    formed = [entity("commune", "Đức Trọng")]
    assert settled(formed, [entity("person", "Đức Trọng", 1.0)]) == formed


def test_what_sticks_out_does_not_give_way() -> None:
    formed = [entity("commune", "Trọng ở")]
    assert settled(formed, [entity("person", "Nguyễn Đức Trọng", 1.0)]) == formed


def test_one_code_among_parts_keeps_all() -> None:
    formed = [entity("date", "25/11"), entity("dossier_code", "H36.12-240510-0001")]
    learned = [entity("address", "hẻm 25/11 hồ sơ H36.12-240510-0001", 1.0)]
    assert settled(formed, learned) == formed


def test_both_kinds_stand_in_order() -> None:
    found = settled([entity("dossier_code", "H36.12-240510-0001")], [entity("person", "Nguyễn Đức Trọng", 0.1)])
    assert names(found) == ["person", "dossier_code"]


PLACED = st.tuples(st.integers(0, 30), st.integers(1, 10))


@given(
    st.lists(st.tuples(st.sampled_from(FORMED), PLACED), max_size=4),
    st.lists(st.tuples(st.sampled_from(LEARNED), PLACED, st.floats(0, 1)), max_size=4),
)
def test_learned_entities_never_overlap_anything(formed: list[Any], learned: list[Any]) -> None:
    by_shape = [{"entity": name, "start": at, "end": at + length} for name, (at, length) in formed]
    read = [{"entity": n, "start": at, "end": at + length, "confidence": c} for n, (at, length), c in learned]
    found = settled(by_shape, read)
    assert [e["start"] for e in found] == sorted(e["start"] for e in found)
    for one in found:
        if "confidence" in one:
            others = [e for e in found if e is not one]
            assert not any(e["start"] < one["end"] and one["start"] < e["end"] for e in others)
    lost = [e for e in by_shape if e not in found]
    assert all(e["entity"] not in ("phone", "dossier_code") for e in lost)


def test_what_training_is_told_of_forms() -> None:
    found = by_form("hồ sơ H36.12-240510-0001 ở xã Di Linh")
    assert {(e["entity"], e["end"]) for e in found} == {("dossier_code", 24), ("commune", 37)}
    assert by_form("xin chào") == by_form("") == []


@given(st.text(max_size=80))
def test_forms_lie_in_any_text_without_overlap(text: str) -> None:
    found = sorted(by_form(text), key=lambda e: int(e["start"]))
    assert all(0 <= e["start"] < e["end"] <= len(text) for e in found)
    assert all(a["end"] <= b["start"] for a, b in pairwise(found))
