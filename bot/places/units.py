"""Communes in the database: loading the shipped list, looking one up, old name → new commune."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.places.content import Commune, communes
from bot.places.gazetteer import candidates
from bot.places.models import FormerUnit, Unit


def load_units(session: Session) -> int:
    """Bring the 124 communes into the database; returns how many were new or different.

    Loading twice changes nothing. Nothing is deleted: bookings and offices point at communes.
    """
    stored = {unit.code: unit for unit in session.execute(select(Unit).options(selectinload(Unit.former))).scalars()}
    written = 0
    for commune in communes().values():
        unit = stored.get(commune.code)
        if unit is None:
            unit = Unit(code=commune.code)
            session.add(unit)
        if _update(unit, commune):
            written += 1
    session.flush()
    return written


def get(session: Session, code: str) -> Unit | None:
    """Return the commune with this code, or None."""
    return session.get(Unit, code)


def new_units(session: Session, name: str) -> list[Unit]:
    """Return the communes that an old or present name may mean today; several when it is ambiguous."""
    found = {code: get(session, code) for code in candidates(name)}
    return [unit for unit in found.values() if unit is not None]


def _update(unit: Unit, commune: Commune) -> bool:
    """Give the row the values of the list; returns whether anything differed."""
    values: dict[str, Any] = {
        "name": commune.name,
        "kind": commune.kind,
        "lat": commune.lat,
        "lon": commune.lon,
        "remote": int(commune.remote),
    }
    different = {name: value for name, value in values.items() if getattr(unit, name) != value}
    for name, value in different.items():
        setattr(unit, name, value)
    wanted = {(former.name, former.kind, former.district) for former in commune.former}
    present = {(former.name, former.kind, former.district): former for former in unit.former}
    for key in present.keys() - wanted:
        unit.former.remove(present[key])
    for name, kind, district in sorted(wanted - present.keys()):
        unit.former.append(FormerUnit(name=name, kind=kind, district=district))
    return bool(different) or wanted != present.keys()
