"""What the model of problems learns from, and what it makes of a message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.accounts import problems
from bot.conversation.engine import Engine
from bot.nlu.problem_classifier import NONE, PROBLEM, sentences, views
from bot.text import fold

ROOT = Path(__file__).resolve().parent.parent.parent
FEWEST = 150  # of a problem


def test_every_problem_has_its_sentences_in_three_styles() -> None:
    told: dict[str, list[str]] = {}
    for text, name in sentences():
        told.setdefault(name, []).append(text)
    assert set(told) == {*problems.problems(), NONE}
    for name, texts in told.items():
        assert len(texts) >= FEWEST, name
        plain = sum(text.isascii() for text in texts)
        assert 0.2 <= plain / len(texts) <= 0.7, name


def test_no_sentence_tells_of_two_things() -> None:
    plain = [fold(text).strip(" .!?") for text, _ in sentences()]
    assert len(plain) == len(set(plain))


def test_what_other_tests_say_was_not_learned() -> None:
    learned = {fold(text).strip(" .!?") for text, _ in sentences()}
    tested: set[str] = set()
    for name in ("problem_phrasings.yml", "told_first.yml"):
        tested |= set(_texts(yaml.safe_load((ROOT / "tests/accounts" / name).read_text(encoding="utf-8"))))
    assert len(tested) > 500 and learned.isdisjoint(tested)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [fold(value).strip(" .!?")]
    return [text for item in (value.values() if isinstance(value, dict) else value) for text in _texts(item)]


def test_a_sentence_is_seen_as_it_stands_and_with_slips() -> None:
    texts, names, numbers = views([("Không quét được thẻ lên điện thoại", "nfc")] * 2)
    assert set(names) == {"nfc"} and set(numbers) == {0, 1} and len(texts) >= 3


@pytest.mark.parametrize("content", ["a: 1", "- 1", "text"])
def test_a_file_that_holds_no_sentences_says_which(tmp_path: Path, content: str) -> None:
    (tmp_path / "nfc.yml").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"nfc\.yml"):
        sentences(tmp_path)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Áp thẻ căn cước vô lưng máy hoài không thấy rung", "nfc"),
        ("sim nay mang ten anh hai nen vneid hong chiu", "sim_not_own"),
        ("đăng ký kết hôn cần giấy tờ gì", None),
        ("hồ sơ của tôi tới đâu rồi", None),
        ("x", None),
        ("😀", None),
        ("  ", None),
    ],
)
def test_a_message_is_given_its_problem(engine: Engine, text: str, name: str | None) -> None:
    found = engine.understand(text).get(PROBLEM)
    assert (found and found["name"]) == name
    assert found is None or 0 < found["confidence"] <= 1
