"""Tables of the runs through the guides: which guide, how far, how long. Nothing about the person."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String

from bot.db.base import Base, Json, UtcDateTime, one_of

STATES = ("open", "paused", "done", "left", "stuck")
OUTCOMES = ("shown", "done", "stuck", "back")


class GuideRun(Base):
    """Somebody goes through a guide, in a chat or at the counter."""

    __tablename__ = "guide_runs"

    id = Column(Integer, primary_key=True)
    run_key = Column(String(40), nullable=False, unique=True)  # random; says nothing
    goal = Column(String(60), nullable=False)
    version = Column(String(64), nullable=False)  # fingerprint of the guide as it was
    outline = Column(Json, nullable=False)  # ids of its steps: finds the nearest earlier one after a change
    channel = Column(String(20), nullable=False)  # where it began
    conversation_id = Column(ForeignKey("conversations.id", ondelete="SET NULL"))  # where it goes on
    state = Column(String(8), nullable=False)
    step_id = Column(String(60), nullable=False)
    code = Column(String(9), unique=True)  # "HD-7K3M9Q": goes on anywhere
    code_expires_at = Column(UtcDateTime)
    started_at = Column(UtcDateTime, nullable=False)
    touched_at = Column(UtcDateTime, nullable=False)
    ended_at = Column(UtcDateTime)

    __table_args__ = (
        one_of("state", STATES, "state"),
        Index("ix_guide_runs_conversation", "conversation_id", "state"),
        Index("ix_guide_runs_goal_started", "goal", "started_at"),
    )


class GuideRunStep(Base):
    """One showing of a step: going back shows it once more."""

    __tablename__ = "guide_run_steps"

    id = Column(Integer, primary_key=True)
    run_id = Column(ForeignKey("guide_runs.id", ondelete="CASCADE"), nullable=False)
    step_id = Column(String(60), nullable=False)
    outcome = Column(String(8), nullable=False)
    shown_at = Column(UtcDateTime, nullable=False)
    left_at = Column(UtcDateTime)

    __table_args__ = (one_of("outcome", OUTCOMES, "outcome"), Index("ix_guide_run_steps_run", "run_id", "id"))
