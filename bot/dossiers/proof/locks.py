"""The locks against guessing: per asker, per code, and a brake over all. They count rows, so restarts change nothing.

Codes are counted up and a phone's tail has ten thousand values, so what protects a dossier is that tries are few:
five wrong ones lock the asker out of everything, and the code against whatever can be guessed, for an hour. Who
walks through codes with ever new names meets the brake: then that kind of factor is not even compared. A whole phone
number or a one-time code passes both, so that whoever has one is not shut out by an attacker.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, or_, select
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

# Built once: every try comes through here (ADR 7).
_FAILURES = (
    select(ProofFailure.code, ProofFailure.asker, ProofFailure.at)
    .where(
        or_(ProofFailure.code == bindparam("code"), ProofFailure.asker == bindparam("asker")),
        ProofFailure.at > bindparam("since"),
    )
    .order_by(ProofFailure.at)
)


def _nth_newest(strength: Strength, window: str) -> Any:
    """Return the part of a statement that finds the failure which decides about one limit of the brake."""
    return (
        select(ProofFailure.at)
        .where(ProofFailure.strength == int(strength), ProofFailure.at > bindparam(f"{window}_since"))
        .order_by(ProofFailure.at.desc())
        .offset(bindparam(f"{window}_skipped"))
        .limit(1)
        .scalar_subquery()
    )


_BRAKED = (Strength.SECRET, Strength.TAIL)
_DECIDING = select(*(_nth_newest(strength, window) for strength in _BRAKED for window in ("hour", "day")))


class Lock(msgspec.Struct, frozen=True):
    """A lock that stands: seconds until it opens, and what still passes before that."""

    retry_after_s: int
    passes: Strength | None  # the weakest factor that is tried all the same; None: none


def standing(session: Session, asker: str, code: str) -> Lock | None:
    """Return the lock of this asker or this code, or None; unknown codes lock alike."""
    since = clock.now() - LOCK_FOR
    failures = session.execute(_FAILURES, {"code": code, "asker": asker, "since": since}).all()
    by_asker = _wait((row.at for row in failures if row.asker == asker), MAX_FAILURES, LOCK_FOR)
    by_code = _wait((row.at for row in failures if row.code == code), MAX_FAILURES, LOCK_FOR)
    if by_asker:
        return Lock(max(by_asker, by_code), passes=None)
    return Lock(by_code, passes=Strength.SURE) if by_code else None


def brake(session: Session) -> Lock | None:
    """Return the brake if wrong tries of everybody have passed a limit: then that kind of factor is not tried.

    Guesses at secrets stop secrets and four digits, guesses at four digits only these.
    """
    now = clock.now()
    given = {
        "hour_since": now - LOCK_FOR,
        "hour_skipped": BRAKE_HOURLY - 1,
        "day_since": now - DAY,
        "day_skipped": BRAKE_DAILY - 1,
    }
    deciding = iter(session.execute(_DECIDING, given).one())
    for strength in _BRAKED:
        waits = [
            max(1, round((at + window - now).total_seconds()))
            for window, at in zip((LOCK_FOR, DAY), deciding, strict=False)
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
    counted = list(times)
    if len(counted) < limit:
        return 0
    return max(1, round((counted[-limit] + window - clock.now()).total_seconds()))
