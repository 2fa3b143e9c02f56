"""Who is signed in at a browser: a random token in a cookie, its hash in the database, so that it can be ended."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import clock
from bot.staff.accounts import Member, member_of
from bot.staff.models import Staff, StaffSession

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)  # a working day
SEEN_EVERY = timedelta(minutes=1)  # not every look is written down


@dataclass(frozen=True)
class SignedIn:
    """Who is at this browser, and whether both factors were given."""

    member: Member
    proved: bool
    csrf: str
    stale: bool = False  # the last use was written down so long ago that it should be again


def begin(session: Session, row: Staff, *, proved: bool = False) -> str:
    """Begin a session after the password was right; returns the token for the cookie."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        StaffSession(
            token_hash=_hash(token),
            staff_id=row.id,
            proved_at=now if proved else None,
            created_at=now,
            seen_at=now,
            ends_at=now + LONGEST,
        )
    )
    session.execute(delete(StaffSession).where(StaffSession.ends_at < now).execution_options(synchronize_session=False))
    session.flush()
    return token


def prove(session: Session, token: str) -> str:
    """Note that the second factor was given, under a new token: an old cookie is worth nothing more. Returns it."""
    row = session.get(StaffSession, _hash(token))
    staff = session.get(Staff, row.staff_id)
    session.delete(row)
    return begin(session, staff, proved=True)


# Columns, not whole rows: every call of every desk comes through here.
_SIGNED_IN = (
    StaffSession.proved_at, StaffSession.seen_at, Staff.id, Staff.username, Staff.display_name, Staff.role, Staff.team
)  # fmt: skip


def read(session: Session, token: str) -> SignedIn | None:
    """Return who is signed in with this token; None for nobody, an ended session, or a disabled account."""
    now = clock.now()
    found = session.execute(
        select(*_SIGNED_IN)
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(StaffSession.token_hash == _hash(token), StaffSession.ends_at > now, Staff.active == 1)
    ).first()
    if found is None or found.seen_at < now - IDLE:
        return None
    return SignedIn(member_of(found), found.proved_at is not None, csrf_of(token), found.seen_at < now - SEEN_EVERY)


def seen(session: Session, token: str) -> None:
    """Write down that the session was used just now."""
    row = session.get(StaffSession, _hash(token))
    if row is not None:
        row.seen_at = clock.now()


def end(session: Session, token: str) -> None:
    """End one session."""
    session.execute(
        delete(StaffSession).where(StaffSession.token_hash == _hash(token)).execution_options(synchronize_session=False)
    )


def end_others(session: Session, staff_id: int, token: str) -> None:
    """End every other session of the one who is signed in with `token`: after a new password, say."""
    others = delete(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.token_hash != _hash(token))
    session.execute(others.execution_options(synchronize_session=False))


def csrf_of(token: str) -> str:
    """Return what every form of this session carries: no other site can know it."""
    return hmac.new(token.encode(), b"csrf", "sha256").hexdigest()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
