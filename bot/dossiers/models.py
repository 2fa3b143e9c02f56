"""Tables of dossiers: where each stands, and what happened to it."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import relationship

from bot.db.base import Base, Json, UtcDateTime, one_of
from bot.db.sealed import Sealed

CHANNELS = ("in_person", "online", "post")
RETURN_METHODS = ("counter", "post", "electronic")
PAYMENT_STATES = ("unpaid", "pending", "paid", "waived", "refunded")
FIRST_STATUS, LAST_STATUS = 1, 10


class Dossier(Base):
    """A citizen's dossier as the one-stop system reports it."""

    __tablename__ = "dossiers"

    id = Column(Integer, primary_key=True)
    code = Column(String(40), nullable=False, unique=True)
    procedure_code = Column(String(40), index=True)
    procedure_name = Column(Text)
    owner_name = Column(Text)
    owner_phone = Column(Sealed("phone"), index=True)
    owner_id_number = Column(Sealed("identity_number"))
    slip_secret = Column(String(40))
    status = Column(Integer, nullable=False)
    # A state that the upstream system named and we do not know: shown as it is until a known one comes.
    upstream_status = Column(String(80))
    received_at = Column(UtcDateTime)
    due_at = Column(UtcDateTime)
    finished_at = Column(UtcDateTime)
    returned_at = Column(UtcDateTime)
    agency = Column(Text)
    channel = Column(String(12))
    return_method = Column(String(12))
    supplement = Column(Json, nullable=False, default=list)
    supplement_due_at = Column(UtcDateTime)
    amount_due = Column(BigInteger)  # a land tax may pass what 32 bits hold
    payment_state = Column(String(10))
    apology_reason = Column(Text)
    new_due_at = Column(UtcDateTime)
    postal_code = Column(String(40))
    # Of all that is above: sealed, for one who knows the rest could find the phone by trying.
    fingerprint = Column(Sealed("fingerprint"), nullable=False)
    updated_at = Column(UtcDateTime, nullable=False)

    events = relationship(
        "DossierEvent", cascade="all, delete-orphan", passive_deletes=True, order_by="DossierEvent.at"
    )

    __table_args__ = (
        CheckConstraint(f"status BETWEEN {FIRST_STATUS} AND {LAST_STATUS}", name="status"),
        CheckConstraint("amount_due IS NULL OR amount_due >= 0", name="amount_due"),
        one_of("channel", CHANNELS, "channel"),
        one_of("return_method", RETURN_METHODS, "return_method"),
        one_of("payment_state", PAYMENT_STATES, "payment_state"),
    )


class DossierEvent(Base):
    """A change of a dossier's status; `event_id` makes reporting it twice harmless."""

    __tablename__ = "dossier_events"

    id = Column(Integer, primary_key=True)
    dossier_id = Column(ForeignKey("dossiers.id", ondelete="CASCADE"), nullable=False)
    event_id = Column(String(80), nullable=False)
    status = Column(Integer, nullable=False)
    at = Column(UtcDateTime, nullable=False)
    note = Column(Text)

    __table_args__ = (
        UniqueConstraint("dossier_id", "event_id"),
        CheckConstraint(f"status BETWEEN {FIRST_STATUS} AND {LAST_STATUS}", name="status"),
        Index("ix_dossier_events_dossier_at", "dossier_id", "at"),
    )
