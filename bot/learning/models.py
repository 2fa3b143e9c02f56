"""The table of messages that somebody should look at, and of what was decided about them."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Text

from bot.conversation.models import InboxMessage  # noqa: F401  (our table refers to it, and to the next)
from bot.db.base import Base, UtcDateTime, one_of
from bot.staff.models import Staff  # noqa: F401

WHYS = ("not_understood", "unsure", "handed_off", "corrected", "reported")
STATES = ("open", "accepted", "rejected", "trained")
LABELS = ("intent", "alias", "answer")


class ReviewItem(Base):
    """A citizen's message, masked, that waits for a label; `shape` puts those together that say the same."""

    __tablename__ = "review_items"

    id = Column(Integer, primary_key=True)
    inbox_id = Column(ForeignKey("inbox.id", ondelete="SET NULL"), unique=True)
    text = Column(Text, nullable=False)
    shape = Column(String(160), nullable=False)
    why = Column(String(16), nullable=False)
    intent = Column(String(40))  # as it was understood
    confidence = Column(Float)
    state = Column(String(10), nullable=False, default="open")
    label = Column(String(8))
    value = Column(Text)  # the intent, the procedure's code, or the new answer
    asked_at = Column(UtcDateTime, nullable=False)
    decided_by = Column(ForeignKey("staff.id"))
    decided_at = Column(UtcDateTime)

    __table_args__ = (
        one_of("why", WHYS, "why"),
        one_of("state", STATES, "state"),
        one_of("label", LABELS, "label"),
        Index("ix_review_items_state_shape", "state", "shape"),
    )
