"""The second factor: who may see a dossier, and the lock against guessing.

Codes are counted up, so guessing one is easy; what protects a dossier is the factor (last four digits of the
owner's phone, or the secret on the slip) and a limit on tries. Neither answer, lock nor the work done may
tell an unknown code from a wrong factor: both take the same statements and the same comparisons.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum
from zlib import crc32

import msgspec
from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers.models import Dossier
from bot.dossiers.proof.models import DossierProof, ProofFailure
from bot.text import digits

MAX_FAILURES = 5
LOCK_FOR = timedelta(hours=1)
PROOF_LASTS = timedelta(minutes=30)
PHONE_DIGITS = 4
MIN_SECRET = 4

_NOBODY = secrets.token_hex(8)  # stands in where there is nothing to compare with


class Result(str, Enum):
    """What became of a try."""

    PROVED = "proved"
    WRONG = "wrong"
    LOCKED = "locked"


class Outcome(msgspec.Struct, frozen=True):
    """The result of a try; when locked, the seconds until tries count again."""

    result: Result
    retry_after_s: int = 0


def proved(session: Session, asker: str, code: str) -> bool:
    """Return whether `asker` has proved `code` within the last half hour."""
    return session.execute(_current_proof(asker, code)).first() is not None


def locked(session: Session, asker: str, code: str) -> Outcome | None:
    """Return the lock that stands on this code or this asker, or None; unknown codes lock alike."""
    since = clock.now() - LOCK_FOR
    failures = session.execute(
        select(ProofFailure.code, ProofFailure.asker, ProofFailure.at)
        .where(or_(ProofFailure.code == code, ProofFailure.asker == asker), ProofFailure.at > since)
        .order_by(ProofFailure.at)
    ).all()
    waits = [
        _wait(row.at for row in failures if row.code == code),
        _wait(row.at for row in failures if row.asker == asker),
    ]
    return Outcome(Result.LOCKED, max(waits)) if any(waits) else None


def prove(session: Session, asker: str, code: str, factor: str) -> Outcome:
    """Try `factor` for `code`: remember the asker when it is right, count the failure when it is wrong."""
    _one_at_a_time(session, code)
    if lock := locked(session, asker, code):
        return lock
    owner = session.execute(select(Dossier.owner_phone, Dossier.slip_secret).where(Dossier.code == code)).first()
    phone, secret = owner or (None, None)
    if _matches(factor, phone, secret):
        _remember(session, asker, code)
        return Outcome(Result.PROVED)
    session.add(ProofFailure(code=code, asker=asker, at=clock.now()))
    session.flush()
    return locked(session, asker, code) or Outcome(Result.WRONG)


def forget_asker(session: Session, asker: str) -> None:
    """Forget what an asker has proved; failures stay, or deleting one's data would open the lock."""
    session.execute(delete(DossierProof).where(DossierProof.asker == asker))


def sweep(session: Session) -> None:
    """Delete proofs and failures that no longer count."""
    now = clock.now()
    session.execute(delete(DossierProof).where(DossierProof.expires_at <= now))
    session.execute(delete(ProofFailure).where(ProofFailure.at <= now - LOCK_FOR))


def _matches(factor: str, phone: str | None, secret: str | None) -> bool:
    """Compare with both factors, always both, in constant time."""
    tried = _plain(factor)
    tail, slip = digits(phone or "")[-PHONE_DIGITS:], _plain(secret or "")
    by_phone = _same(tried, tail if len(tail) == PHONE_DIGITS else _NOBODY)
    by_slip = _same(tried, slip if len(slip) >= MIN_SECRET else _NOBODY)
    return by_phone | by_slip


def _plain(factor: str) -> str:
    """Return a factor without case, spaces and signs: people copy "K7-q2" in many ways."""
    return "".join(char for char in factor.casefold() if char.isalnum())


def _same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())


def _wait(times: Iterable[datetime]) -> int:
    """Return the seconds until fewer than the allowed failures count; 0 when that is so now."""
    counted = list(times)
    if len(counted) < MAX_FAILURES:
        return 0
    return max(1, round((counted[-MAX_FAILURES] + LOCK_FOR - clock.now()).total_seconds()))


def _current_proof(asker: str, code: str) -> object:
    return select(DossierProof.id).where(
        DossierProof.asker == asker, DossierProof.code == code, DossierProof.expires_at > clock.now()
    )


def _remember(session: Session, asker: str, code: str) -> None:
    now = clock.now()
    proof = session.execute(
        select(DossierProof).where(DossierProof.asker == asker, DossierProof.code == code)
    ).scalar_one_or_none()
    if proof is None:
        proof = DossierProof(asker=asker, code=code)
        session.add(proof)
    proof.proved_at, proof.expires_at = now, now + PROOF_LASTS
    session.flush()


def _one_at_a_time(session: Session, code: str) -> None:
    """Let tries at one code queue: else many conversations at once could each see four failures and guess.

    SQLite has one writer anyway. The lock is taken for unknown codes too and ends with the turn.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(0x0D05, crc32(code.encode()) - 2**31)))
