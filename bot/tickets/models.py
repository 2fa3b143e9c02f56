"""Tables of tickets (work for a person) and of the staff who take them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Text

from bot.db.base import Base, UtcDateTime, one_of

TOPICS = (
    "talk_to_human",
    "not_understood",
    "dossier",
    "dossier_withdraw",
    "dossier_late",
    "dossier_missing",
    "dossier_data",
    "pickup",
    "account",
    "payment",
    "delivery_problem",
    "feedback",
    "data_request",
    "scam",
    "emergency",
    "system",
)
STATES = ("open", "taken", "closed")
ROLES = ("agent", "supervisor", "content_editor", "admin")


class Staff(Base):
    """A member of the hotline or the one-stop counters."""

    __tablename__ = "staff"

    id = Column(Integer, primary_key=True)
    username = Column(String(80), nullable=False, unique=True)
    display_name = Column(Text, nullable=False)
    role = Column(String(16), nullable=False)
    password_hash = Column(Text)
    active = Column(Integer, nullable=False, default=1)
    created_at = Column(UtcDateTime, nullable=False)

    __table_args__ = (one_of("role", ROLES, "role"), CheckConstraint("active IN (0, 1)", name="active"))


class Ticket(Base):
    """Something a person has to look at; one open ticket per conversation and topic."""

    __tablename__ = "tickets"

    id = Column(Integer, primary_key=True)
    number = Column(String(12), nullable=False, unique=True)
    conversation_id = Column(ForeignKey("conversations.id", ondelete="SET NULL"))
    topic = Column(String(20), nullable=False)
    state = Column(String(10), nullable=False)
    subject = Column(String(40))  # the dossier or booking it is about
    summary = Column(Text)
    taken_by = Column(ForeignKey("staff.id"))
    due_at = Column(UtcDateTime)
    created_at = Column(UtcDateTime, nullable=False)
    closed_at = Column(UtcDateTime)

    __table_args__ = (
        one_of("topic", TOPICS, "topic"),
        one_of("state", STATES, "state"),
        Index("ix_tickets_state_created", "state", "created_at"),
        Index("ix_tickets_conversation", "conversation_id", "topic", "state"),
    )
