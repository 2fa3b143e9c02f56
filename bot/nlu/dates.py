"""Days and half-days as Vietnamese say them: "mốt", "thứ 6 tuần sau", "25/11", "chiều mai"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.text import fold


@dataclass(frozen=True)
class Found:
    """A piece of text and what it means."""

    start: int
    end: int
    value: str


_WEEKDAY = {
    "hai": 0, "2": 0, "ba": 1, "3": 1, "tu": 2, "4": 2, "nam": 3, "5": 3, "sau": 4, "6": 4, "bay": 5, "7": 5,
}  # fmt: skip
_RELATIVE = {"hom nay": 0, "bua nay": 0, "ngay mai": 1, "mai": 1, "ngay mot": 2, "mot": 2, "ngay kia": 2}

_NUMERIC = re.compile(r"(?<![\d/.\-])(\d{1,2})\s?[/\-.]\s?(\d{1,2})(?:\s?[/\-.]\s?(\d{4}|\d{2}))?(?![\d/\-])")
_SPELLED = re.compile(r"\b(?:ngay|mung|mong)\s(\d{1,2})(?:\sthang\s(\d{1,2}))?(?:\snam\s(\d{4}))?\b")
_DAY_OF_WEEK = re.compile(r"\bthu\s?(hai|ba|tu|nam|sau|bay|[2-7])\b(?:\s(tuan\s(?:sau|toi)|tuan\snay))?")
_SUNDAY = re.compile(r"\b(?:chu\snhat|cn)\b(?:\s(tuan\s(?:sau|toi)|tuan\snay))?")
_NEAR = re.compile(r"\b(hom nay|bua nay|ngay mai|ngay mot|ngay kia|mai|mot)\b")
_WINDOWS = (
    ("morning", re.compile(r"\b(?:buoi\s)?sang(?:\ssom)?\b|\btruoc 1[12]\s?(?:h|gio)\b")),
    ("afternoon", re.compile(r"\b(?:buoi\s)?chieu\b|\bsau 1[23]\s?(?:h|gio)\b")),
)


def find_dates(text: str, today: date) -> list[Found]:
    """Return the days that `text` names, as ISO dates; offsets count characters of `text`.

    A day without its year is the next such day from `today` on. What names no day of the calendar is left out.
    """
    folded = fold(text)
    finders: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date | None]], ...] = (
        (_NUMERIC, lambda m: _calendar(m[1], m[2], m[3], today)),
        (_SPELLED, lambda m: _calendar(m[1], m[2], m[3], today)),
        (_DAY_OF_WEEK, lambda m: _weekday(_WEEKDAY[m[1]], m[2], today)),
        (_SUNDAY, lambda m: _weekday(6, m[1], today)),
        (_NEAR, lambda m: _near(m, text, today)),
    )
    found: list[Found] = []
    for pattern, meaning in finders:
        for match in pattern.finditer(folded):
            day = meaning(match)
            start = match.start() + (5 if match.group().startswith("ngay ") and match.group()[5].isdigit() else 0)
            if day and not any(f.start < match.end() and match.start() < f.end for f in found):
                found.append(Found(start, match.end(), day.isoformat()))
    return sorted(found, key=lambda f: f.start)


def find_windows(text: str) -> list[Found]:
    """Return the half-days that `text` names: "morning" or "afternoon"."""
    folded = fold(text)
    found = [Found(m.start(), m.end(), name) for name, pattern in _WINDOWS for m in pattern.finditer(folded)]
    return sorted(found, key=lambda f: f.start)


def _calendar(day: str, month: str | None, year: str | None, today: date) -> date | None:
    full_year = int(year) + (2000 if year and len(year) == 2 else 0) if year else today.year
    try:
        if month is None:
            return _next_with_day(int(day), today)
        named = date(full_year, int(month), int(day))
        return named.replace(year=today.year + 1) if year is None and named < today else named
    except ValueError:  # there is no 31/02
        return None


def _next_with_day(day: int, today: date) -> date | None:
    for months in range(3):
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        try:
            named = date(year, month + 1, day)
        except ValueError:
            continue
        if named >= today:
            return named
    return None


def _weekday(weekday: int, week: str | None, today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    if week and week != "tuan nay":
        return monday + timedelta(days=7 + weekday)
    day = monday + timedelta(days=weekday)
    return day if week or day >= today else day + timedelta(days=7)


def _near(match: re.Match[str], text: str, today: date) -> date | None:
    word = match[1]
    # "một" (one) folds to the same letters as "mốt" (the day after tomorrow).
    if word == "mot" and text[match.start() : match.end()].lower() != "mốt":
        return None
    return today + timedelta(days=_RELATIVE[word])
