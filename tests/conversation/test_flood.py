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
def test_a_thousand_messages_while_processes_are_killed(database: Database, tmp_path: Path) -> None:
    url = database.url.render_as_string(hide_password=False)
    outcome = flood(
        url, events=1_000, people=100, processes=2, kill_every=5.0, real=False, log=tmp_path / "arrived.log"
    )
    right(outcome)
    assert outcome.kills >= 1, "without a kill nothing is proved"
