"""Messages that somebody should look at: not understood, understood with doubt, answered otherwise by a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation.models import Draft, InboxMessage, OutboxMessage
from bot.db.engine import Database
from bot.learning.masked import mask
from bot.learning.models import WHYS, ReviewItem
from bot.learning.shapes import shape
from bot.tickets.models import Ticket

UNSURE = 0.5  # below it an intent is a guess; the fallback's own threshold is 0.35
LOOK_BACK = timedelta(days=3)  # what a machine that stood still over a weekend still finds
AT_ONCE = 500
_READ = ("text", "voice")
_OUR_DOUBTS = ("not_understood", "unsure", "handed_off")  # the others come from people


def gather(session: Session, since: datetime) -> int:
    """Turn what was received since then and went wrong into review items; returns how many are new.

    A message becomes one item however often it is looked at.
    """
    new = 0
    for message, why in _wanting(session, since):
        new += _add(session, message, why)
    return new


def gather_lately(database: Database) -> int:
    """Do so for the last days, in one transaction (hourly, beside the turns)."""
    with database.unit_of_work() as session:
        return gather(session, clock.now() - LOOK_BACK)


def report(session: Session, inbox_id: int, why: str = "reported") -> bool:
    """Put one message up for review because somebody said that its answer was wrong; False where nothing can be learnt.

    Raises ValueError for a reason that is none.
    """
    if why not in WHYS:
        raise ValueError(f"no reason for a review: {why}")
    held = session.execute(select(ReviewItem).where(ReviewItem.inbox_id == inbox_id)).scalar_one_or_none()
    if held is not None:
        if held.state == "open":
            held.why = why  # a person's word weighs more than our own doubt
        return True
    message = session.get(InboxMessage, inbox_id)
    return message is not None and _add(session, message, why)


def _wanting(session: Session, since: datetime) -> Iterator[tuple[Any, str]]:
    """Yield the messages that are not up for review yet, each with the reason."""
    confidence = InboxMessage.understood["confidence"].as_float()
    changed = select(Draft.inbox_id).where(Draft.state == "changed")
    wanted = (
        select(InboxMessage)
        .where(
            InboxMessage.received_at >= since,
            InboxMessage.state == "done",
            InboxMessage.guard.is_(None),
            InboxMessage.kind.in_(_READ),
            InboxMessage.understood.is_not(None),
            or_(
                InboxMessage.outcome.in_(("not_understood", "handed_off")),
                confidence < UNSURE,
                InboxMessage.id.in_(changed),
            ),
            InboxMessage.id.not_in(select(ReviewItem.inbox_id).where(ReviewItem.inbox_id.is_not(None))),
        )
        .order_by(InboxMessage.id)
    )
    found = session.execute(wanted).scalars().all()
    for start in range(0, len(found), AT_ONCE):
        chunk = found[start : start + AT_ONCE]
        ids = [message.id for message in chunk]
        corrected = set(session.execute(changed.where(Draft.inbox_id.in_(ids))).scalars())
        handed_off = _handed_off_not_understood(session, ids)
        for message in chunk:
            if why := _why(message, corrected, handed_off):
                yield message, why


def _why(message: Any, corrected: set[int], handed_off: set[int]) -> str | None:
    if message.id in corrected:
        return "corrected"
    if message.outcome == "not_understood":
        return "not_understood"
    if message.outcome == "handed_off":
        return "handed_off" if message.id in handed_off else None  # who asked for a person was understood
    return "unsure"


def _handed_off_not_understood(session: Session, ids: list[int]) -> set[int]:
    """Return those of the messages that went to a person because nothing was understood."""
    numbers: dict[str, int] = {}
    rows = session.execute(select(OutboxMessage.inbox_id, OutboxMessage.custom).where(OutboxMessage.inbox_id.in_(ids)))
    for inbox_id, custom in rows:
        if custom.get("kind") == "handoff" and custom.get("ticket"):
            numbers.setdefault(custom["ticket"], inbox_id)
    found = session.execute(
        select(Ticket.number).where(Ticket.number.in_(list(numbers)), Ticket.topic == "not_understood")
    ).scalars()
    return {numbers[number] for number in found}


def _add(session: Session, message: Any, why: str) -> bool:
    """Put one message up for review, masked; False for one that says nothing to learn from."""
    understood = message.understood or {}
    entities = understood.get("entities") or []
    if any(entity[3:4] == ["button"] for entity in entities):
        return False  # a pressed button is always understood
    text = mask(message.text, entities)
    alike = shape(text)
    if not alike:
        return False
    session.add(
        ReviewItem(
            inbox_id=message.id,
            text=text,
            shape=alike,
            why=why,
            intent=understood.get("intent"),
            confidence=understood.get("confidence"),
            state="rejected" if why in _OUR_DOUBTS and _is_rejected(session, alike) else "open",
            asked_at=message.received_at,
        )
    )
    session.flush()
    return True


def _is_rejected(session: Session, alike: str) -> bool:
    """Return whether somebody said of the same words that there is nothing to learn: they are not asked each week."""
    newest = session.execute(
        select(ReviewItem.state).where(ReviewItem.shape == alike).order_by(ReviewItem.id.desc()).limit(1)
    ).scalar()
    return newest == "rejected"
