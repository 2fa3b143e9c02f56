"""Runs through guides: what is written down, where they go on, and their codes."""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.accounts import runs, runs_codes
from bot.accounts.guides import Guide, guides
from bot.accounts.models import GuideRun, GuideRunStep
from bot.conversation.models import Conversation
from bot.db.engine import Database
from bot.dossiers import codes
from bot.dossiers.proof import factors
from bot.pickups import numbers

GOAL = "vneid_level_2"
NOON = "2026-11-23T12:00:00+07:00"


def guide() -> Guide:
    return guides()[GOAL]


def ids() -> list[str]:
    return [step.id for step in guide().steps]


def record(session: Session, step_id: str, event: str, key: str = "k1") -> GuideRun:
    run = runs.record(session, "rest", key, GOAL, guide().version, step_id, event)
    assert run is not None
    return run


def steps(session: Session) -> list[tuple[str, str, float | None]]:
    rows = session.execute(select(GuideRunStep).order_by(GuideRunStep.id)).scalars()
    return [(r.step_id, r.outcome, (r.left_at - r.shown_at).total_seconds() if r.left_at else None) for r in rows]


def conversation(session: Session) -> int:
    row = Conversation(channel="rest", sender="c", created_at=clock.now())
    session.add(row)
    session.flush()
    return int(row.id)


def test_a_run_from_the_first_step_to_the_last(session: Session) -> None:
    now = clock.parse(NOON)
    for step_id in ids():
        for event in ("shown", "done"):
            with clock.frozen(now):
                run = record(session, step_id, event)
            now += timedelta(seconds=30)
    assert (run.state, run.step_id, run.version) == ("done", ids()[-1], guide().version)
    assert run.ended_at is not None and run.channel == "rest"
    assert steps(session) == [(step_id, "done", 30.0) for step_id in ids()]


def test_back_and_a_jump_leave_their_marks(session: Session) -> None:
    one, two, three, *_ = ids()
    record(session, one, "shown")
    record(session, one, "done")
    record(session, two, "shown")
    record(session, two, "shown")  # said again: one showing
    record(session, two, "back")
    record(session, one, "shown")
    record(session, three, "shown")
    run = record(session, three, "stuck")
    assert [(step, outcome) for step, outcome, _ in steps(session)] == [
        (one, "done"), (two, "back"), (one, "shown"), (three, "stuck"),
    ]  # fmt: skip
    assert run.state == "stuck"
    assert record(session, three, "shown").state == "open"
    assert record(session, three, "paused").state == "paused"
    assert record(session, three, "left").state == "left"


def test_what_a_page_may_send_breaks_nothing(session: Session) -> None:
    first = ids()[0]
    assert runs.record(session, "counter", "k", "no_such_goal", "v", first, "shown") is None
    assert runs.record(session, "counter", "k", GOAL, "v", "no_such_step", "shown") is None
    assert runs.record(session, "counter", "", GOAL, "v", first, "shown") is None
    assert runs.record(session, "counter", "x" * 41, GOAL, "v", first, "shown") is None
    with pytest.raises(ValueError, match="no such event"):
        runs.record(session, "counter", "k", GOAL, "v", first, "jumped")
    assert session.execute(select(GuideRun)).first() is None
    assert runs.record(session, "counter", "k", GOAL, "an old version", first, "done") is not None
    other = next(goal for goal in guides() if goal != GOAL)
    step = guides()[other].steps[0].id
    assert runs.record(session, "counter", "k", other, "v", step, "shown") is None, "the key is another guide's"


def test_two_processes_begin_the_same_run(database: Database) -> None:
    first = ids()[0]

    def begin() -> None:
        with database.unit_of_work() as session:
            record(session, first, "shown", "same")

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert len(session.execute(select(GuideRun)).all()) == 1
        assert len(session.execute(select(GuideRunStep)).all()) == 1


def test_the_run_of_a_conversation(session: Session) -> None:
    here = conversation(session)
    assert runs.under_way(session, here) is None and runs.under_way(session, None) is None
    with clock.frozen(NOON):
        run = record(session, ids()[0], "shown")
        run.conversation_id = here
        session.flush()
        assert runs.under_way(session, here, GOAL) is run
        assert runs.under_way(session, here, "organisation_account") is None
    with clock.frozen(clock.parse(NOON) + timedelta(days=61)):
        assert runs.under_way(session, here, GOAL) is None
    session.delete(session.get(Conversation, here))
    session.flush()
    session.expire_all()
    assert run.conversation_id is None, "figures outlive the conversation"


