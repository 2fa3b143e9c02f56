"""The table of tokens that other programs use."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String

from bot.db.base import Base, Json, UtcDateTime

SCOPES = ("understand", "dossiers:read", "dossiers:write", "pickups")


class ApiToken(Base):
    """A token, kept only as its SHA-256: the token itself is shown once (contract §6)."""

    __tablename__ = "api_tokens"

    id = Column(Integer, primary_key=True)
    name = Column(String(80), nullable=False)
    hash = Column(String(64), nullable=False, unique=True)
    scopes = Column(Json, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
    revoked_at = Column(UtcDateTime)
