"""A try at the second factor. Neither answer, lock nor the work done tells an unknown code from a wrong factor."""

from __future__ import annotations

import hmac
import secrets
from enum import Enum
from zlib import crc32

import msgspec
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from bot.dossiers.models import Dossier
from bot.dossiers.proof import identities, locks, one_time_codes
from bot.dossiers.proof.factors import ONE_TIME_DIGITS, PHONE_DIGITS, Strength, strength
from bot.dossiers.proof.locks import Lock
from bot.text import digits

MIN_SECRET = 4
TRIED = "factor_tried"  # in `session.info`: this turn's message holds a factor, so the transcript must mask it

_dossiers = Dossier.__table__.columns
_OWNER = select(_dossiers.owner_phone, _dossiers.slip_secret).where(_dossiers.code == bindparam("code"))
_QUEUE = select(func.pg_advisory_xact_lock(0x0D05, bindparam("number")))
_NOBODY = secrets.token_hex(8)  # stands in where there is nothing to compare with


class Result(str, Enum):
    """What became of a try."""

    PROVED = "proved"
    WRONG = "wrong"
    LOCKED = "locked"


class Outcome(msgspec.Struct, frozen=True):
    """The result of a try, with the lock that it met or set."""

    result: Result
    lock: Lock | None = None

    @property
    def retry_after_s(self) -> int:
        """Seconds until the lock opens; 0 without one."""
        return self.lock.retry_after_s if self.lock else 0


def locked(session: Session, asker: str, code: str) -> Lock | None:
    """Return the lock that stands on this code or this asker, or None; unknown codes lock alike."""
    return locks.standing(session, asker, code)


def prove(session: Session, asker: str, code: str, factor: str) -> Outcome:
    """Try `factor` for `code`: remember the asker when it is right, count the failure when it is wrong."""
    session.info[TRIED] = True
    _one_at_a_time(session, code)
    given = strength(factor)
    passed = locks.met(session, asker, code)
    for lock in passed:
        if lock.passes is None or given < lock.passes:
            return Outcome(Result.LOCKED, lock)
    owner = session.execute(_OWNER, {"code": code}).first()
    phone, secret = owner or (None, None)
    by_code = one_time_codes.matches(session, asker, code, factor, phone)
    # What passes a lock is a phone number or a one-time code, not a secret of digits that looks like one.
    tried_secret = None if passed and given is Strength.SURE else secret
    if _matches(factor, phone, tried_secret) | by_code:
        identities.remember(session, asker, code, identities.owner_mark(phone, secret))
        if by_code and phone:
            identities.know_phone(session, asker, phone)
        return Outcome(Result.PROVED)
    # Six digits may have been a guess at a secret: they count as one.
    locks.count_failure(session, asker, code, Strength.SECRET if len(factor) == ONE_TIME_DIGITS else given)
    met = locks.standing(session, asker, code)
    return Outcome(Result.LOCKED if met else Result.WRONG, met)


def _matches(factor: str, phone: str | None, secret: str | None) -> bool:
    """Compare with both factors, always both, in constant time."""
    tried = _plain(factor)
    number, slip = digits(phone or ""), _plain(secret or "")
    expected = number if strength(factor) is Strength.SURE else number[-PHONE_DIGITS:]
    by_phone = _same(tried, expected if len(number) >= PHONE_DIGITS else _NOBODY)
    by_slip = _same(tried, slip if len(slip) >= MIN_SECRET else _NOBODY)
    return by_phone | by_slip


def _plain(factor: str) -> str:
    """Return a factor without case, spaces and signs: people copy "K7-q2" in many ways."""
    return "".join(char for char in factor.casefold() if char.isalnum())


def _same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())


def _one_at_a_time(session: Session, code: str) -> None:
    """Let tries at one code queue: else many conversations at once could each see four failures and guess.

    SQLite has one writer anyway. The lock is taken for unknown codes too and ends with the turn.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_QUEUE, {"number": crc32(code.encode()) - 2**31})
