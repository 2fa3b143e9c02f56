"""What the sheets need to know from other capabilities, by their functions only."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.dossiers import lookup
from bot.places import offices
from bot.procedures import known

TO_PAY = (None, "unpaid")
NOTHING_LEFT = {"paid": "đã nộp", "waived": "được miễn", "refunded": "đã hoàn lại"}


def office_name(session: Session, code: str) -> str | None:
    """Return the name of an office, or None for an unknown code."""
    office = offices.find(session, code)
    return office.name if office else None


def procedure_name(session: Session, code: str | None) -> str | None:
    """Return the name of a procedure, or None when we do not know it."""
    found = known.find(session, code) if code else None
    return found.procedure.name if found else None


def subject_of(session: Session, dossier_code: str | None) -> str | None:
    """Return what a dossier is about, in the words of its procedure."""
    dossier = lookup.find(session, dossier_code) if dossier_code else None
    if dossier is None:
        return None
    name: str | None = dossier.procedure_name
    return name or procedure_name(session, dossier.procedure_code)


def fee_due(session: Session, dossier_code: str | None) -> int | str | None:
    """Return the administrative fee that is still to be paid, in words that nothing is left, or None when unknown."""
    dossier = lookup.find(session, dossier_code) if dossier_code else None
    if dossier is None:
        return None
    if dossier.payment_state in NOTHING_LEFT:
        return NOTHING_LEFT[dossier.payment_state]
    due: int | None = dossier.amount_due if dossier.payment_state in TO_PAY else None
    return due
