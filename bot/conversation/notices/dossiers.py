"""Tells followers of dossiers what has changed: each waiting notice becomes one message, or is settled."""

from __future__ import annotations

from typing import Any, NamedTuple

from prometheus_client import Counter
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.models import Conversation
from bot.conversation.notices import telling
from bot.conversation.ways import Ways
from bot.db.engine import Database
from bot.dossiers import lookup
from bot.dossiers.answers import following
from bot.dossiers.lookup import DossierView
from bot.dossiers.notices import reminders, subscriptions
from bot.dossiers.notices.models import DossierNotice, DossierSubscription
from bot.dossiers.notices.quiet_hours import is_quiet, last_morning
from bot.dossiers.statuses import Status

SETTLED = Counter("motcua_dossier_notices", "Notices of dossiers by what became of them", ["state"])


class _Waiting(NamedTuple):
    """A notice that waits, and for whom ("channel:sender")."""

    id: int
    subscription_id: int
    asker: str


def tell_waiting(database: Database, ways: Ways) -> int:
    """Tell what may be told now; returns how many messages were written.

    At night only what is urgent; what piled up over night is told once, by its latest state.
    """
    with database.reading() as session:
        waiting = _waiting(session, only_urgent=is_quiet())
    locking = not database.is_sqlite
    return telling.tell_each(database, waiting, lambda session, notice: _tell(session, notice, ways, locking=locking))


def write_reminders(database: Database) -> int:
    """Write the reminders that are due today; returns how many are."""
    if is_quiet():
        return 0
    with database.unit_of_work() as session:
        return reminders.write_due(session)


def _waiting(session: Session, *, only_urgent: bool) -> list[_Waiting]:
    query = (
        select(DossierNotice.id, DossierNotice.subscription_id, DossierSubscription.asker)
        .join(DossierSubscription, DossierSubscription.id == DossierNotice.subscription_id)
        .where(DossierNotice.state == "waiting")
        .order_by(DossierNotice.id)
        .limit(telling.AT_ONCE)
    )
    if only_urgent:
        query = query.where(DossierNotice.urgent == 1)
    return [_Waiting(*row) for row in session.execute(query)]


def _tell(session: Session, waiting: _Waiting, ways: Ways, *, locking: bool) -> bool:
    """Settle one notice; returns whether a message was written. The conversation is locked first, as in a turn."""
    channel, _, sender = waiting.asker.partition(":")
    conversation_id = session.execute(
        select(Conversation.id).where(Conversation.channel == channel, Conversation.sender == sender)
    ).scalar_one_or_none()
    if conversation_id and not telling.hold(session, conversation_id, locking=locking):
        return False  # a turn holds it: next time
    notice = _oldest(session, waiting.subscription_id)
    if notice is None:
        return False  # another process was faster
    subscription = session.get(DossierSubscription, notice.subscription_id)
    view = lookup.view(session, subscription.code)
    if subscription.ended_at is None and subscriptions.has_changed_hands(session, subscription):
        subscriptions.end(session, subscription)
        SETTLED.labels("ended").inc()
        return False
    if subscription.ended_at is not None or conversation_id is None or view is None:
        return telling.settle(session, notice, "ended", SETTLED)
    if _is_overtaken(session, notice) or not _still_holds(notice, view):
        return telling.settle(session, notice, "superseded", SETTLED)
    if not telling.settle(session, notice, "told", SETTLED):
        return False
    message = following.notice(view, notice.kind, Status(notice.status), notice.at)
    ways.tell(session, conversation_id, message)
    return True


def _oldest(session: Session, subscription_id: int) -> Any:
    """Return what waits longest for a follower: news must come in the order in which it happened."""
    return session.execute(
        select(DossierNotice)
        .where(DossierNotice.subscription_id == subscription_id, DossierNotice.state == "waiting")
        .order_by(DossierNotice.id)
        .limit(1)
    ).scalar_one_or_none()


def _is_overtaken(session: Session, notice: Any) -> bool:
    """Return whether a change that waited through a night has a newer one behind it: one message will do then."""
    if notice.kind != "change" or notice.created_at >= last_morning():
        return False
    newer = select(DossierNotice.id).where(
        DossierNotice.subscription_id == notice.subscription_id,
        DossierNotice.kind == "change",
        DossierNotice.state == "waiting",
        DossierNotice.id > notice.id,
    )
    return session.execute(newer.limit(1)).first() is not None


def _still_holds(notice: Any, view: DossierView) -> bool:
    """Return whether what a reminder is about is still so; a change has happened, whatever came after."""
    return notice.kind == "change" or notice.status == view.status
