"""Outcome figures, and the command that shows them."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot import cli_guides, clock
from bot.accounts import figures, runs
from bot.accounts.guides import guides
from bot.cli import app
from bot.db.engine import Database

GOAL = "vneid_level_2"
START = "2026-11-02T08:00:00+07:00"
RUNNER = CliRunner()


def walk(session: Session, key: str, channel: str, seconds: list[int], end: str | None = None, day: int = 0) -> None:
    """Go through as many steps as there are times; `end` happens at the step after them."""
    guide, now = guides()[GOAL], clock.parse(START) + timedelta(days=day)
    for number, spent in enumerate(seconds):
        for event in ("shown", "done"):
            with clock.frozen(now):
                runs.record(session, channel, key, GOAL, guide.version, guide.steps[number].id, event)
            now += timedelta(seconds=spent if event == "shown" else 0)
    if end:
        with clock.frozen(now):
            step_id = guide.steps[len(seconds)].id
            runs.record(session, channel, key, GOAL, guide.version, step_id, "shown")
            runs.record(session, channel, key, GOAL, guide.version, step_id, end)


def everything(session: Session) -> None:
    steps = len(guides()[GOAL].steps)
    walk(session, "through", "web", [10] * steps)
    walk(session, "slowly", "web", [30] * steps)
    walk(session, "stopped", "web", [50, 20], "left")
    walk(session, "away", "web", [20], "stuck")
    walk(session, "elsewhere", "counter", [5, 5], "back")
    walk(session, "late", "web", [10], "shown", day=20)


def test_by_guide_and_channel(session: Session) -> None:
    everything(session)
    with clock.frozen(clock.parse(START) + timedelta(days=21)):
        counter, web = figures.figures(session)
        assert [g.channel for g in figures.figures(session, clock.now() - timedelta(days=2))] == ["web"]
        assert figures.figures(session, clock.now()) == []
    assert (counter.goal, counter.channel, counter.started, counter.left) == (GOAL, "counter", 1, 1)
    assert (web.started, web.done, web.left, web.under_way) == (5, 2, 2, 1)
    assert web.through == 0.5
    assert [step.number for step in web.steps] == list(range(1, len(guides()[GOAL].steps) + 1))
    first, second, third, *_ = web.steps
    assert (first.shown, first.done, first.stopped, first.median_s) == (5, 5, 0, 20)  # of 10, 30, 50, 20, 10
    assert (second.shown, second.stuck, second.stopped) == (5, 1, 1)
    assert (third.shown, third.done, third.stopped, third.median_s) == (3, 2, 1, 20)
    assert counter.steps[2].back == 1


def test_a_step_that_is_no_more_keeps_its_figures(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    walk(session, "k", "web", [10, 10], "left")
    monkeypatch.setattr(figures, "guides", dict)
    (found,) = figures.figures(session)
    assert len(found.steps) == 3 and all(step.number is None for step in found.steps)


def test_nobody_has_ended_yet(session: Session) -> None:
    walk(session, "k", "web", [], "shown")
    with clock.frozen(START):
        (found,) = figures.figures(session)
    assert found.through is None and found.under_way == 1


@pytest.fixture
def shown(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.unit_of_work() as session:
        everything(session)
    monkeypatch.setattr(cli_guides, "open_database", lambda: database)


@pytest.mark.usefixtures("shown")
def test_the_command_shows_a_table() -> None:
    result = RUNNER.invoke(app, ["guides", "figures"])
    assert result.exit_code == 0, result.output
    assert f"{GOAL}, kênh counter: bắt đầu 1" in result.output and "1. prepare" in result.output


@pytest.mark.usefixtures("shown")
def test_the_command_writes_a_file(tmp_path: Path) -> None:
    file = tmp_path / "figures.csv"
    result = RUNNER.invoke(app, ["guides", "figures", "--since", "2026-11-01", "--csv", str(file)])
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert tuple(rows[0]) == cli_guides.COLUMNS and len(rows) == 2 * len(guides()[GOAL].steps)
    assert rows[0]["step_id"] == "prepare"


@pytest.mark.usefixtures("shown")
def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    assert "Chưa có lượt nào" in RUNNER.invoke(app, ["guides", "figures", "--since", "2030-01-01"]).output
    assert RUNNER.invoke(app, ["guides", "figures", "--since", "hôm qua"]).exit_code == 1
    assert RUNNER.invoke(app, ["guides", "figures", "--csv", str(tmp_path / "no" / "f.csv")]).exit_code == 1


@pytest.mark.parametrize(
    ("seconds", "said"), [(None, ""), (45.4, "45 giây"), (600.0, "10 phút"), (10_800.0, "3 giờ"), (432_000.0, "5 ngày")]
)
def test_durations_as_people_say_them(seconds: float | None, said: str) -> None:
    assert cli_guides._duration(seconds) == said
