"""What came in and could not be taken as it was: kept once, told to people once, until somebody settles it."""

from __future__ import annotations

import math
from typing import Any

from prometheus_client import Counter
from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.orm import Session

from bot import clock
from bot.db.base import UtcDateTime
from bot.db.sealed import SealedJson
from bot.dossiers.intake.models import DossierReview
from bot.importing import fingerprint
from bot.text import clean
from bot.tickets.tickets import open_ticket

TOPIC = "dossier_data"
DEEPEST = 20  # a record has three levels; what lies deeper is nobody's record
# Refused for the moment it came at: sent again later, the same thing may be taken.
TOO_EARLY = ("unknown_dossier", "future_event")

_KEPT = Counter("motcua_dossier_reviews", "Rows and events of dossiers kept for review", ["reason"])
_ADD = text(
    """
    INSERT INTO dossier_reviews (code, source, line, reason, detail, payload, fingerprint, created_at)
    VALUES (:code, :source, :line, :reason, :detail, :payload, :fingerprint, :now)
    ON CONFLICT (fingerprint) DO NOTHING
    """
).bindparams(bindparam("payload", type_=SealedJson), bindparam("now", type_=UtcDateTime()))


def keep(
    session: Session,
    *,
    source: str,
    reason: str,
    detail: str,
    payload: Any,
    code: str | None = None,
    line: int | None = None,
) -> bool:
    """Keep `payload` as it was sent, and raise an alert; returns False for what is kept already.

    `source` says who sent it ("file dossiers.csv", "token one-stop"), `reason` is one of
    `bot.dossiers.intake.models.REASONS`, `detail` a sentence without personal data.
    """
    payload, code = _storable(payload), code and clean(code)
    values = {
        "code": code and code[:40],
        "source": clean(source)[:160],
        "line": line,
        "reason": reason,
        "detail": detail,
        "payload": {} if payload is None else payload,
        "fingerprint": _fingerprint(code, reason, payload),
        "now": clock.now(),
    }
    if session.execute(_ADD, values).rowcount != 1:
        return False
    _KEPT.labels(reason).inc()
    open_ticket(session, None, TOPIC, "Có dữ liệu hồ sơ chưa nhận được như đã gửi. Xem: motcua dossiers reviews")
    return True


def listed(session: Session, limit: int = 50) -> list[DossierReview]:
    """Return the entries that wait for a person, oldest first."""
    waiting = select(DossierReview).where(DossierReview.settled_at.is_(None)).order_by(DossierReview.id)
    return list(session.execute(waiting.limit(limit)).scalars())


def waiting(session: Session) -> int:
    """Return how many entries wait for a person."""
    query = select(func.count()).select_from(DossierReview).where(DossierReview.settled_at.is_(None))
    return int(session.execute(query).scalar_one())


def settle(session: Session, id: int) -> bool:
    """Mark an entry as looked at; returns False when none with this number waits."""
    return _settle(session, DossierReview.id == id) == 1


def settle_taken(session: Session, *, code: str, payload: Any) -> None:
    """Mark as settled what came too early before and has been taken now that it was sent again."""
    again = [_fingerprint(code, reason, _storable(payload)) for reason in TOO_EARLY]
    _settle(session, DossierReview.fingerprint.in_(again))


def of_dossier(session: Session, code: str, reason: str) -> list[DossierReview]:
    """Return what was ever kept about a dossier for one reason, settled or not."""
    query = select(DossierReview).where(DossierReview.code == code, DossierReview.reason == reason)
    return list(session.execute(query).scalars())


def _settle(session: Session, which: Any) -> int:
    query = update(DossierReview).where(which, DossierReview.settled_at.is_(None)).values(settled_at=clock.now())
    return int(session.execute(query.execution_options(synchronize_session=False)).rowcount)


def _fingerprint(code: str | None, reason: str, payload: Any) -> str:
    return fingerprint([code, reason, payload])


def _storable(value: Any, depth: int = 0) -> Any:
    """Return a value as any database's JSON column takes it: a file may hold NaN, days, half characters."""
    if depth > DEEPEST:
        return "…"
    if isinstance(value, dict):
        return {str(_storable(str(key))): _storable(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_storable(item, depth + 1) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value).encode("utf-8", "replace").decode("utf-8")
