"""Who follows which dossier: switched on by those who proved it, off by anybody for themselves."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers.models import Dossier
from bot.dossiers.notices.models import DossierNotice, DossierSubscription
from bot.dossiers.proof.identities import owner_mark
from bot.privacy import consent

PURPOSE = "notices"
_OWNER = select(Dossier.owner_phone, Dossier.slip_secret).where(Dossier.code == bindparam("code"))
_HELD = _OWNER.with_for_update(skip_locked=True)
_subscriptions = DossierSubscription.__table__.columns
_FOLLOWS = select(_subscriptions.id).where(
    _subscriptions.asker == bindparam("asker"),
    _subscriptions.code == bindparam("code"),
    _subscriptions.ended_at.is_(None),
)


def subscribe(session: Session, *, asker: str, code: str, channel: str, conversation_id: int | None) -> None:
    """Let `asker` be told of changes of `code`; the caller has made sure that the asker proved it.

    Asking for it is the consent; its words, time and channel are kept (Luật 91/2025/QH15).
    """
    # Held, so that a change that is being written now is seen by this reader or announced to this follower. Where a
    # big import holds it, the citizen does not wait for that.
    owner = session.execute(_HELD, {"code": code}).first() or session.execute(_OWNER, {"code": code}).first()
    mark = owner_mark(*owner) if owner else None
    found = _of(session, asker, code)
    if found is None:
        session.add(DossierSubscription(asker=asker, code=code, mark=mark, since=clock.now()))
    elif found.ended_at is None and found.mark == mark:
        return
    else:
        found.mark, found.since, found.ended_at = mark, clock.now(), None
    consent.record(session, purpose=PURPOSE, asker=asker, channel=channel, conversation_id=conversation_id)
    session.flush()


def unsubscribe(session: Session, *, asker: str, code: str) -> bool:
    """Stop telling `asker` of `code`, what still waits included; returns whether it was on."""
    found = _of(session, asker, code)
    if found is None or found.ended_at is not None:
        return False
    end(session, found)
    return True


def end(session: Session, found: DossierSubscription) -> None:
    """End a subscription that stands; the consent ends with the last one."""
    found.ended_at = clock.now()
    session.execute(
        update(DossierNotice)
        .where(DossierNotice.subscription_id == found.id, DossierNotice.state == "waiting")
        .values(state="ended", settled_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    session.flush()
    if not followed_by(session, found.asker):
        consent.withdraw(session, purpose=PURPOSE, asker=found.asker)


def has_changed_hands(session: Session, subscription: DossierSubscription) -> bool:
    """Return whether the dossier's factors are others now than when it was followed: another owner's, perhaps."""
    owner = session.execute(_OWNER, {"code": subscription.code}).first()
    return owner is None or owner_mark(*owner) != subscription.mark


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


def follow(session: Session, before: str, after: str) -> None:
    """Let what `before` follows be told to `after`, whose channel it was linked to; twice followed is told once."""
    following = select(DossierSubscription).where(
        DossierSubscription.asker == before, DossierSubscription.ended_at.is_(None)
    )
    for found in list(session.execute(following).scalars()):
        known = _of(session, after, found.code)
        if known is None:
            found.asker = after
        else:
            if known.ended_at is not None:
                known.mark, known.since, known.ended_at = found.mark, found.since, None
            end(session, found)
    session.flush()
