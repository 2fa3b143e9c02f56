"""The deadline calculator: days off, days made up, 15:00, pauses; each case a calendar that can be checked by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers import deadlines, lookup
from bot.dossiers.answers.status import show
from bot.dossiers.deadlines import Change, Pause

Put = Callable[..., str]


def due(received: str, days: int, *pauses: tuple[str, str]) -> str:
    stops = [Pause(date.fromisoformat(begin), date.fromisoformat(end)) for begin, end in pauses]
    return deadlines.due_day(clock.parse(received), days, stops).isoformat()


@pytest.mark.parametrize(
    ("received", "days", "expected"),
    [
        ("2026-11-16T09:00", 3, "2026-11-19"),  # Monday to Thursday
        ("2026-11-19T09:00", 3, "2026-11-25"),  # over a weekend and the holiday of 24/11
        ("2026-08-20T09:00", 2, "2026-08-22"),  # Saturday 22/08 was worked
        ("2026-08-28T09:00", 1, "2026-09-03"),  # 31/08 swapped, 01–02/09 off
        ("2026-02-13T09:00", 1, "2026-02-23"),  # Tết: off 16 to 20/02
        ("2026-04-24T09:00", 1, "2026-04-28"),  # Giỗ Tổ on a Sunday, made up on Monday 27/04
        ("2026-11-17T15:00", 1, "2026-11-18"),  # at three sharp it still counts today
        ("2026-11-17T15:01", 1, "2026-11-19"),  # later, it is passed on tomorrow
        ("2026-11-17T14:59", 0, "2026-11-17"),  # same day
        ("2026-11-17T15:30", 0, "2026-11-18"),  # same-day procedures end the next day
        ("2026-11-20T16:00", 1, "2026-11-25"),  # Friday after three: Monday counts as the first, 24/11 is off
        ("2026-11-22T20:00", 1, "2026-11-25"),  # online on a Sunday: counts from Monday
        ("2026-11-16T23:30", 0, "2026-11-17"),
    ],
)
def test_working_days_from_receipt(received: str, days: int, expected: str) -> None:
    assert due(received + "+07:00", days) == expected


def test_the_zone_is_vietnams() -> None:
    assert due("2026-11-17T08:30+00:00", 1) == "2026-11-19", "15:30 in Vietnam"
    assert due("2026-11-16T17:30+00:00", 1) == "2026-11-18", "half past midnight on the 17th"


def test_days_of_a_pause_do_not_count() -> None:
    assert due("2026-11-02T09:00+07:00", 5) == "2026-11-09"
    assert due("2026-11-02T09:00+07:00", 5, ("2026-11-04", "2026-11-06")) == "2026-11-11"
    assert due("2026-11-02T09:00+07:00", 5, ("2026-11-04", "2026-11-04")) == "2026-11-09", "mended the same day"
    assert due("2026-11-02T09:00+07:00", 5, ("2026-11-03", "2026-11-04"), ("2026-11-09", "2026-11-12")) == "2026-11-13"


def test_pauses_are_the_stretches_in_states_five_and_six() -> None:
    def at(day: str) -> object:
        return clock.parse(f"{day}T09:00:00+07:00")

    history = [Change(2, at("2026-11-02")), Change(5, at("2026-11-04")), Change(6, at("2026-11-06"))]
    assert deadlines.pauses(history) is None, "it still stands"
    closed = [*history, Change(4, at("2026-11-09"))]
    assert deadlines.pauses(reversed(closed)) == [Pause(date(2026, 11, 4), date(2026, 11, 9))]
    assert deadlines.pauses([]) == []


def test_a_negative_number_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        due("2026-11-16T09:00+07:00", -1)


def test_a_year_without_a_plan_is_uncertain() -> None:
    assert not deadlines.is_uncertain(clock.parse("2026-11-16T09:00+07:00"), date(2026, 11, 20))
    assert deadlines.is_uncertain(clock.parse("2026-12-30T09:00+07:00"), date(2027, 1, 5))


def test_without_a_slip_date_the_answer_says_an_estimate(
    session: Session, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "working_days", lambda _session, code: 5 if code == "1.001193" else None)
    view = lookup.view(session, put(due_at=None, received_at="2026-11-19T09:00:00+07:00"))
    assert view is not None and view.estimated_due == date(2026, 11, 27)
    said = show(view).text
    assert "khoảng thứ sáu 27/11/2026 (em ước tính; ngày trên giấy hẹn mới đúng)" in said
    assert "Ngày hẹn trả:" not in said
    for fields in ({"status": 5}, {"procedure_code": "9.999999"}, {"received_at": None}, {"due_at": "2026-12-01"}):
        other = lookup.view(session, put(**{"due_at": None, "received_at": "2026-11-19T09:00:00+07:00", **fields}))
        assert other is not None and other.estimated_due is None
