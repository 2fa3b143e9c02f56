"""Practice runs: one played citizen with one trainee, answer by answer, and the sheet of results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.practice.checking import check
from bot.practice.models import PracticeRun
from bot.practice.scenarios import PlayedTurn, Scenario, scenarios
from bot.staff.accounts import Member
from bot.staff.models import Staff
from bot.text import clean

LONGEST_ANSWER = 2_000  # characters
JUDGEMENTS = {"good": "Trả lời được", "partly": "Được một phần", "poor": "Chưa được"}
MOST_LISTED = 500


class PracticeError(ValueError):
    """Something that cannot be done in a practice run; the text is one sentence for the trainee."""


@dataclass(frozen=True)
class Result:
    """One run in the sheet of results."""

    id: int
    trainee: str
    username: str
    title: str
    right: int
    asked: int
    turns: int
    judged: dict[str, int]  # how often they judged themselves so
    began_at: datetime
    ended_at: datetime | None


def begin(session: Session, scenario: str, member: Member) -> PracticeRun:
    """Begin with a played citizen. Raises PracticeError for one that is not there."""
    if scenario not in scenarios():
        raise PracticeError("Không có tình huống này.")
    run = PracticeRun(staff_id=member.id, scenario=scenario, answers=[], right=0, asked=0, began_at=clock.now())
    session.add(run)
    session.flush()
    return run


def find(session: Session, run_id: int, member: Member, *, sees_all: bool = False) -> tuple[PracticeRun, Scenario]:
    """Return one's own run with its citizen (`sees_all`: anybody's). Raises PracticeError."""
    run = session.get(PracticeRun, run_id)
    if run is None or (run.staff_id != member.id and not sees_all):
        raise PracticeError("Không có bài luyện này.")
    scenario = scenarios().get(run.scenario)
    if scenario is None:
        raise PracticeError("Tình huống của bài này không còn nữa.")
    return run, scenario


def answer(session: Session, run_id: int, turn: int, text: str, member: Member, *, picked: bool = False) -> None:
    """Keep what the trainee answers to the citizen's turn (0 is the first). Raises PracticeError.

    `picked`: it is the assistant's suggestion, taken as it stands. The same turn is answered once.
    """
    run, scenario = find(session, run_id, member)
    text = clean(text)
    if not text:
        raise PracticeError("Câu trả lời đang trống.")
    if len(text) > LONGEST_ANSWER:
        raise PracticeError(f"Câu trả lời dài quá {LONGEST_ANSWER} ký tự.")
    if turn != len(run.answers) or waits_for_judgement(run) or turn >= len(scenario.turns):
        raise PracticeError("Câu này đã trả lời rồi, anh/chị xem tiếp bên dưới.")
    found = check(scenario.turns[turn], text)
    kept = {"text": text, "picked": picked, "missing": list(found.missing), "wrong": list(found.wrong), "judged": None}
    run.answers = [*run.answers, kept]
    run.asked += 1
    run.right += int(found.is_good)
    session.flush()


def judge(session: Session, run_id: int, judged: str, member: Member) -> None:
    """Keep how the trainee judges the last answer; after the last turn the run is over. Raises PracticeError."""
    run, scenario = find(session, run_id, member)
    if judged not in JUDGEMENTS:
        raise PracticeError("Anh/chị chọn một trong ba ô.")
    if not waits_for_judgement(run):
        return
    run.answers = [*run.answers[:-1], {**run.answers[-1], "judged": judged}]
    if len(run.answers) == len(scenario.turns):
        run.ended_at = clock.now()
    session.flush()


def waits_for_judgement(run: PracticeRun) -> bool:
    """Return whether the last answer is compared and not judged yet."""
    return bool(run.answers) and run.answers[-1]["judged"] is None


def compared(run: PracticeRun, scenario: Scenario) -> list[tuple[PlayedTurn, dict[str, Any], tuple[str, ...]]]:
    """Return each turn that was answered with the answer and what it held, in order."""
    done = zip(scenario.turns, run.answers, strict=False)
    return [(turn, given, check(turn, given["text"]).held) for turn, given in done]


def results(session: Session, member: Member | None = None, limit: int = MOST_LISTED) -> list[Result]:
    """Return the sheet of results, the newest first: of one trainee, or of all (None)."""
    wanted = select(PracticeRun, Staff.display_name, Staff.username).join(Staff, Staff.id == PracticeRun.staff_id)
    if member is not None:
        wanted = wanted.where(PracticeRun.staff_id == member.id)
    rows = session.execute(wanted.order_by(PracticeRun.id.desc()).limit(limit)).all()
    return [_result(row.PracticeRun, row.display_name, row.username) for row in rows]


def _result(run: PracticeRun, name: str, username: str) -> Result:
    scenario = scenarios().get(run.scenario)
    judged = [given["judged"] for given in run.answers if given["judged"]]
    return Result(
        run.id,
        name,
        username,
        scenario.title if scenario else run.scenario,
        run.right,
        run.asked,
        len(scenario.turns) if scenario else run.asked,
        {one: judged.count(one) for one in JUDGEMENTS},
        run.began_at,
        run.ended_at,
    )
