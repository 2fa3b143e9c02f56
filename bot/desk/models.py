"""The table of phone calls: each is a conversation on the channel "phone" that a member of the staff types."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Text

from bot.db.base import Base, UtcDateTime


class Call(Base):
    """A phone call, or a talk at the counter, that somebody of the staff has with a citizen."""

    __tablename__ = "calls"

    id = Column(Integer, primary_key=True)
    conversation_id = Column(ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, unique=True)
    staff_id = Column(ForeignKey("staff.id"), nullable=False)
    ticket_id = Column(ForeignKey("tickets.id", ondelete="SET NULL"))
    note = Column(Text)
    began_at = Column(UtcDateTime, nullable=False)
    ended_at = Column(UtcDateTime)

    __table_args__ = (Index("ix_calls_staff_id_began_at", "staff_id", "began_at"),)
