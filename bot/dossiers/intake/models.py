"""The table of what came in and could not be taken as it was: kept for a person to look at."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Text

from bot.db.base import Base, UtcDateTime, one_of
from bot.db.sealed import SealedJson

REASONS = ("bad_row", "unknown_status", "future_event", "went_backwards", "event_differs", "unknown_dossier")


class DossierReview(Base):
    """A row or event as it was sent, why it needs a look, and who has looked. Holds personal data."""

    __tablename__ = "dossier_reviews"

    id = Column(Integer, primary_key=True)
    code = Column(String(40))
    source = Column(String(160), nullable=False)  # "file dossiers.csv", "token one-stop"
    line = Column(Integer)
    reason = Column(String(20), nullable=False)
    detail = Column(Text, nullable=False)
    payload = Column(SealedJson, nullable=False)
    fingerprint = Column(String(64), nullable=False)  # the same thing sent again is the same entry
    created_at = Column(UtcDateTime, nullable=False)
    settled_at = Column(UtcDateTime)

    __table_args__ = (
        one_of("reason", REASONS, "reason"),
        Index("uq_dossier_reviews_fingerprint", "fingerprint", unique=True),
        Index("ix_dossier_reviews_settled", "settled_at", "id"),
    )
