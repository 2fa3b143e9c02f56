"""Working days: the holiday table, the counts, and what is only an estimate."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import CONTENT
from bot.working_days import add_working_days, is_estimate, is_working_day, working_days_between


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 24), False),  # the new holiday, a Tuesday
        (date(2026, 11, 22), False),  # Sunday
        (date(2026, 8, 22), True),  # a Saturday made up
        (date(2026, 8, 29), False),  # an ordinary Saturday
        (date(2026, 8, 31), False),
        (date(2026, 2, 20), False),
        (date(2026, 2, 23), True),
        (date(2026, 4, 27), False),
        (date(2027, 5, 3), False),
        (date(2025, 9, 2), False),  # not in the table: a day that comes back every year
        (date(2025, 11, 24), True),  # ... but this one only since 2026
        (date(2028, 11, 24), False),
    ],
)
def test_is_working_day(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_holiday_is_skipped_when_days_are_added() -> None:
    assert add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 23)
    assert add_working_days(date(2026, 11, 20), 2) == date(2026, 11, 25)
    assert add_working_days(date(2026, 11, 20), 0) == date(2026, 11, 20)
    with pytest.raises(ValueError):
        add_working_days(date(2026, 11, 20), -1)


def test_counts_run_after_the_first_day_up_to_the_last() -> None:
    friday = date(2026, 11, 20)
    assert working_days_between(friday, friday) == 0
    assert working_days_between(friday, date(2026, 11, 22)) == 0
    assert working_days_between(friday, date(2026, 11, 23)) == 1
    assert working_days_between(friday, date(2026, 11, 24)) == 1
    assert working_days_between(friday, date(2026, 11, 25)) == 2
    assert working_days_between(date(2026, 11, 25), friday) == 0


def test_adding_and_counting_agree_over_two_years() -> None:
    start = date(2026, 1, 5)
    for count in range(0, 480, 7):
        assert working_days_between(start, add_working_days(start, count)) == count


def test_a_year_without_a_verified_plan_is_an_estimate() -> None:
    assert not is_estimate(date(2026, 1, 1), date(2026, 12, 31))
    assert is_estimate(date(2026, 12, 30), date(2027, 1, 4))
    assert is_estimate(date(2025, 12, 30), date(2026, 1, 4))


def test_every_row_of_the_table_is_whole_and_needed() -> None:
    content = yaml.safe_load((CONTENT / "holidays.yml").read_text(encoding="utf-8"))
    dates = [row["date"] for row in content["days"]]
    assert len(dates) == len(set(dates))
    for row in content["days"]:
        assert set(row) == {"date", "kind", "basis", "status"}
        assert row["status"] in ("verified", "estimate")
        assert (row["date"].weekday() >= 5) == (row["kind"] == "worked"), row
        assert (row["date"].year in content["verified_years"]) == (row["status"] == "verified"), row


@given(st.dates(date(2016, 1, 1), date(2030, 12, 31)), st.integers(-400, 1_500))
def test_counting_by_years_is_counting_day_by_day(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    one_by_one = sum(is_working_day(start + timedelta(days=step)) for step in range(1, days + 1))
    assert working_days_between(start, end) == one_by_one
