"""Tokens of other programs: made once, shown once, kept as a hash, revoked at any time."""

from __future__ import annotations

import hashlib
import secrets

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.api.models import SCOPES, ApiToken
from bot.text import clean

LONGEST_NAME = 80


class UnknownScope(ValueError):
    """A scope that does not exist; the text lists those that do."""


class BadName(ValueError):
    """A name that no token can have; the text says why."""


class NoSuchToken(LookupError):
    """No token, or more than one, goes by this; the text says which."""


class Holder(msgspec.Struct, frozen=True):
    """The program behind a token, and what it may do."""

    name: str
    scopes: tuple[str, ...]


def create(session: Session, name: str, scopes: list[str]) -> str:
    """Make a token and return it; this is the only time it is seen.

    Raises UnknownScope, BadName.
    """
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        raise UnknownScope(f"Không có quyền {', '.join(unknown) or '(trống)'}; chọn trong: {', '.join(SCOPES)}")
    name = " ".join(clean(name).split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadName(f"Tên của mã phải có từ 1 đến {LONGEST_NAME} ký tự")
    token = "mc_" + secrets.token_urlsafe(32)
    session.add(ApiToken(name=name, hash=_hash(token), scopes=list(dict.fromkeys(scopes)), created_at=clock.now()))
    return token


def holder_of(session: Session, token: str) -> Holder | None:
    """Return who holds a token; None for an unknown or revoked one."""
    found = session.execute(
        select(ApiToken.name, ApiToken.scopes).where(ApiToken.hash == _hash(token), ApiToken.revoked_at.is_(None))
    ).first()
    return Holder(found.name, tuple(found.scopes)) if found else None


def scopes_of(session: Session, token: str) -> list[str] | None:
    """Return what a token may do; None for an unknown or revoked one."""
    holder = holder_of(session, token)
    return list(holder.scopes) if holder else None


def listed(session: Session) -> list[ApiToken]:
    """Return every token, revoked ones too, oldest first; none of them can be read out of its row."""
    return list(session.execute(select(ApiToken).order_by(ApiToken.id)).scalars())


def revoke(session: Session, which: str) -> ApiToken:
    """Revoke the token with this number, or the only standing one of this name; it opens nothing from now on.

    Revoking it again changes nothing. Raises NoSuchToken.
    """
    which = which.strip()
    found = None
    if which.isdecimal() and which.isascii() and len(which) < 10:
        found = session.get(ApiToken, int(which))
    if found is None:
        named = [token for token in listed(session) if token.name == which]
        standing = [token for token in named if token.revoked_at is None] or named[-1:]
        if len(standing) > 1:
            numbers = ", ".join(str(token.id) for token in standing)
            raise NoSuchToken(f"Có nhiều mã cùng tên này; hãy ghi số: {numbers}")
        if not standing:
            raise NoSuchToken("Không có mã nào mang số hay tên này; xem: motcua token list")
        found = standing[0]
    if found.revoked_at is None:
        found.revoked_at = clock.now()
    return found


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
