"""The log of looks: who saw or settled what is not public, and when; never the data itself."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot import clock
from bot.privacy.models import AuditEntry

LONGEST_NAME = 160


def record(session: Session, *, actor: str, action: str, subject: str, reason: str | None = None) -> None:
    """Write one entry into the running transaction: what is looked at and its entry stand or fall together.

    `actor` is "token:NAME" or "cli:USER", `action` like "dossier.read", `subject` a dossier's code or the like.
    Names longer than the column are cut: an entry that cannot be written would let nobody look.
    """
    session.add(
        AuditEntry(
            at=clock.now(), actor=actor[:LONGEST_NAME], action=action, subject=subject[:LONGEST_NAME], reason=reason
        )
    )
