"""A flood while processes die: nothing lost, nothing answered twice, everything in order (the whole: `make soak`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.flood import Outcome, flood
from bot.db.engine import Database


def right(outcome: Outcome) -> None:
    assert (outcome.lost, outcome.doubled, outcome.out_of_order) == (0, 0, 0), outcome
    assert outcome.right, outcome


@pytest.mark.slow
@pytest.mark.parametrize("shared_database", ["postgresql"], indirect=True)  # several processes are for PostgreSQL
@pytest.mark.parametrize(("events", "people", "real"), [(10_000, 1_000, False), (600, 60, True)], ids=["plain", "real"])
def test_a_hundredth_of_the_flood(database: Database, tmp_path: Path, events: int, people: int, real: bool) -> None:
    """Run with an engine that answers by the number alone, and with Rasa itself."""
    url = database.url.render_as_string(hide_password=False)
    log = tmp_path / "arrived.log"
    outcome = flood(url, events=events, people=people, processes=2, kill_every=5.0, real=real, log=log)
    right(outcome)
    assert outcome.kills >= 1, "without a kill nothing is proved"
