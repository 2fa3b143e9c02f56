"""The table of practice: who played which citizen, what was answered, how it was judged."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String

from bot.db.base import Base, Json, UtcDateTime
from bot.staff.models import Staff  # noqa: F401  (our table refers to it)


class PracticeRun(Base):
    """One played citizen with one trainee; `answers` holds, in order, what the trainee said and chose."""

    __tablename__ = "practice_runs"

    id = Column(Integer, primary_key=True)
    staff_id = Column(ForeignKey("staff.id", ondelete="CASCADE"), nullable=False)
    scenario = Column(String(60), nullable=False)
    answers = Column(Json, nullable=False)
    right = Column(Integer, nullable=False, default=0)
    asked = Column(Integer, nullable=False, default=0)
    began_at = Column(UtcDateTime, nullable=False)
    ended_at = Column(UtcDateTime)

    __table_args__ = (Index("ix_practice_runs_staff_id_began_at", "staff_id", "began_at"),)
