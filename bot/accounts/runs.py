"""Runs: who goes through which guide is not known, only that somebody does, how far, and how long each step takes.

The chat and the counter page record into the same tables, so that a guide begun here can go on there.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from prometheus_client import Counter
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import clock
from bot.accounts import runs_codes
from bot.accounts.guides import Guide, guides
from bot.accounts.models import OUTCOMES, GuideRun, GuideRunStep

# Besides what may become of a step, what may become of the run.
EVENTS = (*OUTCOMES, "paused", "left")
UNFINISHED = ("open", "paused", "stuck")
_CODE_TRIES = 5
_RUNS = Counter("motcua_guide_runs", "Runs through guides: begun, and how they ended", ["goal", "channel", "state"])
_STEPS = Counter("motcua_guide_steps", "What became of the steps of guides", ["goal", "channel", "event"])


@dataclass(frozen=True)
class Place:
    """Where a run goes on: the guide as it is today, the step (from 1), and whether that step is another one now."""

    goal: str
    number: int
    changed: bool = False  # the guide was changed in between
    moved: bool = False  # the step is gone: this is the nearest earlier one


def new_key() -> str:
    """Return a random key for a new run."""
    return secrets.token_urlsafe(15)


def record(
    session: Session, channel: str, run_key: str, goal: str, version: str, step_id: str, event: str,
    *, conversation_id: int | None = None,
) -> GuideRun | None:  # fmt: skip
    """Write down what happened at a step; the first event of a key begins the run.

    Returns None, having written nothing, for a step or a goal that is not (or no longer) there, and for a key that
    belongs to another guide: what a page sends must never break it. Raises ValueError for an unknown event.
    """
    if event not in EVENTS:
        raise ValueError(f"no such event: {event}")
    guide = guides().get(goal)
    if guide is None or not 0 < len(run_key) <= 40:
        return None
    run = _by_key(session, run_key)
    if guide.find(step_id) is None and (run is None or step_id not in run.outline):
        return None
    if run is None:
        run = _begin(session, channel, run_key, guide, step_id, conversation_id)
    if run.goal != goal:
        return None
    if version == guide.version and run.version != version:
        run.version, run.outline = version, [step.id for step in guide.steps]
    _note(session, run, step_id, event)
    session.flush()
    return run


def under_way(
    session: Session, conversation_id: int | None, goal: str | None = None, *, left: bool = False
) -> GuideRun | None:
    """Return the last unfinished run of a conversation (through the guide `goal`), not older than a code lives.

    `left`: one that was stopped counts, too.
    """
    if conversation_id is None:
        return None
    wanted = select(GuideRun).where(
        GuideRun.conversation_id == conversation_id,
        GuideRun.state.in_((*UNFINISHED, "left") if left else UNFINISHED),
        GuideRun.touched_at > clock.now() - timedelta(days=runs_codes.DAYS),
    )
    if goal is not None:
        wanted = wanted.where(GuideRun.goal == goal)
    return _first(session, wanted.order_by(GuideRun.touched_at.desc(), GuideRun.id.desc()).limit(1))


def give_code(session: Session, run: GuideRun) -> str:
    """Return the run's resume code, a new one if it has none; from now on it lives sixty days."""
    run.code_expires_at = clock.now() + timedelta(days=runs_codes.DAYS)
    for _ in range(_CODE_TRIES):
        if run.code is not None:
            break
        try:
            with session.begin_nested():
                run.code = runs_codes.new()
        except IntegrityError:  # one in millions: another run has just this code
            session.refresh(run)
            run.code_expires_at = clock.now() + timedelta(days=runs_codes.DAYS)
    session.flush()
    return str(run.code)


def by_code(session: Session, code: str) -> GuideRun | None:
    """Return the run of a resume code; None for one that never was, or has expired."""
    found = select(GuideRun).where(GuideRun.code == code, GuideRun.code_expires_at > clock.now())
    return _first(session, found)


def by_key(session: Session, run_key: str, goal: str) -> GuideRun | None:
    """Return the run of a key through this guide; None for any other."""
    return _first(session, select(GuideRun).where(GuideRun.run_key == run_key, GuideRun.goal == goal))


def place(run: GuideRun) -> Place | None:
    """Return where the run goes on today; None when its guide is no longer there."""
    guide = guides().get(run.goal)
    if guide is None:
        return None
    changed = run.version != guide.version
    number = guide.find(run.step_id)
    if number is not None:
        return Place(run.goal, number, changed=changed)
    outline: list[str] = list(run.outline)
    before = outline[: outline.index(run.step_id)] if run.step_id in outline else []
    earlier = (guide.find(step_id) for step_id in reversed(before))
    return Place(run.goal, next((number for number in earlier if number), 1), changed=True, moved=True)


def _note(session: Session, run: GuideRun, step_id: str, event: str) -> None:
    now = clock.now()
    last_step = bool(run.outline) and run.outline[-1] == step_id
    showing = _first(
        session,
        select(GuideRunStep)
        .where(GuideRunStep.run_id == run.id, GuideRunStep.left_at.is_(None))
        .order_by(GuideRunStep.id.desc())
        .limit(1),
    )
    if showing is not None and showing.step_id != step_id:
        showing.left_at, showing = now, None  # jumped from there
    if event in OUTCOMES and showing is None:
        showing = GuideRunStep(run_id=run.id, step_id=step_id, outcome="shown", shown_at=now)
        session.add(showing)
    if event in ("done", "stuck", "back") and showing is not None:
        showing.outcome = event
    if event not in ("shown", "stuck") and showing is not None:
        showing.left_at = now
    state = {"stuck": "stuck", "paused": "paused", "left": "left"}.get(event, "open")
    if event == "done" and last_step:
        state = "done"
    if state != run.state and state in ("done", "left", "paused"):
        _RUNS.labels(run.goal, run.channel, state).inc()
    run.state, run.step_id, run.touched_at = state, step_id, now
    run.ended_at = now if state in ("done", "left") else None
    _STEPS.labels(run.goal, run.channel, event).inc()


def _begin(
    session: Session, channel: str, run_key: str, guide: Guide, step_id: str, conversation_id: int | None
) -> GuideRun:
    """Insert the run unless another process just did; either way it is locked for this transaction."""
    now = clock.now()
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    row = {
        "run_key": run_key, "goal": guide.goal, "version": guide.version, "outline": [step.id for step in guide.steps],
        "channel": channel, "conversation_id": conversation_id, "state": "open", "step_id": step_id,
        "started_at": now, "touched_at": now,
    }  # fmt: skip
    added = session.execute(insert(GuideRun).values(**row).on_conflict_do_nothing(index_elements=["run_key"]))
    if added.rowcount:
        _RUNS.labels(guide.goal, channel, "started").inc()
    run = _by_key(session, run_key)
    assert run is not None, "it was there, or was just inserted"
    return run


def _by_key(session: Session, run_key: str) -> GuideRun | None:
    return _first(session, select(GuideRun).where(GuideRun.run_key == run_key).with_for_update())


def _first(session: Session, statement: Any) -> Any:
    return session.execute(statement).scalars().first()


def follow(session: Session, before: int, after: int) -> None:
    """Let the guides of a conversation go on in another: its channel was linked to that one."""
    session.execute(
        update(GuideRun)
        .where(GuideRun.conversation_id == before)
        .values(conversation_id=after)
        .execution_options(synchronize_session=False)
    )
