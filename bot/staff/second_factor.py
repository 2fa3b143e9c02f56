"""The second factor: six digits of an app on the phone (TOTP, RFC 6238), each code good for one use."""

from __future__ import annotations

import base64
import hashlib

import pyotp
import segno
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.privacy.sealing import Sealer
from bot.staff.accounts import Member, count_failure, is_locked
from bot.staff.models import Staff
from bot.text import digits

STEP_SECONDS, STEPS_OFF = 30, 1  # a phone's clock may be half a minute off
ISSUER = "Mot Cua Lam Dong"


class SecondFactor:
    """Makes and checks second factors; their keys are sealed with the keys of this installation."""

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        """Derive the sealing keys."""
        derived = (base64.urlsafe_b64encode(hashlib.sha256(b"motcua second factor" + key).digest()) for key in keys)
        self._sealer = Sealer(",".join(key.decode() for key in derived))

    def begin(self, session: Session, member: Member) -> str:
        """Give an account without a second factor a new key, and return it; `check` with a code of it confirms it.

        Until it was confirmed the same key is returned again: a page that is loaded anew must not undo a scan.
        """
        row = session.get(Staff, member.id)
        if row.totp_sealed and row.totp_step is None:
            return self._sealer.open(row.totp_sealed)
        secret = pyotp.random_base32()
        row.totp_sealed, row.totp_step = self._sealer.seal(secret), None
        session.flush()
        return secret

    def check(self, session: Session, member: Member, code: str) -> bool:
        """Return whether this is a code of now that was not used before; wrong ones count towards the lock."""
        row = session.get(Staff, member.id, with_for_update=True)
        given = digits(code)
        if row is None or not row.totp_sealed or is_locked(row):
            return False
        totp = pyotp.TOTP(self._sealer.open(row.totp_sealed))
        now = int(clock.now().timestamp()) // STEP_SECONDS
        for step in range(now - STEPS_OFF, now + STEPS_OFF + 1):
            if step > (row.totp_step or 0) and pyotp.utils.strings_equal(totp.generate_otp(step), given):
                row.totp_step, row.failed = step, 0
                return True
        count_failure(row)
        return False

    def reseal(self, session: Session) -> int:
        """Seal with the first key what is not; returns how many. Raises bot.privacy.sealing.SealingError."""
        held = session.execute(select(Staff).where(Staff.totp_sealed.is_not(None)).with_for_update()).scalars()
        old = [row for row in held if not self._sealer.is_current(row.totp_sealed)]
        for row in old:
            row.totp_sealed = self._sealer.renew(row.totp_sealed)
        return len(old)


def is_set(session: Session, member: Member) -> bool:
    """Return whether the account has a confirmed second factor."""
    row = session.get(Staff, member.id)
    return bool(row.totp_sealed) and row.totp_step is not None


def qr_svg(member: Member, secret: str) -> str:
    """Return the key as a QR code that an app reads (inline SVG)."""
    address = pyotp.TOTP(secret).provisioning_uri(name=member.username, issuer_name=ISSUER)
    return str(segno.make(address, error="m").svg_inline(scale=5, border=3, dark="#000", light="#fff"))
