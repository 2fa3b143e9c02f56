"""What grows old is found in time, and nothing shipped is out of its days."""

from __future__ import annotations

from datetime import date

import pytest

from bot.editing.holiday_proposals import proposals
from bot.editing.review import review
from bot.legal_events import events


def test_nothing_is_overdue_on_the_day_it_was_checked() -> None:
    found = review(date(2026, 11, 27))
    assert found.overdue == [] and found.uncovered == []
    assert [event.day for event in found.events] == [date(2027, 1, 1)]


def test_before_the_first_of_march_the_editors_are_told() -> None:
    found = review(date(2027, 1, 15))
    assert {event.law for event in found.events} >= {"Luật Hộ tịch 03/2026/QH16"}
    assert any("1.001193" in due.where and due.day == date(2027, 2, 28) for due in found.ending)
    assert all(due.why == "có câu thay thế" for due in found.ending if due.day == date(2027, 2, 28))


def test_a_day_to_look_again_that_has_passed_is_listed() -> None:
    found = review(date(2028, 1, 1))
    assert len(found.overdue) > 100
    assert found.overdue[0].why == "quá ngày xem lại"


@pytest.mark.parametrize("day", ["2026-08-15", "2026-11-27", "2027-02-28", "2027-03-01", "2027-12-31"])
def test_every_answer_has_a_fact_on_every_day(day: str) -> None:
    assert review(date.fromisoformat(day)).uncovered == []


def test_events_are_in_order() -> None:
    days = [event.day for event in events()]
    assert days == sorted(days) and date(2027, 3, 1) in days


def test_the_package_only_proposes() -> None:
    assert proposals(2026) == []
    assert date(2027, 9, 3) in {proposal.day for proposal in proposals(2027)}
