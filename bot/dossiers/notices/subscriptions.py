"""Who follows which dossier: switched on by those who proved it, off by anybody for themselves."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers.notices.models import DossierNotice, DossierSubscription
from bot.privacy import consent

PURPOSE = "notices"
_FOLLOWS = select(DossierSubscription.id).where(
    DossierSubscription.asker == bindparam("asker"),
    DossierSubscription.code == bindparam("code"),
    DossierSubscription.ended_at.is_(None),
)


def subscribe(session: Session, *, asker: str, code: str, channel: str, conversation_id: int | None) -> None:
    """Let `asker` be told of changes of `code`; the caller has made sure that the asker proved it.

    Asking for it is the consent; its words, time and channel are kept (Luật 91/2025/QH15).
    """
    found = _of(session, asker, code)
    if found is None:
        session.add(DossierSubscription(asker=asker, code=code, since=clock.now()))
    elif found.ended_at is None:
        return
    else:
        found.since, found.ended_at = clock.now(), None
    consent.record(session, purpose=PURPOSE, asker=asker, channel=channel, conversation_id=conversation_id)
    session.flush()


def unsubscribe(session: Session, *, asker: str, code: str) -> bool:
    """Stop telling `asker` of `code`, what still waits included; returns whether it was on."""
    found = _of(session, asker, code)
    if found is None or found.ended_at is not None:
        return False
    found.ended_at = clock.now()
    session.execute(
        update(DossierNotice)
        .where(DossierNotice.subscription_id == found.id, DossierNotice.state == "waiting")
        .values(state="ended", settled_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    session.flush()
    if not followed_by(session, asker):
        consent.withdraw(session, purpose=PURPOSE, asker=asker)
    return True


def is_following(session: Session, asker: str, code: str) -> bool:
    """Return whether `asker` is told of changes of `code`."""
    return session.execute(_FOLLOWS, {"asker": asker, "code": code}).first() is not None


def followed_by(session: Session, asker: str) -> list[str]:
    """Return the codes that `asker` follows, oldest subscription first."""
    return list(
        session.execute(
            select(DossierSubscription.code)
            .where(DossierSubscription.asker == asker, DossierSubscription.ended_at.is_(None))
            .order_by(DossierSubscription.since, DossierSubscription.id)
        ).scalars()
    )


def _of(session: Session, asker: str, code: str) -> DossierSubscription | None:
    found: DossierSubscription | None = session.execute(
        select(DossierSubscription).where(DossierSubscription.asker == asker, DossierSubscription.code == code)
    ).scalar_one_or_none()
    return found
