"""Tables of the turn: conversations, the inbox they are read from, the outbox they are answered through."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text

from bot.conversation.incoming import KINDS
from bot.db.base import Base, Json, UtcDateTime, one_of

MODES = ("bot", "staff", "closed")
# "fetching": a photo or a voice message whose content is still on the platform; what came after it waits too.
INBOX_STATES = ("fetching", "waiting", "done", "failed")
# "fetched": the client asks for it (REST, web), there is nothing to deliver. "held": no way is open to the person now;
# it goes out ahead of the answer to their next message. Final: sent, fetched, expired (four hours of trying),
# unreachable (they blocked us, or no window is open), refused (the platform will never take it).
OUTBOX_STATES = ("pending", "sending", "held", "sent", "fetched", "expired", "unreachable", "refused")
DEAD = ("expired", "unreachable", "refused")


class Conversation(Base):
    """A person we talk with, on one channel or on several linked ones. Its row is what a turn locks.

    `channel` and `sender` say where it began: proofs and subscriptions are bound to that name for good.
    """

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


class Address(Base):
    """Where a person can be reached: one account on one channel. Linking gives several to one conversation."""

    __tablename__ = "addresses"

    id = Column(Integer, primary_key=True)
    channel = Column(String(20), nullable=False)
    sender = Column(String(160), nullable=False)
    conversation_id = Column(ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True)
    name = Column(String(120))  # as the platform calls the person; for the staff, never a proof
    blocked_at = Column(UtcDateTime)
    created_at = Column(UtcDateTime, nullable=False)

    __table_args__ = (UniqueConstraint("channel", "sender"),)


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
    address_id = Column(ForeignKey("addresses.id", ondelete="CASCADE"), nullable=False)
    message_id = Column(String(160), nullable=False)
    kind = Column(String(10), nullable=False, default="text")
    text = Column(Text, nullable=False)
    media = Column(Json)  # where its content can be fetched, until it has been
    # What the guard found in the raw text before it was masked ("otp", "identity_number", …).
    guard = Column(String(20))
    received_at = Column(UtcDateTime, nullable=False)
    # By the platform's clock; ties in the order that the platform counts. Webhooks come out of order.
    sent_at = Column(UtcDateTime, nullable=False)
    platform_order = Column(BigInteger, nullable=False, default=0)
    ready_at = Column(UtcDateTime, nullable=False)  # an earlier one may still be on its way until then
    state = Column(String(10), nullable=False, default="waiting")
    attempts = Column(Integer, nullable=False, default=0)
    seq = Column(Integer)
    done_at = Column(UtcDateTime)
    # What the engine made of it, for the staff who ask why, and for figures: see `understanding.py`.
    understood = Column(Json)
    topic = Column(String(12))
    outcome = Column(String(14))

    __table_args__ = (
        UniqueConstraint("address_id", "message_id"),
        one_of("kind", KINDS, "kind"),
        one_of("state", INBOX_STATES, "state"),
        Index("ix_inbox_state", "state", "conversation_id", "id"),
        # What was said in one conversation, without reading what everybody ever said.
        Index("ix_inbox_conversation_id_seq", "conversation_id", "seq"),
        # The figures of a month, from the index alone.
        Index("ix_inbox_received_at", "received_at", "address_id", "conversation_id", "topic", "outcome"),
    )


_OPEN = text("state IN ('pending', 'sending')")


class OutboxMessage(Base):
    """What the assistant answered; a sender delivers it in order and gives it a final state."""

    __tablename__ = "outbox"

    id = Column(Integer, primary_key=True)
    conversation_id = Column(ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False)
    inbox_id = Column(ForeignKey("inbox.id", ondelete="CASCADE"), index=True)
    address_id = Column(ForeignKey("addresses.id", ondelete="CASCADE"))
    channel = Column(String(20), nullable=False)  # the way it goes; "zbs" speaks to an address of Zalo
    seq = Column(Integer, nullable=False)
    text = Column(Text, nullable=False)
    custom = Column(Json, nullable=False)
    buttons = Column(Json, nullable=False, default=list)
    state = Column(String(12), nullable=False, default="pending")
    attempts = Column(Integer, nullable=False, default=0)
    parts_done = Column(Integer, nullable=False, default=0)  # a long message is several; what arrived is not sent again
    reason = Column(String(60))  # of the last failure
    tried = Column(Json)  # the ways that a notice could not go: [[channel, address], …]
    platform_id = Column(String(80))  # the platform's id of the last part
    created_at = Column(UtcDateTime, nullable=False)
    due_at = Column(UtcDateTime)  # not before; None: at once
    claimed_at = Column(UtcDateTime)
    sent_at = Column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        one_of("state", OUTBOX_STATES, "state"),
        Index("ix_outbox_state", "state", "channel", "id"),
        Index("ix_outbox_platform_id", "platform_id"),
        # Which of a person's messages goes first, without reading all that ever went.
        Index("ix_outbox_open", "address_id", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )


DRAFT_STATES = ("waiting", "sent", "changed", "dropped")


class Draft(Base):
    """An answer of the assistant that a person looks at before it is sent; dropped when the citizen writes again."""

    __tablename__ = "drafts"

    id = Column(Integer, primary_key=True)
    conversation_id = Column(ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True)
    inbox_id = Column(ForeignKey("inbox.id", ondelete="CASCADE"), nullable=False)
    address_id = Column(ForeignKey("addresses.id", ondelete="CASCADE"), nullable=False)
    topic = Column(String(12), nullable=False)
    messages = Column(Json, nullable=False)  # as Rasa has them: text, custom, buttons
    state = Column(String(10), nullable=False, default="waiting")
    decided_by = Column(ForeignKey("staff.id"))
    decided_at = Column(UtcDateTime)
    created_at = Column(UtcDateTime, nullable=False)

    __table_args__ = (one_of("state", DRAFT_STATES, "state"), Index("ix_drafts_state", "state", "id"))


class PausedChannel(Base):
    """A channel on which the assistant is switched off; a row is there while it is."""

    __tablename__ = "paused_channels"

    channel = Column(String(20), primary_key=True)
    since = Column(UtcDateTime, nullable=False)
    set_by = Column(String(160), nullable=False)  # as the audit log names them
    reason = Column(Text, nullable=False)


class ApprovedTopic(Base):
    """A topic whose answers a person looks at before they are sent; a row is there while the mode is on."""

    __tablename__ = "approved_topics"

    topic = Column(String(12), primary_key=True)
    since = Column(UtcDateTime, nullable=False)
    set_by = Column(ForeignKey("staff.id"))
