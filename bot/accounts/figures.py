"""Outcome figures: how many get through each guide, where people stop, how long each step takes. Nobody is in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.accounts.guides import guides
from bot.accounts.models import GuideRun, GuideRunStep

# Level 2 takes up to seven working days: whoever has been away for two weeks has left.
QUIET_DAYS = 14
_BATCH = 2_000


@dataclass(frozen=True)
class StepFigures:
    """What became of one step of a guide."""

    step_id: str
    number: int | None  # None: the guide has no such step any more
    shown: int
    done: int
    stuck: int
    back: int
    stopped: int  # runs that ended here without getting through
    median_s: float | None  # from showing to "done"; None: nobody did


@dataclass(frozen=True)
class GuideFigures:
    """What became of the runs through one guide, begun on one channel."""

    goal: str
    channel: str
    started: int
    done: int
    left: int  # said stop, or have been away for two weeks
    under_way: int
    steps: tuple[StepFigures, ...]

    @property
    def through(self) -> float | None:
        """Return the share of the ended runs that got through; None while none has ended."""
        ended = self.done + self.left
        return self.done / ended if ended else None


def figures(session: Session, since: datetime | None = None) -> list[GuideFigures]:
    """Return the figures of the runs begun since `since` (all), by guide and channel."""
    wanted = select(GuideRun.id, GuideRun.goal, GuideRun.channel, GuideRun.state, GuideRun.step_id, GuideRun.touched_at)
    if since is not None:
        wanted = wanted.where(GuideRun.started_at >= since)
    groups: dict[tuple[str, str], _Group] = defaultdict(_Group)
    group_of: dict[int, _Group] = {}
    quiet = clock.now() - timedelta(days=QUIET_DAYS)
    for run in session.execute(wanted.order_by(GuideRun.id)):
        group = group_of[run.id] = groups[run.goal, run.channel]
        group.run(run.state, run.step_id, left=run.state == "left" or (run.state != "done" and run.touched_at < quiet))
    for step in _steps(session, since):
        if step.run_id in group_of:
            group_of[step.run_id].step(step.step_id, step.outcome, step.shown_at, step.left_at)
    return [_figures(goal, channel, group) for (goal, channel), group in sorted(groups.items())]


class _Group:
    """Counts while the rows go by."""

    def __init__(self) -> None:
        self.started = self.done = self.left = 0
        self.stopped: dict[str, int] = defaultdict(int)
        self.outcomes: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.seconds: dict[str, list[float]] = defaultdict(list)

    def run(self, state: str, step_id: str, *, left: bool) -> None:
        self.started += 1
        self.done += state == "done"
        if left:
            self.left += 1
            self.stopped[step_id] += 1

    def step(self, step_id: str, outcome: str, shown_at: datetime, left_at: datetime | None) -> None:
        counts = self.outcomes[step_id]
        counts["shown"] += 1
        if outcome != "shown":
            counts[outcome] += 1
        if outcome == "done" and left_at is not None:
            self.seconds[step_id].append((left_at - shown_at).total_seconds())


def _steps(session: Session, since: datetime | None) -> Iterable[GuideRunStep]:
    wanted = select(
        GuideRunStep.run_id, GuideRunStep.step_id, GuideRunStep.outcome, GuideRunStep.shown_at, GuideRunStep.left_at
    )
    if since is not None:
        wanted = wanted.join(GuideRun, GuideRun.id == GuideRunStep.run_id).where(GuideRun.started_at >= since)
    return session.execute(wanted.execution_options(yield_per=_BATCH))


def _figures(goal: str, channel: str, group: _Group) -> GuideFigures:
    guide = guides().get(goal)
    known = [step.id for step in guide.steps] if guide else []
    gone = sorted((set(group.outcomes) | set(group.stopped)) - set(known))
    steps = (
        StepFigures(
            step_id=step_id,
            number=known.index(step_id) + 1 if step_id in known else None,
            shown=group.outcomes[step_id]["shown"],
            done=group.outcomes[step_id]["done"],
            stuck=group.outcomes[step_id]["stuck"],
            back=group.outcomes[step_id]["back"],
            stopped=group.stopped[step_id],
            median_s=median(group.seconds[step_id]) if group.seconds[step_id] else None,
        )
        for step_id in (*known, *gone)
    )
    under_way = group.started - group.done - group.left
    return GuideFigures(goal, channel, group.started, group.done, group.left, under_way, tuple(steps))
