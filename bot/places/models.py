"""Tables of places: the 124 communes, their former names, and the offices that serve people."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import relationship

from bot.db.base import Base, one_of

UNIT_KINDS = ("xã", "phường", "đặc khu")
OFFICE_KINDS = ("any", "centre", "post")


class Unit(Base):
    """A commune-level unit since 2025-07-01 (NQ 1671/NQ-UBTVQH15)."""

    __tablename__ = "units"

    code = Column(String(10), primary_key=True)
    name = Column(Text, nullable=False)
    kind = Column(String(10), nullable=False)
    lat = Column(Float)
    lon = Column(Float)
    # Island and far communes have their own delivery times (domain: "theo công bố").
    remote = Column(Integer, nullable=False, default=0)

    former = relationship("FormerUnit", cascade="all, delete-orphan", passive_deletes=True)

    __table_args__ = (one_of("kind", UNIT_KINDS, "kind"), CheckConstraint("remote IN (0, 1)", name="remote"))


class FormerUnit(Base):
    """A unit as it was before the merger, and the one it went into; a split one has several rows."""

    __tablename__ = "former_units"

    id = Column(Integer, primary_key=True)
    name = Column(Text, nullable=False)
    kind = Column(String(10), nullable=False)
    district = Column(Text, nullable=False)
    unit_code = Column(ForeignKey("units.code", ondelete="CASCADE"), nullable=False, index=True)

    __table_args__ = (UniqueConstraint("name", "kind", "district", "unit_code"),)


class Office(Base):
    """A one-stop centre or post office that people can visit or that sends the postman."""

    __tablename__ = "offices"

    code = Column(String(40), primary_key=True)
    name = Column(Text, nullable=False)
    # Where people go (centre), where the postman comes from (post), or both: files need not say.
    kind = Column(String(10), nullable=False, default="any")
    unit_code = Column(ForeignKey("units.code"), index=True)
    address = Column(Text)
    phone = Column(Text)
    hours = Column(Text)
    lat = Column(Float)
    lon = Column(Float)
    verified_at = Column(Date)

    __table_args__ = (one_of("kind", OFFICE_KINDS, "kind"),)
