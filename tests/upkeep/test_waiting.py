"""What Prometheus reads: what waits, turns by outcome, and not a word of anybody."""

from __future__ import annotations

import re
from datetime import timedelta

from starlette.testclient import TestClient
from talking import Chat

from bot import clock
from bot.conversation.turn import Turns
from bot.db.engine import Database
from bot.upkeep.waiting import Waiting


def figures(waiting: Waiting) -> dict[tuple[str, str], float]:
    return {
        (sample.name, sample.labels["queue"]): sample.value for family in waiting.collect() for sample in family.samples
    }


def test_rows_that_wait_and_how_long(furnished: Database, turns: Turns) -> None:
    chat = Chat(furnished, turns, channel="telegram")
    chat.store("xin chào")
    with clock.frozen(clock.now() + timedelta(seconds=90)):
        found = figures(Waiting(furnished))
        assert found["motcua_waiting_rows", "inbox"] == 1
        assert found["motcua_oldest_waiting_seconds", "inbox"] == 90
        chat.turns.run_next(chat.store("alo").conversation_id)
    assert figures(Waiting(furnished))["motcua_waiting_rows", "inbox"] == 1, "one of two is answered"
    assert figures(Waiting(furnished))["motcua_waiting_rows", "dead_letters"] == 0


def test_a_database_that_is_away_gives_no_old_figures() -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/none")
    assert figures(Waiting(away)) == {}


def test_the_page_of_figures_names_outcomes_and_no_words(client: TestClient) -> None:
    client.post("/webhooks/rest/webhook", json={"sender": "figures-1", "message": "tôi là Trần Thị Thử, 0900000007"})
    page = client.get("/metrics").text
    assert re.search(r'motcua_turns_total\{channel="rest",outcome="\w+"\} [1-9]', page)
    assert 'motcua_turn_seconds_count{stage="whole"}' in page and 'motcua_turn_seconds_count{stage="engine"}' in page
    assert 'motcua_waiting_rows{queue="tickets"}' in page and "motcua_intent_confidence_bucket" in page
    assert "Thử" not in page and "0900000007" not in page and "figures-1" not in page
