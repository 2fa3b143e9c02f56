"""Messages that name no procedure get no list of guesses, and those that name one lose nothing by it.

The threshold was chosen on the tuning questions and the training sentences; here the held-out ones measure it.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import yaml
from sqlalchemy.orm import Session

from actions.linking import link, needed
from actions.turn import Turn
from bench.nlu_report import searching
from bench.nlu_report.heldout import sentences
from bot.db.engine import Database
from bot.text import fold

# Before there was a threshold: 0.35 of these got a list.
MOST_LISTS = 0.15
LEAST_OFFERED_OF_NAMED, LEAST_OFFERED_RIGHT = 0.97, 0.93


def outcome(session: Session, text: str, intent: str, names: list[str]) -> Any:
    entities = [{"entity": "procedure", "value": name} for name in names]
    turn = Turn(
        session=session, asker="rest:c", conversation_id=None, channel="rest", text=text, intent=intent,
        entities=entities, slots={}, requested_slot=None, active_loop=None,
    )  # fmt: skip
    return needed(turn) or link(turn)


@pytest.fixture(scope="module")
def named_or_not(catalogue_database: Database) -> dict[bool, Counter[str]]:
    """Return what becomes of the held-out questions about procedures, by whether one is named in them."""
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    with catalogue_database.reading() as session:
        for one in sentences():
            if not one.intent.startswith("ask_procedure"):
                continue
            names = [one.text[span.start : span.end] for span in one.spans if span.kind == "procedure"]
            linked = outcome(session, one.text, one.intent, names)
            counts[bool(names)]["best" if linked.best else "list" if linked.choices else "nothing"] += 1
    return counts


def test_what_names_nothing_gets_no_list(named_or_not: dict[bool, Counter[str]]) -> None:
    counts = named_or_not[False]
    assert sum(counts.values()) > 100
    assert counts["list"] <= MOST_LISTS * sum(counts.values()), counts


def test_what_is_named_is_offered(named_or_not: dict[bool, Counter[str]]) -> None:
    counts = named_or_not[True]
    assert sum(counts.values()) > 200
    assert counts["best"] + counts["list"] >= LEAST_OFFERED_OF_NAMED * sum(counts.values()), counts


def test_stories_without_a_name_lose_nothing(catalogue_database: Database) -> None:
    rows = yaml.safe_load(searching.QUESTIONS.read_text(encoding="utf-8"))
    with catalogue_database.reading() as session:
        names = {entry.code: fold(entry.name).strip(" .") for entry in searching.entries(session)}
        kept = [row for row in rows if row["code"] in names]
        right = 0
        for row in kept:
            linked = outcome(session, row["ask"], "ask_procedure", [])
            wanted = {names[code] for code in [row["code"], *row["also"]] if code in names}
            found = [linked.best] if linked.best else linked.choices
            right += any(fold(match.name).strip(" .") in wanted for match in found)
    assert len(kept) >= 300
    assert right >= LEAST_OFFERED_RIGHT * len(kept)
