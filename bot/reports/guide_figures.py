"""How many got through the guides to an account that were begun in a month, and at which step people stopped."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy.orm import Session

from bot.accounts.figures import GuideFigures, figures
from bot.accounts.guides import guides
from bot.reports.period import Month
from bot.reports.tables import Cell, Column, Table, share, totalled
from bot.text import capital

MOST_STEPS = 15


def guides_tables(session: Session, month: Month) -> tuple[Table, Table]:
    """Return the guides with how many got through, and the steps where most people stopped."""
    # Figures know a beginning only: those of later months are taken off again, run by run they are the same.
    begun, later = _by_goal(figures(session, month.start)), _by_goal(figures(session, month.end))
    rows: list[tuple[Cell, ...]] = []
    stops: list[tuple[str, str, int]] = []
    for goal, found in sorted(begun.items()):
        off = later.get(goal, _Sums())
        started, done, left = found.started - off.started, found.done - off.done, found.left - off.left
        if not started:
            continue
        guide = guides().get(goal)
        name = capital(guide.title) if guide else goal
        rows.append((name, started, done, left, started - done - left, share(done, done + left)))
        for step, count in found.stopped.items():
            if count - off.stopped[step] > 0:
                stops.append((name, step, count - off.stopped[step]))
    columns = (
        Column("Hướng dẫn", "text"), Column("Bắt đầu"), Column("Làm xong"), Column("Bỏ dở"), Column("Đang làm"),
        Column("Tỷ lệ làm xong", "share"),
    )  # fmt: skip
    total = totalled([row[:-1] for row in rows])
    if total is not None:
        ended = total[2] + total[3]  # type: ignore[operator]
        total = (*total, share(total[2], ended))  # type: ignore[arg-type]
    through = Table("guides", "Hướng dẫn tài khoản", columns, tuple(rows), _NOTE, total)
    stops.sort(key=lambda stop: (-stop[2], stop[0], stop[1]))
    steps = (Column("Hướng dẫn", "text"), Column("Dừng ở bước", "text"), Column("Lượt"))
    return through, Table("stops", "Bước hay bỏ dở nhất", steps, tuple(stops[:MOST_STEPS]))


class _Sums:
    """Sums of a guide over its channels."""

    def __init__(self) -> None:
        self.started = self.done = self.left = 0
        self.stopped: dict[str, int] = defaultdict(int)


def _by_goal(found: list[GuideFigures]) -> dict[str, _Sums]:
    by_goal: dict[str, _Sums] = defaultdict(_Sums)
    for one in found:
        sums = by_goal[one.goal]
        sums.started += one.started
        sums.done += one.done
        sums.left += one.left
        for step in one.steps:
            sums.stopped[_step_name(one.goal, step.step_id, step.number)] += step.stopped
    return by_goal


def _step_name(goal: str, step_id: str, number: int | None) -> str:
    guide = guides().get(goal)
    return f"{number}. {guide.steps[number - 1].title}" if guide and number else f"(bước cũ) {step_id}"


_NOTE = "Lượt bắt đầu trong tháng. Bỏ dở: nói thôi, hoặc im hơn hai tuần. Tỷ lệ tính trên số lượt đã ngưng."
