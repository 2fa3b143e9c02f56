"""Tables that prove care with personal data: consent given, and every look at what is not public."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Text

from bot.db.base import Base, UtcDateTime, one_of

PURPOSES = ("pickup", "notices")


class Consent(Base):
    """A consent as given: text version, purpose, time, channel (Luật 91/2025/QH15)."""

    __tablename__ = "consents"

    id = Column(Integer, primary_key=True)
    conversation_id = Column(ForeignKey("conversations.id", ondelete="SET NULL"), index=True)
    purpose = Column(String(20), nullable=False)
    text_version = Column(String(20), nullable=False)
    subject = Column(String(80), nullable=False)
    channel = Column(String(20), nullable=False)
    given_at = Column(UtcDateTime, nullable=False)
    withdrawn_at = Column(UtcDateTime)

    __table_args__ = (one_of("purpose", PURPOSES, "purpose"),)


class SealingKey(Base):
    """A key that columns were sealed with, by its name: who has none of these keys opens nothing here."""

    __tablename__ = "sealing_keys"

    id = Column(String(16), primary_key=True)
    since = Column(UtcDateTime, nullable=False)
    whole_at = Column(UtcDateTime)  # when nothing was left that is sealed with another one, or not at all


class AuditEntry(Base):
    """Who looked at or changed what, and when. Never holds the personal data itself."""

    __tablename__ = "audit"

    id = Column(Integer, primary_key=True)
    at = Column(UtcDateTime, nullable=False)
    actor = Column(String(160), nullable=False)
    action = Column(String(40), nullable=False)
    subject = Column(String(160), nullable=False)
    reason = Column(Text)

    __table_args__ = (Index("ix_audit_subject_at", "subject", "at"), Index("ix_audit_at", "at"))
