"""What grows old: facts whose day to look again has passed or that end soon, and laws that change soon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.general_questions.questions import questions
from bot.legal_events import LegalEvent, events
from bot.procedures.described import described
from bot.working_days import is_estimate

SOON = timedelta(days=60)


@dataclass(frozen=True)
class Due:
    """A fact to look at: where it stands, since or until which day, and why."""

    where: str
    day: date
    why: str


@dataclass(frozen=True)
class Review:
    """Everything an editor should look at on one day."""

    overdue: list[Due]
    ending: list[Due]
    uncovered: list[Due]
    events: list[LegalEvent]
    estimated_years: list[int]


def review(today: date) -> Review:
    """Return what is overdue on `today`, and what changes within `SOON`."""
    overdue, ending, uncovered = [], [], []
    for where, periods, checks in _facts():
        late = [day for day in checks if day and day < today]
        if late:
            overdue.append(Due(where, min(late), "quá ngày xem lại"))
        ends = sorted(end for _, end in periods if end)
        for end in ends:
            followed = any(first == end + timedelta(days=1) for first, _ in periods)
            if today <= end <= today + SOON:
                ending.append(Due(where, end, "có câu thay thế" if followed else "chưa có câu thay thế"))
        if not any((first or date.min) <= today <= (end or date.max) for first, end in periods):
            uncovered.append(Due(where, max(ends, default=today), "không có câu nào còn hiệu lực"))
    coming = [event for event in events() if today <= event.day <= today + SOON]
    estimated = [year for year in (today.year, today.year + 1) if is_estimate(date(year, 6, 1))]
    return Review(overdue, ending, uncovered, coming, estimated)


def _facts() -> Iterator[tuple[str, list[tuple[date | None, date | None]], list[date | None]]]:
    """Yield each answer with the periods of its facts and their days to look again."""
    for record in described():
        aspects: dict[str, list[dict[str, object]]] = {}
        for fact in record.facts:
            aspects.setdefault(fact["aspect"] + (f" ({fact['case_id']})" if fact["case_id"] else ""), []).append(fact)
        for aspect, found in aspects.items():
            yield (
                f"{record.code} {record.columns['name']}: {aspect}",
                [(fact["valid_from"], fact["valid_to"]) for fact in found],  # type: ignore[misc]
                [fact["review_by"] for fact in found],  # type: ignore[misc]
            )
    for question in questions().values():
        yield (
            f"câu hỏi chung: {question.topic}",
            [(fact.valid_from, fact.valid_to) for fact in question.facts],
            [fact.review_by for fact in question.facts],
        )
