"""One-time codes to the phone on file: made inside the turn, sent after it, tried like any other factor.

In what people read it is a "mã tra cứu", never an OTP: we tell everybody to give an OTP to nobody.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from collections.abc import Callable
from datetime import timedelta
from enum import Enum

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.db.engine import Database
from bot.dossiers.models import Dossier
from bot.dossiers.proof.models import OneTimeCode

log = logging.getLogger(__name__)

DIGITS = 6
LASTS = timedelta(minutes=5)
WINDOW = timedelta(hours=1)
MOST_PER_CODE, MOST_PER_ASKER = 3, 5  # in an hour: each costs money, and rings a citizen's phone
MOST_SENDS = 3

_GOOD = select(OneTimeCode.id, OneTimeCode.hash, OneTimeCode.phone).where(
    OneTimeCode.asker == bindparam("asker"),
    OneTimeCode.code == bindparam("code"),
    OneTimeCode.expires_at > bindparam("now"),
    OneTimeCode.used_at.is_(None),
)

Send = Callable[[str, str], None]  # (phone, text); raises OSError when the gateway did not take it


class Asked(str, Enum):
    """What became of asking for a code; the same for known and unknown dossiers."""

    ON_ITS_WAY = "on_its_way"
    TOO_OFTEN = "too_often"


def ask(session: Session, asker: str, code: str) -> Asked:
    """Make a code for the phone that stands on `code`; for an unknown dossier all is done alike and nothing is sent."""
    since = clock.now() - WINDOW
    recent = session.execute(
        select(OneTimeCode.code, OneTimeCode.asker).where(
            or_(OneTimeCode.code == code, OneTimeCode.asker == asker), OneTimeCode.created_at > since
        )
    ).all()
    if (
        sum(row.code == code for row in recent) >= MOST_PER_CODE
        or sum(row.asker == asker for row in recent) >= MOST_PER_ASKER
    ):
        return Asked.TOO_OFTEN
    phone = session.execute(select(Dossier.owner_phone).where(Dossier.code == code)).scalar_one_or_none()
    made = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    now = clock.now()
    session.add(
        OneTimeCode(
            asker=asker,
            code=code,
            phone=phone,
            digits=made if phone else None,
            hash=_hash(asker, code, made),
            created_at=now,
            expires_at=now + LASTS,
        )
    )
    session.flush()
    return Asked.ON_ITS_WAY


def matches(session: Session, asker: str, code: str, factor: str, phone: str | None) -> bool:
    """Return whether `factor` is a code sent for this asker and dossier to `phone`, still good; uses it up.

    `phone` is the one on file now: a code that went to another one proves nothing.
    """
    if len(factor) != DIGITS or not factor.isdecimal():
        return False
    now = clock.now()
    rows = session.execute(_GOOD, {"asker": asker, "code": code, "now": now}).all()
    tried = _hash(asker, code, factor)
    right = [row.id for row in rows if hmac.compare_digest(row.hash, tried) and phone and row.phone == phone]
    if right:
        session.execute(update(OneTimeCode).where(OneTimeCode.id.in_(right)).values(used_at=now))
    return bool(right)


def send_waiting(database: Database, send: Send, limit: int = 20) -> int:
    """Send the codes that wait; returns how many went out. A code is wiped once sent, or when it cannot be."""
    with database.reading() as session:
        waiting = session.execute(
            select(OneTimeCode.id, OneTimeCode.attempts)
            .where(OneTimeCode.sent_at.is_(None), OneTimeCode.digits.is_not(None))
            .order_by(OneTimeCode.id)
            .limit(limit)
        ).all()
    return sum(_send_one(database, send, row.id, row.attempts) for row in waiting)


def count_waiting(session: Session) -> int:
    """Return how many codes wait to be sent."""
    query = select(func.count()).where(OneTimeCode.sent_at.is_(None), OneTimeCode.digits.is_not(None))
    return int(session.execute(query).scalar_one())


def _send_one(database: Database, send: Send, row_id: int, attempts: int) -> bool:
    """Claim, send, wipe: the claim is committed first, so that two processes never send the same try."""
    with database.unit_of_work() as session:
        claimed = session.execute(
            update(OneTimeCode)
            .where(OneTimeCode.id == row_id, OneTimeCode.attempts == attempts, OneTimeCode.sent_at.is_(None))
            .values(attempts=attempts + 1)
        )
        row = session.get(OneTimeCode, row_id) if claimed.rowcount else None
        if row is None or row.digits is None:
            return False
        phone, text, too_late = row.phone, _text(row.code, row.digits), row.expires_at <= clock.now()
        if too_late:
            row.digits = None
            return False
    try:
        send(phone, text)
    except OSError as error:  # only its kind is logged: its text may hold the number
        log.warning("a one-time code was not sent: %s", type(error).__name__)
        if attempts + 1 < MOST_SENDS:
            return False
        values: dict[str, object] = {"digits": None}
    else:
        values = {"digits": None, "sent_at": clock.now()}
    with database.unit_of_work() as session:
        session.execute(update(OneTimeCode).where(OneTimeCode.id == row_id).values(values))
    return "sent_at" in values


def _text(code: str, made: str) -> str:
    """Return the SMS: without tone marks, so that it is one message on every phone."""
    minutes = int(LASTS.total_seconds() // 60)
    return f"Mot Cua: ma tra cuu ho so {code} la {made}, dung trong {minutes} phut. Khong dua ma nay cho ai khac."


def _hash(asker: str, code: str, made: str) -> str:
    return hashlib.sha256(f"{asker}|{code}|{made}".encode()).hexdigest()
