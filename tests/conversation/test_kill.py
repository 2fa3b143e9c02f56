"""The power goes off in the middle of 200 messages: nothing is lost and nothing is doubled."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from conftest import new_postgres_database
from live_server import MONDAY_MORNING, LiveServer

from bot.db.engine import Database

from .killing import EACH, SENDERS, Citizens, check, script

KILL_AFTER = 90


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of its own, which the server finds again after its death."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'kill.db'}")
    else:
        database = new_postgres_database(request.getfixturevalue("postgres_url"))
    yield database
    database.dispose()


@pytest.mark.slow
def test_killed_in_the_middle_of_200_messages(database: Database, model: Path, tmp_path: Path) -> None:
    url = database.url.render_as_string(hide_password=False)
    server = LiveServer(url, tmp_path / "server.log", now=MONDAY_MORNING, model=model)
    server.start()
    citizens = Citizens(lambda: server.url)
    try:
        with ThreadPoolExecutor(SENDERS) as pool:
            talks = [pool.submit(citizens.talk, number) for number in range(SENDERS)]
            while len(citizens.answers) < KILL_AFTER and not any(talk.done() for talk in talks):
                time.sleep(0.005)
            citizens.up.clear()
            server.kill()
            answered = dict(citizens.answers)
            server.start()
            citizens.up.set()
            for talk in talks:
                talk.result()
        with httpx.Client(timeout=30) as client:  # a platform may send an answered one again, too
            for number, turn in ((0, 0), (3, 11), (9, 12)):
                again = citizens.send(client, number, turn, script(number)[turn])
                assert again == citizens.answers[f"{number}-{turn}"]
    finally:
        server.stop()
    assert KILL_AFTER <= len(answered) < SENDERS * EACH and citizens.sent_again, "it was killed in the middle"
    check(database, citizens.answers)
