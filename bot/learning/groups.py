"""Review items that say the same, as one thing to decide; the groups asked most stand first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.learning.models import ReviewItem

PAGE = 30  # groups at a time
EXAMPLES = 3  # of a group in the list
MOST_SHOWN = 200  # messages of one group


@dataclass(frozen=True)
class Group:
    """Messages of one shape and state."""

    id: int  # of its first item: the group's address
    state: str
    shape: str
    count: int
    texts: tuple[str, ...]  # different spellings, the most frequent first
    whys: tuple[str, ...]
    intent: str | None  # as most of them were understood
    confidence: float | None  # the mean
    last_at: datetime
    label: str | None
    value: str | None


def listed(session: Session, state: str = "open", why: str | None = None, *, page: int = 0) -> list[Group]:
    """Return the groups of a state, `PAGE` at a time; `why` keeps those for which it is one of the reasons."""
    count, first = func.count(ReviewItem.id), func.min(ReviewItem.id)
    wanted = select(ReviewItem.shape).where(ReviewItem.state == state)
    if why:
        wanted = wanted.where(ReviewItem.why == why)
    shapes = (
        session.execute(wanted.group_by(ReviewItem.shape).order_by(count.desc(), first).limit(PAGE).offset(page * PAGE))
        .scalars()
        .all()
    )
    return [group for alike in shapes if (group := _of(session, alike, state))]


def counts(session: Session) -> dict[str, int]:
    """Return how many groups there are in each state."""
    rows = session.execute(
        select(ReviewItem.state, func.count(ReviewItem.shape.distinct())).group_by(ReviewItem.state)
    ).all()
    return {state: int(number) for state, number in rows}


def of_item(session: Session, item_id: int) -> Group | None:
    """Return the group that an item is in; None for one that is not there."""
    item = session.get(ReviewItem, item_id)
    return _of(session, item.shape, item.state) if item is not None else None


def _of(session: Session, alike: str, state: str) -> Group | None:
    same = (ReviewItem.shape == alike, ReviewItem.state == state)
    whole = session.execute(
        select(
            func.count(ReviewItem.id),
            func.min(ReviewItem.id),
            func.max(ReviewItem.asked_at),
            func.avg(ReviewItem.confidence),
        ).where(*same)
    ).one()
    items = (
        session.execute(select(ReviewItem).where(*same).order_by(ReviewItem.id.desc()).limit(MOST_SHOWN))
        .scalars()
        .all()
    )
    if not items:
        return None
    intents = Counter(item.intent for item in items)
    return Group(
        whole[1],
        state,
        alike,
        int(whole[0]),
        tuple(text for text, _ in Counter(item.text for item in items).most_common()),
        tuple(why for why, _ in Counter(item.why for item in items).most_common()),
        intents.most_common(1)[0][0],
        float(whole[3]) if whole[3] is not None else None,
        whole[2],
        items[0].label,
        items[0].value,
    )
