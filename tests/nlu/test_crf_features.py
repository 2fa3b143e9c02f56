"""What the tagger sees of each syllable."""

from __future__ import annotations

from hypothesis import given as example_texts
from hypothesis import strategies as st

from bot.nlu.crf_features import features, given, name_words
from bot.normalise import syllables
from bot.text import fold


def rows(text: str, entities: list[dict[str, object]] | None = None) -> dict[str, set[str]]:
    """Return the features of each token by its text."""
    tokens = syllables(text)
    found = features(tokens, given(tokens, entities or []))
    return {token.text: set(row) for token, row in zip(tokens, found, strict=True)}


def test_words_of_names_are_folded_and_apart() -> None:
    words = name_words()
    assert set(words) == {"surnames", "middle", "titles", "address"}
    assert all(fold(word) == word and word for kind in words.values() for word in kind)
    assert "nguyen" in words["surnames"] and "thi" in words["middle"] and "hem" in words["address"]


def test_what_stands_there_by_its_form_hides_the_word() -> None:
    tokens = syllables("ở xã Di Linh nhé")
    assert given(tokens, [{"entity": "commune", "start": 2, "end": 12}]) == ["", "commune", "commune", "commune", ""]
    assert given(tokens, [{"entity": "commune", "start": 3, "end": 4}]) == ["", "commune", "", "", ""]
    assert given(tokens, []) == [""] * 5
    seen = rows("ở xã Di Linh nhé", [{"entity": "commune", "start": 2, "end": 12}])
    assert "w=<commune>" in seen["Linh"] and "w=linh" not in seen["Linh"]
    assert "w-1=<commune>" in seen["nhé"]


def test_neighbours_and_edges() -> None:
    seen = rows("chị Thu ở đây")
    assert {"w=thu", "w-1=chi", "w1=o", "pair=chi|thu", "next=thu|o", "titles=-1"} <= seen["Thu"]
    assert {"edge-1", "edge-2"} <= seen["chị"] and "edge-1" not in seen["Thu"]
    assert {"edge1", "edge2"} <= seen["đây"]
    assert all("length=4" in row for row in seen.values())


def test_shapes() -> None:
    seen = rows("số 12 hẻm 25/3A DƯƠNG Vương k' ?")
    assert "s=02" in seen["12"]
    assert "s=0x" in seen["3A"]
    assert "s=./" in seen["/"]
    assert "s=XX" in seen["DƯƠNG"]
    assert "s=X" in seen["Vương"]
    assert "s=x" in seen["hẻm"]


def test_capitals_tell_of_a_name_only_where_there_are_several() -> None:
    assert "capital" in rows("chị Nguyễn Thu")["Nguyễn"]
    assert "capital" not in rows("Chị thu")["Chị"]
    assert "capital" not in rows("chị Thu")["Thu"]


def test_a_word_without_marks_among_some_with() -> None:
    assert "bare" in rows("chị Thu ở đây")["Thu"]
    assert "bare" not in rows("chi Thu o day")["Thu"]
    assert "bare" not in rows("chị ở đây")["chị"]


def test_names_of_other_peoples_are_foreign() -> None:
    assert "foreign=0" in rows("chị Brơi")["Brơi"]
    assert "foreign=0" not in rows("chị Thu")["Thu"]


@example_texts(st.text(max_size=150))
def test_every_token_has_its_features(text: str) -> None:
    tokens = syllables(text)
    found = features(tokens, given(tokens, [{"entity": "date", "start": 0, "end": 3}]))
    assert len(found) == len(tokens)
    assert all(row[0] == "bias" and all(isinstance(name, str) and name for name in row) for row in found)
