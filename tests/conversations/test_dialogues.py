"""Plays whole dialogues, written down as data, through inbox and turn, and checks what a good clerk would answer.

A file holds a list of dialogues:
    name        what the citizen does
    style       careful | no_tone_marks | teencode
    at          the moment it takes place (otherwise the furnished Monday morning)
    full        [{office, date, window}]: places that are taken already
    fault       what is still answered wrong here: the dialogue must fail, and loses this line when that is mended
    steps       in order; a step is
                  say | press   what is typed, or the title of a button of the last replies
                  minutes       how long the citizen was silent before it
                  kinds         the kinds of all replies, in order; or `has`: a kind that is among them
                  fields        a part of `custom` that one reply has
                  contains, lacks   words that the replies hold, or do not
                  buttons       titles that are offered
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from contract import check_reply
from live_server import MONDAY_MORNING
from sqlalchemy import select, update
from talking import Chat, kinds

from bot import clock
from bot.conversation.engine import Engine
from bot.conversation.transcript import Line
from bot.conversation.turn import Turns
from bot.db.engine import Database
from bot.pickups.models import PickupSlot

FOLDER = Path(__file__).parent
STYLES = {"careful", "no_tone_marks", "teencode"}
STEP = {"say", "press", "minutes", "kinds", "has", "fields", "contains", "lacks", "buttons"}


def load() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{path.stem}: {dialogue['name']}", dialogue)
        for path in sorted(FOLDER.glob("*.yml"))
        for dialogue in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


DIALOGUES = load()


def test_dialogues_are_well_formed() -> None:
    names = [name for name, _ in DIALOGUES]
    assert len(names) == len(set(names)) and len(names) >= 45
    assert {dialogue["style"] for _, dialogue in DIALOGUES} == STYLES
    explaining = [dialogue for name, dialogue in DIALOGUES if name.startswith("explaining_")]
    wrong_ones = [dialogue for dialogue in explaining if "fault" in dialogue]
    assert len(explaining) >= 200 and len(wrong_ones) <= 0.02 * len(explaining)
    for name, dialogue in DIALOGUES:
        assert 3 <= len(dialogue["steps"]) <= 16, name
        for step in dialogue["steps"]:
            assert set(step) <= STEP and ("say" in step) != ("press" in step), (name, step)
            assert step.keys() & {"kinds", "has"}, (name, step)


# Every one on SQLite, the marked ones on PostgreSQL, too.
CASES = [
    pytest.param(database, dialogue, id=f"{database}-{name}")
    for database in ("sqlite", "postgresql")
    for name, dialogue in DIALOGUES
    if database == "sqlite" or dialogue.get("postgresql")
]


@pytest.mark.parametrize(("furnished_database", "dialogue"), CASES, indirect=["furnished_database"])
def test_dialogue(dialogue: dict[str, Any], furnished: Database, engine: Engine, turns: Turns) -> None:
    problem = played(dialogue, furnished, turns)
    if "fault" in dialogue:
        assert problem, "this is answered well now: take the line `fault` away"
    else:
        assert not problem, problem


def played(dialogue: dict[str, Any], furnished: Database, turns: Turns) -> str:
    """Play a dialogue; returns what went wrong with all that was said until then, empty when all is well."""
    for place in dialogue.get("full", ()):
        fill(furnished, place)
    chat = Chat(furnished, turns)
    now = datetime.fromisoformat(dialogue.get("at", MONDAY_MORNING))
    said: list[str] = []
    for step in dialogue["steps"]:
        now += timedelta(minutes=step.get("minutes", 0), seconds=20)
        with clock.frozen(now.isoformat()):
            replies = chat.say(step["say"]) if "say" in step else chat.press(step["press"])
        said.append(f"> {step.get('say') or step['press']}")
        said += [f"  [{line.custom['kind']}] {line.text}" for line in replies]
        problem = wrong(step, replies)
        if problem:
            return "\n".join([problem, *said, f"  {[line.custom for line in replies]}"])
    return ""


def wrong(step: dict[str, Any], replies: list[Line]) -> str:
    """Return what is not as the step expects; empty when all is well."""
    for line in replies:
        check_reply({"recipient_id": "c", "text": line.text, "custom": line.custom, "buttons": line.buttons})
    if "kinds" in step and kinds(replies) != step["kinds"]:
        return f"kinds {kinds(replies)}, expected {step['kinds']}"
    if "has" in step and step["has"] not in kinds(replies):
        return f"kinds {kinds(replies)} without {step['has']}"
    expected = step.get("fields", {})
    if expected and not any(expected.items() <= line.custom.items() for line in replies):
        return f"no reply has {expected}"
    text = "\n".join(line.text for line in replies).lower()
    missing = [word for word in step.get("contains", ()) if word.lower() not in text]
    unwanted = [word for word in step.get("lacks", ()) if word.lower() in text]
    offered = {button["title"] for line in replies for button in line.buttons}
    absent = [title for title in step.get("buttons", ()) if title not in offered]
    if missing or unwanted or absent:
        return f"missing {missing}, unwanted {unwanted}, buttons not offered {absent}"
    return ""


def fill(database: Database, place: dict[str, Any]) -> None:
    day = place["date"] if isinstance(place["date"], date) else date.fromisoformat(place["date"])
    which = (PickupSlot.office_code == place["office"], PickupSlot.date == day, PickupSlot.window == place["window"])
    with database.unit_of_work() as session:
        assert session.execute(select(PickupSlot.id).where(*which)).scalar_one_or_none(), f"no such place: {place}"
        session.execute(
            update(PickupSlot)
            .where(*which)
            .values(taken=PickupSlot.capacity)
            .execution_options(synchronize_session=False)
        )
