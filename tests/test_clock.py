"""The only clock: UTC inside, Vietnam outside, fixed on request."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from bot import clock


def test_inside_is_aware_utc() -> None:
    now = clock.now()
    assert now.tzinfo is clock.UTC
    assert abs(now - datetime.now(timezone.utc)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-22T09:00:00+07:00", "2026-11-22T02:00:00+00:00"),
        ("2026-11-22T09:00:00", "2026-11-22T02:00:00+00:00"),  # without an offset: Vietnam
        ("2026-11-22T02:00:00Z", "2026-11-22T02:00:00+00:00"),
        (" 2026-11-22 ", "2026-11-21T17:00:00+00:00"),
    ],
)
def test_parse(text: str, utc: str) -> None:
    assert clock.parse(text).isoformat() == utc


@pytest.mark.parametrize("text", ["", "hôm nay", "22/11/2026", "2026-13-01", "2026-11-22T25:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        clock.parse(text)


def test_the_day_is_vietnams() -> None:
    with clock.frozen("2026-11-22T18:30:00Z"):  # half past one in the night there
        assert clock.today() == date(2026, 11, 23)


def test_freezing_ends_with_its_block() -> None:
    with clock.frozen("2026-11-22T09:00:00+07:00") as outer:
        with clock.frozen("2030-01-01T00:00:00+07:00"):
            assert clock.today().year == 2030
        assert clock.now() == outer
    assert clock.now() != outer


def test_freezing_ends_after_an_error() -> None:
    with pytest.raises(RuntimeError), clock.frozen("2020-01-01T00:00:00Z"):
        raise RuntimeError
    assert clock.now().year > 2020


def test_the_environment_fixes_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_NOW", "2026-11-22T09:00:00")
    assert clock.now().isoformat() == "2026-11-22T02:00:00+00:00"
    with clock.frozen("2026-11-25T00:00:00Z"):
        assert clock.now().day == 25


def test_as_people_say_it() -> None:
    assert clock.say_date(date(2026, 11, 24)) == "thứ ba 24/11/2026"
    assert clock.say_date(clock.parse("2026-11-24T20:00:00Z")) == "thứ tư 25/11/2026"
    assert clock.say_time(clock.parse("2026-11-24T07:05:00Z")) == "14:05 ngày 24/11/2026"
