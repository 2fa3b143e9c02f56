"""Where people begin: the longest phrase decides, of a whole guide or of one step."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.accounts import guides
from bot.text import capital
from tests.accounts.guides.samples import GOOD, write


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path)
    other = GOOD.replace("goal: sample", "goal: other").replace("title: làm thử", "title: làm việc khác")
    write(
        tmp_path, other.replace("[lam thu]", "[viec kia, buoc hai khac]").replace("[buoc dau]", "[viec kia]"), "other"
    )
    found = guides.read(tmp_path)
    monkeypatch.setattr(guides, "guides", lambda: found)
    monkeypatch.setattr(guides, "DEFAULT", "sample")


@pytest.mark.parametrize(
    ("text", "goal", "number"),
    [
        ("em muốn làm thử ạ", "sample", 1),
        ("dang o buoc dau", "sample", 1),
        ("buoc hai khac", "other", 1),
        ("viec kia", "other", 1),  # a phrase of the guide and of a step: the whole guide
        ("Làm việc khác", "other", 1),  # a button says the title
        ("hello", "sample", 1),
        ("", "sample", 1),
    ],
)
def test_the_longest_phrase_decides(two: None, text: str, goal: str, number: int) -> None:
    guide, found = guides.start(text)
    assert (guide.goal, found) == (goal, number)


def test_every_shipped_guide_is_reached_by_its_own_title() -> None:
    for goal, guide in guides.guides().items():
        found, number = guides.start(capital(guide.title))
        assert (found.goal, number) == (goal, 1)
