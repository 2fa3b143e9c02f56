"""Tables of the catalogue: procedures, what people call them, and dated facts about them."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import relationship

from bot.db.base import Base, Json, UtcDateTime, one_of

ASPECTS = (
    "overview",
    "documents",
    "fee",
    "duration",
    "place",
    "steps",
    "online",
    "forms",
    "legal_basis",
    "result",
    "eligibility",
    "proxy",
)
FACT_STATUSES = ("verified", "partial", "unverified")
YES_NO_ASK = ("yes", "no", "ask")


class Procedure(Base):
    """A public-service procedure; its code is a key that may change with time."""

    __tablename__ = "procedures"

    id = Column(Integer, primary_key=True)
    code = Column(String(40), nullable=False, unique=True)
    name = Column(Text, nullable=False)
    field = Column(Text)
    ministry = Column(Text)
    levels = Column(Json, nullable=False, default=list)
    agency = Column(Text)
    decision = Column(Text)
    url = Column(Text)
    source_title = Column(Text)
    as_of = Column(String(10))
    online_level = Column(String(20))
    popularity = Column(Integer, nullable=False, default=0)
    bcci_collect = Column(String(3), nullable=False, default="ask")
    bcci_return = Column(String(3), nullable=False, default="ask")
    proxy = Column(String(3), nullable=False, default="ask")
    legal_basis = Column(Json, nullable=False, default=list)
    # Only of described procedures: who must come in person, what is better done at once (codes), why papers come
    # back, and the one question whose answer changes what holds: {"question", "options": [{"id", "title", …}]}.
    in_person = Column(Text)
    joined = Column(Json, nullable=False, default=list)
    mistakes = Column(Json, nullable=False, default=list)
    cases = Column(Json)
    # Where the row came from ("content" beats "import" beats "catalogue") and what it looked like there:
    # an unchanged fingerprint means nothing has to be written again.
    origin = Column(String(12), nullable=False)
    fingerprint = Column(String(64), nullable=False)
    valid_from = Column(Date)
    valid_to = Column(Date)
    updated_at = Column(UtcDateTime, nullable=False)

    aliases = relationship("ProcedureAlias", cascade="all, delete-orphan", passive_deletes=True)
    facts = relationship(
        "ProcedureFact", cascade="all, delete-orphan", passive_deletes=True, order_by="ProcedureFact.id"
    )

    __table_args__ = (
        one_of("origin", ("content", "import", "catalogue"), "origin"),
        one_of("bcci_collect", YES_NO_ASK, "bcci_collect"),
        one_of("bcci_return", YES_NO_ASK, "bcci_return"),
        one_of("proxy", YES_NO_ASK, "proxy"),
        CheckConstraint("popularity BETWEEN 0 AND 100", name="popularity"),
    )


class ProcedureAlias(Base):
    """An everyday name of a procedure ("giấy hôn thú")."""

    __tablename__ = "procedure_aliases"

    id = Column(Integer, primary_key=True)
    procedure_id = Column(ForeignKey("procedures.id", ondelete="CASCADE"), nullable=False, index=True)
    alias = Column(Text, nullable=False)

    __table_args__ = (UniqueConstraint("procedure_id", "alias"),)


class ProcedureFact(Base):
    """One aspect of a procedure, as it holds between two dates, for everybody or for one of its cases.

    `body` is {"text": first sentence, "items": [list lines]}.
    """

    __tablename__ = "procedure_facts"

    id = Column(Integer, primary_key=True)
    procedure_id = Column(ForeignKey("procedures.id", ondelete="CASCADE"), nullable=False)
    aspect = Column(String(12), nullable=False)
    case_id = Column(String(20))
    body = Column(Json, nullable=False)
    status = Column(String(10), nullable=False, default="partial")
    valid_from = Column(Date)
    valid_to = Column(Date)
    legal_basis = Column(Json, nullable=False, default=list)
    source = Column(Text)
    as_of = Column(String(10))
    checked_by = Column(Text)
    checked_at = Column(Date)
    review_by = Column(Date)

    __table_args__ = (
        one_of("aspect", ASPECTS, "aspect"),
        one_of("status", FACT_STATUSES, "status"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="dates"),
        Index("ix_procedure_facts_lookup", "procedure_id", "aspect"),
    )
