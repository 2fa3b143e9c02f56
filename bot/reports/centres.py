"""Centres: the places that figures are split by. A dossier names its agency, a booking of the postman its office.

Both are matched by name, as nothing else joins them; messages, chats and tickets name no place at all.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.dossiers.models import Dossier
from bot.places.models import Office

OUTSIDE = "Ngoài tỉnh (không qua bưu cục nào)"


def centres(session: Session) -> list[str]:
    """Return the names of all places that figures can be split by."""
    agencies = session.execute(select(Dossier.agency).where(Dossier.agency.is_not(None)).distinct()).scalars()
    offices = session.execute(select(Office.name).distinct()).scalars()
    return sorted({*agencies, *offices})
