"""The played citizens are consistent with themselves and the records; runs are kept, compared and judged."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.content_files import ContentError
from bot.conversation.models import Conversation
from bot.db.engine import Database
from bot.learning.masked import mask
from bot.practice import runs, sources, suggesting
from bot.practice.checking import check
from bot.practice.runs import PracticeError
from bot.practice.scenarios import ABOUT, MANNERS, PlayedTurn, Scenario, scenarios
from bot.staff import accounts
from bot.staff.accounts import Member
from bot.staff.models import Staff
from bot.tickets.models import Ticket

ALL = list(scenarios().values())
TURNS = [(scenario, number) for scenario in ALL for number in range(len(scenario.turns))]
each_turn = pytest.mark.parametrize(("scenario", "number"), TURNS, ids=[f"{s.id}-{n}" for s, n in TURNS])
MONEY_OR_TERM = re.compile(r"\d+(?:[.,]\d+)?\s?(?:đồng|đ\b|nghìn|ngàn|k\b|triệu|ngày|tháng|giờ)", re.IGNORECASE)


def member(session: Session, username: str = "tap.su", role: str = "agent") -> Member:
    accounts.add(session, username, "Người Tập Sự", role)
    return accounts.member_of(session.execute(select(Staff).where(Staff.username == username)).scalar_one())


def test_there_are_citizens_of_every_manner_and_about_everything() -> None:
    assert 8 <= len(ALL) <= 16
    assert {one.manner for one in ALL} == set(MANNERS)
    assert {one.about for one in ALL} == set(ABOUT)


@each_turn
def test_the_clerk_s_own_answer_holds_all_it_needs(scenario: Scenario, number: int) -> None:
    turn = scenario.turns[number]
    found = check(turn, turn.clerk)
    assert found.is_good, (found.missing, found.wrong)


@each_turn
def test_an_empty_courtesy_is_not_enough(scenario: Scenario, number: int) -> None:
    assert check(scenario.turns[number], "Dạ, em chào anh/chị ạ.").missing


@each_turn
def test_clerks_repeat_no_fee_and_no_term(scenario: Scenario, number: int) -> None:
    assert not MONEY_OR_TERM.search(scenario.turns[number].clerk)


@each_turn
def test_no_line_tells_of_a_real_person(scenario: Scenario, number: int) -> None:
    turn = scenario.turns[number]
    assert mask(turn.says) == turn.says
    assert "[tên]" not in mask(turn.clerk)


def test_every_record_is_there(catalogue_database: Database) -> None:
    with catalogue_database.reading() as session:
        for scenario in ALL:
            for turn in scenario.turns:
                shown = sources.shown(session, turn.record)
                assert shown is not None and shown.text, (scenario.id, turn.record)


def turn_of(needs: list[str], avoids: list[str]) -> PlayedTurn:
    return PlayedTurn(
        "hỏi",
        ALL[0].turns[0].record,
        tuple(runs_point(one) for one in needs),
        tuple(runs_point(one) for one in avoids),
        "đáp",
    )


def runs_point(phrase: str):  # type: ignore[no-untyped-def]
    from bot.practice.scenarios import Point

    return Point(phrase, (phrase,))


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("Anh đọc mã OTP cho em", True),
        ("anh doc ma otp di", True),
        ("Anh đừng đọc mã OTP cho ai", False),
        ("Tuyệt đối không được đọc mã OTP", False),
        ("Anh đừng lo. Đọc mã OTP cho em", True),
    ],
)
def test_what_is_denied_is_not_said(said: str, wrong: bool) -> None:
    assert bool(check(turn_of(["anh"], ["doc ma otp"]), said).wrong) is wrong


def test_marks_and_short_forms_make_no_difference() -> None:
    turn = turn_of(["giay khai sinh"], [])
    assert check(turn, "Giấy KHAI SINH").is_good and check(turn, "giay khai sinh").is_good


def test_a_run_goes_answer_by_answer_to_its_result(session: Session) -> None:
    me, scenario = member(session), scenarios()["copies_unmarked"]
    run = runs.begin(session, scenario.id, me)
    runs.answer(session, run.id, 0, scenario.turns[0].clerk, me)
    with pytest.raises(PracticeError, match="rồi"):
        runs.answer(session, run.id, 1, "vội quá", me)  # the first is not judged yet
    runs.judge(session, run.id, "good", me)
    runs.judge(session, run.id, "poor", me)  # pressed twice: the first one stands
    runs.answer(session, run.id, 1, "Dạ em không biết", me, picked=True)
    runs.judge(session, run.id, "poor", me)
    assert (run.right, run.asked, run.ended_at is not None) == (1, 2, True)
    assert [given["judged"] for given in run.answers] == ["good", "poor"]
    assert run.answers[1]["missing"] and run.answers[1]["picked"]
    with pytest.raises(PracticeError):
        runs.answer(session, run.id, 2, "nữa", me)
    (result,) = runs.results(session, me)
    assert (result.right, result.turns, result.judged) == (1, 2, {"good": 1, "partly": 0, "poor": 1})


@pytest.mark.parametrize("text", ["", "   ", "x" * 2_001])
def test_an_answer_that_cannot_be_taken_is_refused(session: Session, text: str) -> None:
    me = member(session)
    run = runs.begin(session, ALL[0].id, me)
    with pytest.raises(PracticeError):
        runs.answer(session, run.id, 0, text, me)
    assert run.asked == 0


def test_nobody_plays_in_somebody_else_s_run(session: Session) -> None:
    me, other = member(session), member(session, "khac")
    run = runs.begin(session, ALL[0].id, me)
    with pytest.raises(PracticeError):
        runs.answer(session, run.id, 0, "chen vào", other)
    assert runs.results(session, other) == [] and len(runs.results(session)) == 1
    with pytest.raises(PracticeError):
        runs.begin(session, "khong_co", me)


GOOD = """
title: a
manner: careful
about: scam
citizen: b
turns:
  - says: c
    record: {question: scam_call}
    needs: [{what: d, any: [d]}]
    avoids: []
    clerk: d
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("manner: careful", "manner: rude"),
        ("about: scam", "about: weather"),
        ("title: a\n", ""),
        ("{question: scam_call}", "{law: x}"),
        ("{question: scam_call}", "{question: a, guide: b}"),
        ("needs: [{what: d, any: [d]}]", "needs: []"),
        ("clerk: d", "klerk: d"),
    ],
)
def test_a_citizen_that_does_not_fit_is_named_with_its_line(tmp_path: Path, old: str, new: str) -> None:
    assert old in GOOD
    file = tmp_path / "one.yml"
    file.write_text(GOOD, encoding="utf-8")
    read = scenarios.__wrapped__
    assert list(read(tmp_path)) == ["one"]
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError, match=r"one\.yml, dòng \d+"):
        read(tmp_path)


def test_a_suggestion_leaves_no_trace(furnished: Database, engine) -> None:  # type: ignore[no-untyped-def]
    scenario = scenarios()["birth_hurried"]
    first = suggesting.suggest(furnished, engine, [scenario.turns[0].says])
    assert "chứng sinh" in first
    assert suggesting.suggest(furnished, engine, ["cho tôi gặp nhân viên"]) == ""
    with furnished.reading() as session:
        for table in (Conversation, Ticket):
            assert session.execute(select(func.count()).select_from(table)).scalar_one() == 0
