"""A dossier has changed: every follower gets one notice of each change (NĐ 224/2026 Art. 15: every change, at once)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from bot import clock
from bot.db.base import UtcDateTime
from bot.dossiers.models import Dossier
from bot.dossiers.notices.models import DossierSubscription
from bot.dossiers.statuses import Clock, Status, info

# So near a deadline that waiting for the morning could cost the citizen the case.
URGENT_WITHIN = timedelta(hours=24)

_ADD = text(
    """
    INSERT INTO dossier_notices (subscription_id, kind, about, status, at, urgent, state, created_at)
    VALUES (:subscription_id, :kind, :about, :status, :at, :urgent, 'waiting', :now)
    ON CONFLICT (subscription_id, kind, about) DO NOTHING
    """
).bindparams(bindparam("at", type_=UtcDateTime()), bindparam("now", type_=UtcDateTime()))


def announce(session: Session, *, code: str, status: int, about: str, at: datetime) -> None:
    """Write one notice for each follower of `code`; `about` is the event's id, so a repetition adds nothing.

    `at` is when the state changed. The notices are told by `bot.conversation.notices`.
    """
    followers = list(
        session.execute(
            select(DossierSubscription.id).where(
                DossierSubscription.code == code, DossierSubscription.ended_at.is_(None)
            )
        ).scalars()
    )
    if not followers:
        return
    urgent = status == Status.SUPPLEMENT and _deadline_is_near(session, code)
    for follower in followers:
        add(session, follower, kind="change", about=about, status=status, at=at, urgent=urgent)


def is_news(before: int, status: int) -> bool:
    """Return whether a state that was reported is worth a message: another one, or once more something to do."""
    return status != before or info(status).clock is Clock.PAUSED


def add(
    session: Session, subscription_id: int, *, kind: str, about: str, status: int, at: datetime, urgent: bool = False
) -> None:
    """Write one notice for one follower, unless there is one of this kind about the same thing."""
    session.execute(
        _ADD,
        {
            "subscription_id": subscription_id,
            "kind": kind,
            "about": about,
            "status": int(status),
            "at": at,
            "urgent": int(urgent),
            "now": clock.now(),
        },
    )


def _deadline_is_near(session: Session, code: str) -> bool:
    deadline = session.execute(select(Dossier.supplement_due_at).where(Dossier.code == code)).scalar_one_or_none()
    return deadline is not None and timedelta() < deadline - clock.now() <= URGENT_WITHIN
