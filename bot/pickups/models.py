"""Tables of home pickup: the places a postman has per half-day, bookings and their life, tariffs."""

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
    text,
)
from sqlalchemy.orm import relationship

from bot.db.base import Base, Json, UtcDateTime, one_of
from bot.db.sealed import Sealed

WINDOWS = ("morning", "afternoon")
SERVICES = ("deliver", "collect", "both")
PAYMENTS = ("on_receipt", "before")
STATES = (
    "requested",
    "confirmed",
    "assigned",
    "picked_up",
    "out_for_delivery",
    "delivered",
    "failed_1",
    "failed_2",
    "returned",
    "cancelled",
    "rejected",
)
ENDED = ("delivered", "returned", "cancelled", "rejected")
# Where the postman goes: inside the province, to a place that is hard to reach (Phú Quý), or beyond the province.
ZONES = ("province", "special", "outside")
SOURCES = ("citizen", "post", "staff", "system")
NOTICE_KINDS = ("move", "eve")  # a booking has moved on; the postman comes tomorrow
NOTICE_STATES = ("waiting", "told", "superseded", "ended")
_DELIVERY_UNDER_WAY = f"service <> 'collect' AND state NOT IN {ENDED}"


class PickupSlot(Base):
    """A half-day of an office: `taken` can never pass `capacity`, whatever the code does."""

    __tablename__ = "pickup_slots"

    id = Column(Integer, primary_key=True)
    office_code = Column(ForeignKey("offices.code", ondelete="CASCADE"), nullable=False)
    date = Column(Date, nullable=False)
    window = Column(String(10), nullable=False)
    capacity = Column(Integer, nullable=False)
    taken = Column(Integer, nullable=False, default=0)

    __table_args__ = (
        UniqueConstraint("office_code", "date", "window"),
        one_of("window", WINDOWS, "window"),
        CheckConstraint("capacity >= 0", name="capacity"),
        CheckConstraint("taken >= 0 AND taken <= capacity", name="taken"),
        Index("ix_pickup_slots_date", "date"),
    )


class Pickup(Base):
    """A booking of the postman: deliver a result, collect papers, or both."""

    __tablename__ = "pickups"

    id = Column(Integer, primary_key=True)
    booking = Column(String(10), unique=True)  # a year after its end it is free for another one: there are a million
    conversation_id = Column(ForeignKey("conversations.id", ondelete="SET NULL"), index=True)
    service = Column(String(10), nullable=False)
    state = Column(String(20), nullable=False)
    zone = Column(String(10), nullable=False, default="province")
    slot_id = Column(ForeignKey("pickup_slots.id"), index=True)  # a letter beyond the province takes no postman of ours
    dossier_code = Column(String(40), index=True)
    procedure_code = Column(String(40))
    recipient_name = Column(Text, nullable=False)
    phone = Column(Sealed("phone"), nullable=False)
    unit_code = Column(ForeignKey("units.code"))
    destination = Column(String(120))  # the other province, as its citizen wrote it
    address = Column(Text, nullable=False)
    proxy_name = Column(Text)
    payment = Column(String(12), nullable=False)
    papers = Column(Json, nullable=False, default=list)
    fee = Column(Integer)
    next_visit_on = Column(Date)  # after a visit in vain: the day of the next one, or of the return to the agency
    post_order = Column(String(60), unique=True)  # the order's number in the system of the post
    tracking = Column(String(40), index=True)  # the number on the parcel, S10 or another form of the post
    consent_id = Column(ForeignKey("consents.id", ondelete="SET NULL"))
    created_at = Column(UtcDateTime, nullable=False)
    updated_at = Column(UtcDateTime, nullable=False)

    slot = relationship("PickupSlot")
    events = relationship("PickupEvent", cascade="all, delete-orphan", passive_deletes=True)

    __table_args__ = (
        one_of("service", SERVICES, "service"),
        one_of("state", STATES, "state"),
        one_of("payment", PAYMENTS, "payment"),
        one_of("zone", ZONES, "zone"),
        CheckConstraint("zone = 'outside' OR (slot_id IS NOT NULL AND unit_code IS NOT NULL)", name="place"),
        CheckConstraint("zone <> 'outside' OR destination IS NOT NULL", name="destination"),
        Index("ix_pickups_state", "state", "id"),
        CheckConstraint("fee IS NULL OR fee >= 0", name="fee"),
        # Who has papers collected and wants their result brought home ("both") has no dossier yet.
        CheckConstraint("service <> 'deliver' OR dossier_code IS NOT NULL", name="dossier_for_delivery"),
        CheckConstraint("service = 'deliver' OR procedure_code IS NOT NULL", name="procedure_for_collection"),
        # A result can be brought only once: at most one delivery of a dossier is under way.
        Index(
            "uq_pickups_delivery_under_way",
            "dossier_code",
            unique=True,
            sqlite_where=text(_DELIVERY_UNDER_WAY),
            postgresql_where=text(_DELIVERY_UNDER_WAY),
        ),
    )


class PickupEvent(Base):
    """A move of a booking from one state to the next."""

    __tablename__ = "pickup_events"

    id = Column(Integer, primary_key=True)
    pickup_id = Column(ForeignKey("pickups.id", ondelete="CASCADE"), nullable=False, index=True)
    state = Column(String(20), nullable=False)
    at = Column(UtcDateTime, nullable=False)
    note = Column(Text)
    source = Column(String(10), nullable=False, default="citizen")
    event_id = Column(String(80))  # the reporter's own, so that a repetition changes nothing

    __table_args__ = (
        one_of("state", STATES, "state"),
        one_of("source", SOURCES, "source"),
        UniqueConstraint("pickup_id", "event_id"),
    )


class PickupNotice(Base):
    """One thing to tell the citizen of a booking: unique by what it is about, so that nothing is told twice."""

    __tablename__ = "pickup_notices"

    id = Column(Integer, primary_key=True)
    pickup_id = Column(ForeignKey("pickups.id", ondelete="CASCADE"), nullable=False)
    kind = Column(String(8), nullable=False)
    about = Column(String(40), nullable=False)  # the event's id, or the day of the visit
    pickup_state = Column(String(20), nullable=False)  # as it was then
    state = Column(String(12), nullable=False, default="waiting")
    created_at = Column(UtcDateTime, nullable=False)
    settled_at = Column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("pickup_id", "kind", "about"),
        one_of("kind", NOTICE_KINDS, "kind"),
        one_of("pickup_state", STATES, "pickup_state"),
        one_of("state", NOTICE_STATES, "state"),
        Index("ix_pickup_notices_state", "state", "id"),
    )


class Tariff(Base):
    """A dated price of the public postal service; the table is empty until the post publishes one."""

    __tablename__ = "tariffs"

    id = Column(Integer, primary_key=True)
    zone = Column(String(40), nullable=False)
    weight_to_g = Column(Integer, nullable=False)
    direction = Column(String(10), nullable=False)
    return_slip = Column(Integer, nullable=False, default=0)
    fee = Column(Integer, nullable=False)
    valid_from = Column(Date, nullable=False)
    source = Column(Text, nullable=False)

    __table_args__ = (
        UniqueConstraint("zone", "weight_to_g", "direction", "return_slip", "valid_from"),
        CheckConstraint("fee >= 0", name="fee"),
        CheckConstraint("weight_to_g > 0", name="weight"),
    )
