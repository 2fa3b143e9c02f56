"""Tables of the work for people: tickets, and chats that wait for a person or have one."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Text, text

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
# Topics that somebody in the conversation waits for; the others are worked on after it.
CHAT_TOPICS = ("talk_to_human", "not_understood", "system", "account", "payment", "scam", "emergency")
CHAT_STATES = ("waiting", "taken", "ended")
_STILL = text("state IN ('waiting', 'taken')")


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
    team = Column(String(40))
    due_at = Column(UtcDateTime)
    warned_at = Column(UtcDateTime)  # the supervisors were told that the time runs out
    taken_at = Column(UtcDateTime)
    resolution = Column(Text)  # what was done, in the words of who closed it
    created_at = Column(UtcDateTime, nullable=False)
    closed_at = Column(UtcDateTime)

    __table_args__ = (
        one_of("topic", TOPICS, "topic"),
        one_of("state", STATES, "state"),
        Index("ix_tickets_state_created", "state", "created_at"),
        Index("ix_tickets_conversation", "conversation_id", "topic", "state"),
    )


class Chat(Base):
    """A time in which a conversation waits for a person, or has one; at most one of them goes on."""

    __tablename__ = "chats"

    id = Column(Integer, primary_key=True)
    conversation_id = Column(ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False)
    ticket_id = Column(ForeignKey("tickets.id", ondelete="SET NULL"))
    state = Column(String(10), nullable=False)
    team = Column(String(40))
    staff_id = Column(ForeignKey("staff.id"))
    waiting_since = Column(UtcDateTime, nullable=False)
    taken_at = Column(UtcDateTime)
    replied_at = Column(UtcDateTime)  # the person's first words
    ended_at = Column(UtcDateTime)

    __table_args__ = (
        one_of("state", CHAT_STATES, "state"),
        Index("uq_chats_still", "conversation_id", unique=True, sqlite_where=_STILL, postgresql_where=_STILL),
        Index("ix_chats_state_waiting_since", "state", "waiting_since"),
        Index("ix_chats_staff_id_state", "staff_id", "state"),
    )


class Note(Base):
    """What a member of the staff wrote down for colleagues, about a conversation or a ticket; citizens never see it."""

    __tablename__ = "notes"

    id = Column(Integer, primary_key=True)
    conversation_id = Column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    ticket_id = Column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    staff_id = Column(ForeignKey("staff.id"), nullable=False)
    text = Column(Text, nullable=False)
    at = Column(UtcDateTime, nullable=False)


class CannedPhrase(Base):
    """A phrase that staff send with one key; the shortcut is typed after "/"."""

    __tablename__ = "canned_phrases"

    id = Column(Integer, primary_key=True)
    shortcut = Column(String(24), nullable=False, unique=True)
    text = Column(Text, nullable=False)
    written_by = Column(ForeignKey("staff.id"))
    written_at = Column(UtcDateTime, nullable=False)