def test_a_code_lives_sixty_days_after_it_was_last_told(session: Session) -> None:
    with clock.frozen(NOON):
        run = record(session, ids()[0], "shown")
        code = runs.give_code(session, run)
        assert runs.by_code(session, code) is run
    with clock.frozen(clock.parse(NOON) + timedelta(days=59)):
        assert runs.give_code(session, run) == code
    with clock.frozen(clock.parse(NOON) + timedelta(days=118)):
        assert runs.by_code(session, code) is run
    with clock.frozen(clock.parse(NOON) + timedelta(days=120)):
        assert runs.by_code(session, code) is None


def test_a_taken_code_is_not_given_again(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["HD-2A3C4D", "HD-2A3C4D", "HD-2A3C4E"])
    monkeypatch.setattr(runs_codes, "new", lambda: next(drawn))
    one, two = record(session, ids()[0], "shown", "one"), record(session, ids()[0], "shown", "two")
    assert [runs.give_code(session, one), runs.give_code(session, two)] == ["HD-2A3C4D", "HD-2A3C4E"]
    assert two.code_expires_at is not None


@pytest.mark.parametrize(
    ("gone", "at", "number", "moved"),
    [
        ((), "wait", 5, False),  # only a text was changed
        (("form",), "wait", 4, False),  # it moved up
        (("wait",), "wait", 4, True),  # gone: the one before
        (("wait", "face_and_fingerprint"), "wait", 3, True),
        (("prepare",), "prepare", 1, True),
    ],
)
def test_a_guide_changed_in_the_middle(
    session: Session, monkeypatch: pytest.MonkeyPatch, gone: tuple[str, ...], at: str, number: int, moved: bool
) -> None:
    run = record(session, at, "shown")
    assert runs.place(run) == runs.Place(GOAL, guide().find(at) or 0)
    new = replace(guide(), intro="Bản mới.", steps=tuple(step for step in guide().steps if step.id not in gone))
    monkeypatch.setattr(runs, "guides", lambda: {GOAL: new})
    assert runs.place(run) == runs.Place(GOAL, number, changed=True, moved=moved)
    monkeypatch.setattr(runs, "guides", dict)
    assert runs.place(run) is None


@pytest.mark.parametrize(
    "text",
    [
        "HD-7K3M9Q", "hd7k3m9q", "hd 7k3 m9q", "HD–7K3M9Q", "mã hướng dẫn là HD-7K3M9Q nha em", "h d 7 k 3 m 9 q",
        "mã hd: hd7k3m9q", "HĐ-7K3M9Q", "Hd - 7K3-M9Q", "hd_7k3m9q.", "ｈｄ-7k3m9q", "hd 7k 3m 9q",
    ],
)  # fmt: skip
def test_codes_are_read_however_they_are_typed(text: str) -> None:
    assert runs_codes.find(text) == "HD-7K3M9Q"


@pytest.mark.parametrize(
    "text",
    [
        "hd nhanh em oi", "hd gas bep", "hd tren 24", "hd e 3 buoc", "H36.12-261105-0001", "MC-1234566", "hd 123456",
        "HD-7K3M9", "HD-7K3M9QX", "hd 2 cai", "so hd 2026", "hợp đồng 7 tháng", "bước 5",
    ],
)  # fmt: skip
def test_other_things_are_no_codes(text: str) -> None:
    assert runs_codes.find(text) is None


def test_look_alike_letters_are_slips() -> None:
    assert runs_codes.find("HD-BK3M9Q") == "HD-8K3M9Q"
    assert runs_codes.bare("7k3m9q") == "HD-7K3M9Q" and runs_codes.bare("mã là 7K3M9Q") == "HD-7K3M9Q"
    assert runs_codes.bare("nhanhe") is None and runs_codes.bare("261105") is None


def test_no_code_is_taken_for_anything_else() -> None:
    for _ in range(2_000):
        code = runs_codes.new()
        written = random.choice([code, code.lower(), code.replace("-", " ")])
        assert runs_codes.find(written) == code
        assert codes.find(written) == [] and codes.look_alike(written) is None
        assert numbers.find(written) == [] and not numbers.looks_mistyped(written)
        assert factors.named(written) is None
