"""The table of one-time codes that join a channel to a conversation."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String

from bot.db.base import Base, UtcDateTime


class LinkCode(Base):
    """A one-time code that joins another channel to a conversation; only its hash is kept."""

    __tablename__ = "link_codes"

    code_hash = Column(String(64), primary_key=True)
    conversation_id = Column(ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True)
    expires_at = Column(UtcDateTime, nullable=False)
    used_at = Column(UtcDateTime)
