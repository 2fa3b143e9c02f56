"""Problems told in the words of somebody who saw nothing of us: most are heard, and what is none is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.accounts import problems
from bot.conversation.turn import Turns
from bot.db.engine import Database
from bot.nlu import problem_classifier
from bot.text import fold

from .test_told_first import ALSO, heard

TOLD: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("told_blind.yml").read_text(encoding="utf-8"))
NONE = TOLD.pop("none")
# What the issue names (facts on accounts); the others came up later.
NAMED = (
    "forgot_password", "forgot_passcode", "locked", "new_phone_old_here", "new_phone_old_gone", "new_number",
    "sim_not_own", "no_otp", "nfc", "already_activated", "level_0", "activation_expired", "card_expired",
    "level_2_slow", "app_busy", "wrong_data", "lending", "no_phone",
)  # fmt: skip
pytestmark = pytest.mark.parametrize("furnished_database", ["sqlite"], indirect=True)


def test_nearly_all_are_heard(furnished: Database, turns: Turns) -> None:
    wrong = [
        (name, text, found)
        for name, texts in TOLD.items()
        for text in texts
        if (found := heard(furnished, turns, text)) not in {name, *ALSO.get(name, ())}
    ]
    named = [miss for miss in wrong if miss[0] in NAMED]
    assert all(len(TOLD[name]) >= 10 for name in NAMED)
    assert len(named) <= 0.05 * sum(len(TOLD[name]) for name in NAMED), named
    assert len(wrong) <= 0.09 * sum(map(len, TOLD.values())), wrong


def test_near_things_are_left_alone(furnished: Database, turns: Turns) -> None:
    wrong = [(text, found) for text in NONE if (found := heard(furnished, turns, text)) in problems.problems()]
    assert len(wrong) <= 0.04 * len(NONE), wrong


def test_nothing_of_it_was_learned_from(furnished: Database) -> None:
    learned = {fold(text).strip(" .!?") for text, _ in problem_classifier.sentences()}
    tested = {fold(text).strip(" .!?") for texts in (*TOLD.values(), NONE) for text in texts}
    assert learned.isdisjoint(tested)
