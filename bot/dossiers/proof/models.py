"""Tables of proof: who has proved what, wrong tries, phone numbers proved, one-time codes on their way."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, UniqueConstraint

from bot.db.base import Base, UtcDateTime
from bot.db.sealed import Sealed


class DossierProof(Base):
    """An asker ("channel:sender") that has proved the second factor of a dossier code, until it expires."""

    __tablename__ = "dossier_proofs"

    id = Column(Integer, primary_key=True)
    asker = Column(String(160), nullable=False)
    code = Column(String(40), nullable=False)
    mark = Column(Sealed("mark"))  # of the factors as they were: a dossier that changes hands is not proved any more
    proved_at = Column(UtcDateTime, nullable=False)
    expires_at = Column(UtcDateTime, nullable=False)

    __table_args__ = (UniqueConstraint("asker", "code"),)


class ProofFailure(Base):
    """A wrong try at a code, known or not: what the locks against guessing count."""

    __tablename__ = "dossier_proof_failures"

    id = Column(Integer, primary_key=True)
    code = Column(String(40), nullable=False)
    asker = Column(String(160), nullable=False)
    strength = Column(Integer, nullable=False, default=1, server_default="1")  # bot.dossiers.proof.factors.Strength
    at = Column(UtcDateTime, nullable=False)

    __table_args__ = (
        Index("ix_dossier_proof_failures_code_at", "code", "at"),
        Index("ix_dossier_proof_failures_asker_at", "asker", "at"),
        Index("ix_dossier_proof_failures_strength_at", "strength", "at"),
    )


class VerifiedPhone(Base):
    """A phone number that an asker has proved to hold: by a one-time code, or because the channel vouches for it."""

    __tablename__ = "verified_phones"

    id = Column(Integer, primary_key=True)
    asker = Column(String(160), nullable=False)
    phone = Column(Sealed("phone"), nullable=False)
    verified_at = Column(UtcDateTime, nullable=False)
    expires_at = Column(UtcDateTime, nullable=False)

    __table_args__ = (UniqueConstraint("asker", "phone"),)


class OneTimeCode(Base):
    """A code for the phone on file. Asked for an unknown dossier it is stored alike, with no phone to send it to.

    `digits` are wiped once they are sent; `hash` is what a try is compared with.
    """

    __tablename__ = "one_time_codes"

    id = Column(Integer, primary_key=True)
    asker = Column(String(160), nullable=False)
    code = Column(String(40), nullable=False)
    phone = Column(Sealed("phone"))
    digits = Column(String(8))
    hash = Column(String(64), nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
    expires_at = Column(UtcDateTime, nullable=False)
    sent_at = Column(UtcDateTime)
    used_at = Column(UtcDateTime)
    attempts = Column(Integer, nullable=False, default=0)  # of the sender

    __table_args__ = (
        Index("ix_one_time_codes_asker_code", "asker", "code"),
        Index("ix_one_time_codes_code_created", "code", "created_at"),
        Index("ix_one_time_codes_sent", "sent_at", "expires_at"),
    )
