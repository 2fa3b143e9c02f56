"""A state that the upstream system names and we do not know: citizens are shown its name until a known one comes."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers.intake import records, reviews
from bot.dossiers.lookup import find
from bot.dossiers.models import Dossier, DossierEvent
from bot.importing import RowError
from bot.text import clean

AHEAD = timedelta(minutes=5)  # how far the clocks of two machines may be apart
LONGEST_NAME = 80
REASON = "unknown_status"


def keep_unknown(session: Session, code: str, row: dict[str, Any], source: str, detail: str) -> None:
    """Keep a record or event that names a state which is none of the ten; the dossier, if it is here, takes its name.

    `row` may come without a time (a record): then it holds from now on. `detail` is the sentence that was answered.
    """
    dossier = find(session, code, lock=True)
    new = reviews.keep(session, source=source, reason=REASON, detail=detail, payload=row, code=code)
    name, at = _name(row), _time(row)
    if dossier is None or name is None or (at is not None and not new):
        return
    if at is None or _is_latest(session, dossier, at):
        dossier.upstream_status, dossier.updated_at = name, clock.now()


def clear(session: Session, dossier: Dossier, at: datetime) -> None:
    """Forget the unknown state of `dossier` when a known one of `at` has followed it."""
    if dossier.upstream_status is not None:
        since = _last_named(session, dossier.code)
        if since is None or since <= at:
            dossier.upstream_status = None


def _is_latest(session: Session, dossier: Dossier, at: datetime) -> bool:
    newest = select(func.max(DossierEvent.at)).where(DossierEvent.dossier_id == dossier.id)
    known, named = session.execute(newest).scalar_one(), _last_named(session, dossier.code)
    return at <= clock.now() + AHEAD and (known is None or known <= at) and (named is None or named <= at)


def _last_named(session: Session, code: str) -> datetime | None:
    """Return since when the last unknown state holds; no column says it, but what was kept does."""
    found = None
    for kept in reviews.of_dossier(session, code, REASON):
        at = _time(kept.payload) or kept.created_at
        if at <= kept.created_at + AHEAD and (found is None or at > found):
            found = at
    return found


def _time(row: Any) -> datetime | None:
    try:
        return records.moment(row, "at") if isinstance(row, dict) else None
    except RowError:
        return None


def _name(row: dict[str, Any]) -> str | None:
    """Return the state of a row, when it is unknown, as one short line; None for a known one, or no name at all."""
    with suppress(RowError):
        records.status(row)
        return None  # only a step of its history is unknown
    value = row.get("status")
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return " ".join(clean(str(value)).split())[:LONGEST_NAME].strip() or None
