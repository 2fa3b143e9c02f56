"""Changes of a dossier's state: those inside a record, and those reported one by one.

An odd report is never lost: it is answered, and it is kept for review (`bot.dossiers.intake.reviews`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers.intake import records, reviews, upstream
from bot.dossiers.intake.records import UnknownStatusError
from bot.dossiers.lookup import find
from bot.dossiers.models import Dossier, DossierEvent
from bot.dossiers.notices.changes import announce, is_news
from bot.dossiers.statuses import Status
from bot.importing import RowError, fingerprint

MAX_EVENT_ID = 80
FROM_RECORD = "record:"  # ids of events that came inside a record; those reported one by one keep theirs
# How far a dossier has come in each state: a newer event of a lower rank is a step backwards.
RANK = {1: 0, 2: 1, 4: 2, 5: 2, 6: 2, 3: 3, 7: 3, 8: 3, 9: 3, 10: 4}


class Change(str, Enum):
    """What writing a record or an event did."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


class EventRefused(ValueError):
    """A report that cannot be taken though each of its fields is right; `reason` is that of its review."""

    def __init__(self, reason: str, sentence: str) -> None:
        """Keep both."""
        super().__init__(sentence)
        self.reason = reason


class DossierUnknownError(EventRefused):
    """An event came for a dossier that nobody has put in, perhaps before its dossier."""


@dataclass(frozen=True, repr=False)
class Event:
    """A checked change of state."""

    event_id: str
    status: int
    at: datetime
    note: str | None


@dataclass(frozen=True)
class Reported:
    """What became of a reported event; `change` is None for one that was refused, `detail` then says why."""

    change: Change | None
    moved: bool = False
    review: str | None = None
    detail: str = ""


def report(session: Session, code: str, row: dict[str, Any], source: str) -> Reported:
    """Take a reported event, or refuse it; odd ones are kept for review in the running transaction.

    Raises RowError for a bad field: then nothing is kept, for whoever sent it knows it.
    """
    code = records.dossier_code(code)
    try:
        reported = _take(session, code, row)
    except UnknownStatusError as error:
        upstream.keep_unknown(session, code, row, source, str(error))
        return Reported(None, review="unknown_status", detail=str(error))
    except EventRefused as error:
        reported = Reported(None, review=error.reason, detail=str(error))
    if reported.review:
        reviews.keep(session, source=source, reason=reported.review, detail=reported.detail, payload=row, code=code)
    if reported.change is Change.NEW:
        reviews.settle_taken(session, code=code, payload=row)
    return reported


def add_event(session: Session, code: str, row: dict[str, Any]) -> Change:
    """Add a change of state, once per `event_id`; the newest one is the state the dossier is in.

    Raises RowError for a bad event, EventRefused for one that cannot be taken; keeps nothing for review.
    """
    return _take(session, records.dossier_code(code), row).change or Change.SAME


def check_events(rows: list[Any]) -> Iterator[Event]:
    """Yield the events of a record, checked; raises RowError.

    Their ids come from what they say, not from where they stand: an older one put before them renames none.
    """
    seen: Counter[str] = Counter()
    for number, row in enumerate(rows, 1):
        try:
            if not isinstance(row, dict):
                raise RowError("phải gồm status, at, note")
            event = _check_event(row)
        except RowError as error:
            raise type(error)(f"events, mục {number}: {error}") from error
        identity = fingerprint([event.status, event.at, event.note])[:40]
        seen[identity] += 1
        again = f"#{seen[identity]}" if seen[identity] > 1 else ""
        yield replace(event, event_id=f"{FROM_RECORD}{identity}{again}")


def row_of(event: Event) -> DossierEvent:
    """Return an event as a row of the table, not yet bound to its dossier."""
    return DossierEvent(event_id=event.event_id, status=event.status, at=event.at, note=event.note)


def _check_event(row: dict[str, Any]) -> Event:
    status = records.status(row)
    at = records.moment(row, "at")
    if at is None:
        raise RowError("thiếu at (thời điểm)")
    return Event("", status, at, records.text(row, "note"))


def _take(session: Session, code: str, row: dict[str, Any]) -> Reported:
    event = _check_event(row)
    event_id = records.text(row, "event_id", MAX_EVENT_ID)
    if event_id is None or event_id.startswith(FROM_RECORD):
        raise RowError("thiếu event_id" if event_id is None else f"event_id không được bắt đầu bằng {FROM_RECORD}")
    if event.at > clock.now() + upstream.AHEAD:
        raise EventRefused("future_event", "at ở tương lai; đồng hồ hai bên có lệch nhau không?")
    dossier = find(session, code, lock=True)
    if dossier is None:
        raise DossierUnknownError("unknown_dossier", "không có hồ sơ mang mã này; gửi hồ sơ rồi gửi lại sự kiện")
    known = list(
        session.execute(
            select(DossierEvent.event_id, DossierEvent.status, DossierEvent.at, DossierEvent.note).where(
                DossierEvent.dossier_id == dossier.id
            )
        )
    )
    for other in known:
        if other.event_id == event_id:
            if (other.status, other.at, other.note) != (event.status, event.at, event.note):
                raise EventRefused("event_differs", "event_id này đã có với nội dung khác")
            return Reported(Change.SAME)
    return _add(session, dossier, replace(event, event_id=event_id), known)


def _add(session: Session, dossier: Dossier, event: Event, known: list[Any]) -> Reported:
    """Write an event into the history of its dossier; the newest one moves the dossier and is announced."""
    added = row_of(event)
    added.dossier_id = dossier.id
    session.add(added)
    # At the same moment the later state of a dossier's life counts: reports of one minute come in any order.
    newest = all((other.at, RANK[other.status]) <= (event.at, RANK[event.status]) for other in known)
    # A record may have told the same change before it was reported: then it is history, but no news.
    told = dossier.status == event.status and (event.status, event.at) in {(other.status, other.at) for other in known}
    moved = newest and not told
    before = int(dossier.status)
    if newest:
        upstream.clear(session, dossier, event.at)
    if moved:
        _move(dossier, event)
    session.flush()
    session.expire(dossier, ["events"])
    if moved and is_news(before, event.status):
        announce(session, code=dossier.code, status=event.status, about=event.event_id, at=event.at)
    if moved and RANK[event.status] < RANK[before]:
        return Reported(Change.NEW, moved, "went_backwards", f"lùi từ trạng thái {before} về {event.status}")
    return Reported(Change.NEW, moved)


def _move(dossier: Dossier, event: Event) -> None:
    if RANK[event.status] < RANK[dossier.status]:  # taken up again: it is not finished, or not returned, any more
        dossier.returned_at = None
        if event.status != Status.DONE:
            dossier.finished_at = None
    dossier.status, dossier.updated_at = event.status, clock.now()
    if event.status == Status.DONE and dossier.finished_at is None:
        dossier.finished_at = event.at
    if event.status == Status.RETURNED:
        dossier.finished_at = dossier.finished_at or event.at
        dossier.returned_at = dossier.returned_at or event.at
