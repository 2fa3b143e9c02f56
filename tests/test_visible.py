"""The visible text, and the way back to the text as sent."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.visible import visible


def test_marks_and_hidden_characters_lead_back() -> None:
    sent = "x\u200bã\u0300 Ｈ３".replace("ã", "a\u0303")
    seen = visible(sent)
    assert "\u200b" not in seen.text
    assert seen.text.endswith("H3")
    start = seen.text.index("H3")
    first, last = seen.place(start, start + 2)
    assert sent[first:last] == "Ｈ３"


@given(st.text(max_size=200))
def test_every_character_has_a_place(text: str) -> None:
    for sent in (text, unicodedata.normalize("NFD", text)):
        seen = visible(sent)
        assert len(seen.text) == len(seen.starts) == len(seen.ends)
        assert all(0 <= start < end <= len(sent) for start, end in zip(seen.starts, seen.ends, strict=True))
