"""Tables of notices: who follows which dossier, and what each of them is told, once."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, UniqueConstraint

from bot.db.base import Base, UtcDateTime, one_of
from bot.db.sealed import Sealed
from bot.dossiers.models import FIRST_STATUS, LAST_STATUS

KINDS = ("change", "supplement_due", "result_waiting")
# "superseded": a newer change came before it could be told; "ended": nobody follows any more, or nobody is there.
STATES = ("waiting", "told", "superseded", "ended")


class DossierSubscription(Base):
    """An asker ("channel:sender") who wants to be told when this dossier changes; kept after it ends, as its proof."""

    __tablename__ = "dossier_subscriptions"

    id = Column(Integer, primary_key=True)
    asker = Column(String(160), nullable=False)
    code = Column(String(40), nullable=False)
    mark = Column(Sealed("mark"))  # as in a proof: who follows is told no more once the dossier changes hands
    since = Column(UtcDateTime, nullable=False)
    ended_at = Column(UtcDateTime)

    __table_args__ = (UniqueConstraint("asker", "code"), Index("ix_dossier_subscriptions_code", "code"))


class DossierNotice(Base):
    """One thing to tell one follower: unique by what it is about, so that nothing is told twice."""

    __tablename__ = "dossier_notices"

    id = Column(Integer, primary_key=True)
    subscription_id = Column(ForeignKey("dossier_subscriptions.id", ondelete="CASCADE"), nullable=False)
    kind = Column(String(16), nullable=False)
    about = Column(String(120), nullable=False)  # the event's id, or the day a reminder is for
    status = Column(Integer, nullable=False)
    at = Column(UtcDateTime, nullable=False)  # when it happened
    urgent = Column(Integer, nullable=False, default=0)
    state = Column(String(12), nullable=False, default="waiting")
    created_at = Column(UtcDateTime, nullable=False)
    settled_at = Column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("subscription_id", "kind", "about"),
        one_of("kind", KINDS, "kind"),
        one_of("state", STATES, "state"),
        CheckConstraint(f"status BETWEEN {FIRST_STATUS} AND {LAST_STATUS}", name="status"),
        CheckConstraint("urgent IN (0, 1)", name="urgent"),
        Index("ix_dossier_notices_state", "state", "id"),
    )
