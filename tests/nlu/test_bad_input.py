"""Whatever is typed, the whole engine answers, and what it found stands in the text."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.engine import Engine
from bot.text import clean, compose

LONGEST = 4_000
NAMED = "chị Nguyễn Thị Hoa ở xã Di Linh hỏi hồ sơ H36.12-240510-0001, số 0912 345 678, sáng mai"
COPIED = ("person", "address", "procedure", "account_problem")  # their value is what was typed


def understood(engine: Engine, text: str) -> dict[str, Any]:
    """Return what is understood, after looking at what must hold of every text."""
    parsed = engine.understand(text)
    ranking = parsed["intent_ranking"]
    assert ranking and parsed["intent"]["name"]
    chances = [row["confidence"] for row in ranking if row["name"] != "nlu_fallback"]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= chance <= 1 for chance in chances) and sum(chances) <= 1 + 1e-5
    for entity in parsed["entities"]:
        assert 0 <= entity["start"] < entity["end"] <= len(text)
        cut = text[entity["start"] : entity["end"]]
        assert cut == cut.strip() != ""
        assert entity["entity"] not in COPIED or entity["value"] == cut
    by_place = sorted(parsed["entities"], key=lambda entity: int(entity["start"]))
    assert all(a["end"] <= b["start"] for a, b in pairwise(by_place))
    return parsed


def found(parsed: dict[str, Any], text: str) -> set[tuple[str, str]]:
    return {(e["entity"], text[e["start"] : e["end"]]) for e in parsed["entities"]}


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u3000"])
def test_nothing_at_all_raises_nothing(engine: Engine, text: str) -> None:
    assert engine.understand(text)["entities"] == []


@pytest.mark.parametrize("text", [".", "?", "...", "\u200b", "\ufeff", "\x00", "\u0301", "_", "👍", "a"])
def test_next_to_nothing_names_nothing(engine: Engine, text: str) -> None:
    assert understood(engine, text)["entities"] == []


@pytest.mark.parametrize("text", ["😀" * 50, "👨‍👩‍👧 👍🏽", "❤️❤️❤️", "😀" * LONGEST])
def test_emoji_alone_are_understood(engine: Engine, text: str) -> None:
    understood(engine, text)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "ấ",
        "1",
        "khai sinh ",
        NAMED + " ",
        "giaykhaisinh",
        "x\u0301",
        "\u200b",
        "кто ",
        "H36.12-240510-0001 ",
        "ngày ",
    ],
)
def test_the_longest_message_is_understood(engine: Engine, piece: str) -> None:
    understood(engine, (piece * LONGEST)[:LONGEST])


@pytest.mark.parametrize(
    "text",
    [
        "кто здесь 出生证明 xin chào",
        "مرحبا làm khai sinh",
        "hsH36.12-240510-0001ạ",
        "/restart",
        '/inform{"procedure": "x"}',
        "[khai sinh](procedure)",
        "{procedure} <b>khai sinh</b>",
        "٠٩١٢٣٤٥٦٧٨",
        "ﬁ ² ½ Ǆ İ",
        "xã " * 200,
    ],
)
def test_odd_writing_is_understood(engine: Engine, text: str) -> None:
    understood(engine, text)


def test_a_code_glued_to_words_is_cut_out(engine: Engine) -> None:
    text = "hsH36.12-240510-0001ạ"
    assert ("dossier_code", "H36.12-240510-0001") in found(understood(engine, text), text)


@pytest.mark.parametrize("space", [" ", "\n", "   ", "\r\n\t", "\u3000"])
def test_space_before_the_text_moves_the_offsets(engine: Engine, space: str) -> None:
    text = f"{space}0912345678"
    assert found(understood(engine, text), text) == {("phone", "0912345678")}


def test_decomposed_writing_is_found_where_it_stands(engine: Engine) -> None:
    sent = unicodedata.normalize("NFD", NAMED)
    composed, offsets = compose(sent)
    parsed = understood(engine, composed)
    cut = {unicodedata.normalize("NFC", sent[offsets[e["start"]] : offsets[e["end"]]]) for e in parsed["entities"]}
    assert cut == {part for _, part in found(understood(engine, NAMED), NAMED)}
    assert {"Nguyễn Thị Hoa", "H36.12-240510-0001", "0912 345 678"} <= cut
    understood(engine, sent)  # as it is: no exception, though little is found


def test_zero_width_characters_hide_nothing_from_a_cleaned_text(engine: Engine) -> None:
    sent = "\u200b".join(NAMED)
    understood(engine, sent)
    assert found(understood(engine, clean(sent)), NAMED) == found(understood(engine, NAMED), NAMED)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=80).map(str.strip).filter(bool)
    | st.lists(
        st.sampled_from(
            [
                "chị",
                "Nguyễn Thị Hoa",
                "xã Di Linh",
                "😀",
                "25/11",
                "sáng mai",
                "0912345678",
                "số",
                "nhà",
                ",",
                "\u200b",
                "кто",
            ]
        ),
        min_size=1,
        max_size=12,
    ).map(" ".join)
)
def test_any_text_is_understood(engine: Engine, text: str) -> None:
    understood(engine, text)
