"""The locks against guessing: per asker, per code, and a brake over all. They count rows, so restarts change nothing.

Codes are counted up and a phone's tail has ten thousand values, so what protects a dossier is that tries are few:
five wrong ones lock the asker out of everything, and the code against whatever can be guessed, for an hour. Who
walks through codes with ever new names meets the brake: then that kind of factor is not even compared. A whole phone
number or a one-time code passes both, so that whoever has one is not shut out by an attacker.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers.proof.factors import Strength
from bot.dossiers.proof.models import OneTimeCode, ProofFailure

MAX_FAILURES = 5
LOCK_FOR = timedelta(hours=1)
DAY = timedelta(days=1)
# Wrong tries of everybody together, by kind of factor. A peak day has some 13,500 questions about dossiers; an
# attacker who stays just below can expect 0.1 hits a day by four digits.
BRAKE_HOURLY, BRAKE_DAILY = 200, 1_000

# Columns of the table, not of the class: the ORM's way of the same statement takes twice as long (ADR 7).
_failures = ProofFailure.__table__.columns
_OF_CODE_OR_ASKER = and_(
    or_(_failures.code == bindparam("code"), _failures.asker == bindparam("asker")),
    _failures.at > bindparam("hour_since"),
)


def _nth_newest(strength: Strength, window: str) -> Any:
    """Return the part of a statement that finds the failure which decides about one limit of the brake."""
    found = (
        select(_failures.at)
        .where(_failures.strength == int(strength), _failures.at > bindparam(f"{window}_since"))
        .order_by(_failures.at.desc())
        .offset(bindparam(f"{window}_skipped"))
        .limit(1)
        .scalar_subquery()
    )
    return found.label(f"{strength.name.lower()}_{window}")


# Built once: every try comes through here (ADR 7).
_BRAKED = (Strength.SECRET, Strength.TAIL)
_FAILURES = select(_failures.code, _failures.asker, _failures.at).where(_OF_CODE_OR_ASKER)
_DECIDING = select(*(_nth_newest(strength, window) for strength in _BRAKED for window in ("hour", "day")))
_COUNTED = _DECIDING.subquery()
_BOTH = select(*_COUNTED.columns, _failures.code, _failures.asker, _failures.at).select_from(
    _COUNTED.outerjoin(ProofFailure.__table__, _OF_CODE_OR_ASKER)
)


class Lock(msgspec.Struct, frozen=True):
    """A lock that stands: seconds until it opens, and what still passes before that."""

    retry_after_s: int
    passes: Strength | None  # the weakest factor that is tried all the same; None: none


def standing(session: Session, asker: str, code: str) -> Lock | None:
    """Return the lock of this asker or this code, or None; unknown codes lock alike."""
    return _of(session.execute(_FAILURES, _given(asker=asker, code=code)).all(), asker, code)


def brake(session: Session) -> Lock | None:
    """Return the brake if wrong tries of everybody have passed a limit: then that kind of factor is not tried.

    Guesses at secrets stop secrets and four digits, guesses at four digits only these.
    """
    return _of_everybody(session.execute(_DECIDING, _given()).one())


def met(session: Session, asker: str, code: str) -> list[Lock]:
    """Return every lock that a try meets, of this asker or code first, then the brake; in one statement."""
    rows = session.execute(_BOTH, _given(asker=asker, code=code)).all()
    failures = [row for row in rows if row.at is not None]
    return [lock for lock in (_of(failures, asker, code), _of_everybody(rows[0])) if lock]


def _given(**of_whom: str) -> dict[str, Any]:
    now = clock.now()
    limits = {"hour_skipped": BRAKE_HOURLY - 1, "day_skipped": BRAKE_DAILY - 1}
    return {"hour_since": now - LOCK_FOR, "day_since": now - DAY, **limits, **of_whom}


def _of(failures: Sequence[Any], asker: str, code: str) -> Lock | None:
    by_asker = _wait((row.at for row in failures if row.asker == asker), MAX_FAILURES, LOCK_FOR)
    by_code = _wait((row.at for row in failures if row.code == code), MAX_FAILURES, LOCK_FOR)
    if by_asker:
        return Lock(max(by_asker, by_code), passes=None)
    return Lock(by_code, passes=Strength.SURE) if by_code else None


def _of_everybody(deciding: Iterable[Any]) -> Lock | None:
    """Return the brake; `deciding` begins with the failures of `_DECIDING`."""
    now, times = clock.now(), iter(deciding)
    for strength in _BRAKED:
        waits = [
            max(1, round((at + window - now).total_seconds()))
            for window, at in zip((LOCK_FOR, DAY), times, strict=False)
            if at is not None
        ]
        if waits:
            # The promise is an hour at most: the daily limit is looked at again by then.
            wait = min(max(waits), int(LOCK_FOR.total_seconds()))
            return Lock(wait, passes=Strength(strength + 1))
    return None


def count_failure(session: Session, asker: str, code: str, strength: Strength = Strength.TAIL) -> None:
    """Note a wrong try with a factor of this strength."""
    session.add(ProofFailure(code=code, asker=asker, strength=int(strength), at=clock.now()))
    session.flush()


def sweep(session: Session) -> None:
    """Delete wrong tries and one-time codes that no longer count."""
    session.execute(delete(ProofFailure).where(ProofFailure.at <= clock.now() - DAY))
    session.execute(delete(OneTimeCode).where(OneTimeCode.created_at <= clock.now() - DAY))


def _wait(times: Iterable[datetime], limit: int, window: timedelta) -> int:
    """Return the seconds until fewer than `limit` of the times lie in `window`; 0 when that is so now."""
    counted = sorted(times)
    if len(counted) < limit:
        return 0
    return max(1, round((counted[-limit] + window - clock.now()).total_seconds()))


def follow(session: Session, before: str, after: str) -> None:
    """Count the wrong tries of `before` for `after`, whose channel it was linked to: linking opens no lock."""
    session.execute(
        update(ProofFailure)
        .where(ProofFailure.asker == before)
        .values(asker=after)
        .execution_options(synchronize_session=False)
    )
