"""Moods and nothing else: whoever says more has said what it is about."""

import pytest

from bot.hardships.moods import exclaims, is_upset


@pytest.mark.parametrize("text", ["tức ghê luôn", "met moi qua di", "nản thiệt", "bực mình quá em ơi", "chán hết sức"])
def test_upset(text: str) -> None:
    assert is_upset(text)


@pytest.mark.parametrize("text", ["ôi trời", "troi dat oi", "khổ quá", "trời ơi là trời"])
def test_a_cry(text: str) -> None:
    assert exclaims(text)


@pytest.mark.parametrize(
    "text",
    [
        "trời đẹp không em",
        "không mệt",
        "Lê Văn Phiên",
        "bực vì hồ sơ trễ",
        "chán quá, hồ sơ tới đâu rồi",
        "ngoài trời mưa",
    ],
)
def test_more_than_a_mood(text: str) -> None:
    assert not is_upset(text) and not exclaims(text)
