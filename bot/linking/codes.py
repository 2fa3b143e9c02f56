"""One-time codes: "LK-7K4P-QD2M" goes from one channel to the other by the person's own hand.

Forty bits, ten minutes, one use: guessing is hopeless, and what a database holds is only the hash.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.linking.models import LinkCode
from bot.text import fold

VALID_FOR = timedelta(minutes=10)
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0/o, 1/i/l: it is read from one screen and typed on another
_CODE = re.compile(rf"(?<!\w)lk[\s–-]*([{_LETTERS}]{{4}})[\s–-]*([{_LETTERS}]{{4}})(?!\w)")


def issue(session: Session, conversation_id: int) -> str:
    """Return a new code for a conversation; the ones before it are no longer valid."""
    now = clock.now()
    session.execute(
        delete(LinkCode).where(
            (LinkCode.conversation_id == conversation_id) | (LinkCode.expires_at < now - timedelta(days=1))
        )
    )
    plain = "".join(secrets.choice(_LETTERS) for _ in range(8))
    session.add(LinkCode(code_hash=_hash(plain), conversation_id=conversation_id, expires_at=now + VALID_FOR))
    session.flush()
    return f"LK-{plain[:4]}-{plain[4:]}".upper()


def find(text: str) -> str | None:
    """Return the code in a message, however it was typed; None without one."""
    match = _CODE.search(fold(text))
    return match[1] + match[2] if match else None


def masked(text: str) -> str:
    """Return the message without its code, for the transcript: a used code is nobody's business either."""
    match = _CODE.search(fold(text))
    return f"{text[: match.start()]}LK-••••-••••{text[match.end() :]}" if match else text


def use(session: Session, code: str) -> int | None:
    """Return the conversation that a code joins, and spend it; None for one that is unknown, spent or too old."""
    spent = session.execute(
        update(LinkCode)
        .where(LinkCode.code_hash == _hash(code), LinkCode.used_at.is_(None), LinkCode.expires_at > clock.now())
        .values(used_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if not spent.rowcount:
        return None
    conversation_id: int = session.execute(
        select(LinkCode.conversation_id).where(LinkCode.code_hash == _hash(code))
    ).scalar_one()
    return conversation_id


def _hash(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()
