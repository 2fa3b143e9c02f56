"""Tables of the turn: conversations, the inbox they are read from, the outbox they are answered through."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from bot.db.base import Base, Json, UtcDateTime, one_of

MODES = ("bot", "staff", "closed")
INBOX_STATES = ("waiting", "done", "failed")
# "fetched": the client asks for it (REST, web), there is nothing to deliver.
OUTBOX_STATES = ("pending", "sent", "failed", "fetched")


class Conversation(Base):
    """A person on a channel. Its row is what a turn locks."""

    __tablename__ = "conversations"

    id = Column(Integer, primary_key=True)
    channel = Column(String(20), nullable=False)
    sender = Column(String(160), nullable=False)
    mode = Column(String(10), nullable=False, default="bot")
    # Numbers the messages of both sides, and so the buttons: "btn:<seq>.<index>".
    last_seq = Column(Integer, nullable=False, default=0)
    last_message_at = Column(UtcDateTime)
    created_at = Column(UtcDateTime, nullable=False)

    __table_args__ = (UniqueConstraint("channel", "sender"), one_of("mode", MODES, "mode"))


class TrackerState(Base):
    """The dialogue of the current session as Rasa events, capped; `paused` is a task cut off by silence."""

    __tablename__ = "trackers"

    conversation_id = Column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    events = Column(Text, nullable=False)
    version = Column(Integer, nullable=False)
    session_started_at = Column(UtcDateTime, nullable=False)
    paused = Column(Json)


class InboxMessage(Base):
    """What a citizen sent, stored before it is answered."""

    __tablename__ = "inbox"

    id = Column(Integer, primary_key=True)
    conversation_id = Column(ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False)
    message_id = Column(String(160), nullable=False)
    text = Column(Text, nullable=False)
    # What the guard found in the raw text before it was masked ("otp", "identity_number", …).
    guard = Column(String(20))
    received_at = Column(UtcDateTime, nullable=False)
    state = Column(String(10), nullable=False, default="waiting")
    attempts = Column(Integer, nullable=False, default=0)
    seq = Column(Integer)
    done_at = Column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("conversation_id", "message_id"),
        one_of("state", INBOX_STATES, "state"),
        Index("ix_inbox_state", "state", "conversation_id", "id"),
    )


class OutboxMessage(Base):
    """What the assistant answered; a sender delivers it in order and gives it a final state."""

    __tablename__ = "outbox"

    id = Column(Integer, primary_key=True)
    conversation_id = Column(ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False)
    inbox_id = Column(ForeignKey("inbox.id", ondelete="CASCADE"), index=True)
    seq = Column(Integer, nullable=False)
    text = Column(Text, nullable=False)
    custom = Column(Json, nullable=False)
    buttons = Column(Json, nullable=False, default=list)
    state = Column(String(10), nullable=False, default="pending")
    attempts = Column(Integer, nullable=False, default=0)
    created_at = Column(UtcDateTime, nullable=False)
    sent_at = Column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        one_of("state", OUTBOX_STATES, "state"),
        Index("ix_outbox_state", "state", "id"),
    )
