"""Tokens of other programs: made once, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.api.models import SCOPES, ApiToken


class UnknownScope(ValueError):
    """A scope that does not exist; the text lists those that do."""


def create(session: Session, name: str, scopes: list[str]) -> str:
    """Make a token and return it; this is the only time it is seen.

    Raises UnknownScope.
    """
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        raise UnknownScope(f"Không có quyền {', '.join(unknown) or '(trống)'}; chọn trong: {', '.join(SCOPES)}")
    token = "mc_" + secrets.token_urlsafe(32)
    session.add(ApiToken(name=name, hash=_hash(token), scopes=scopes, created_at=clock.now()))
    return token


def scopes_of(session: Session, token: str) -> list[str] | None:
    """Return what a token may do; None for an unknown or revoked one."""
    found: list[str] | None = session.execute(
        select(ApiToken.scopes).where(ApiToken.hash == _hash(token), ApiToken.revoked_at.is_(None))
    ).scalar_one_or_none()
    return found


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
