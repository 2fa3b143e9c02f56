"""The catalogue in memory: the index of names and the procedures asked for, renewed when the tables change."""

from __future__ import annotations

import re
import threading
import time
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, selectinload

from bot.procedures.content import own_codes
from bot.procedures.everyday import NOTHING, everyday
from bot.procedures.index import Entry, Index
from bot.procedures.models import Procedure, ProcedureAlias

# An import beside a running server is seen after this time; asking at every turn would cost more than it brings.
REFRESH_SECONDS = 2.0
_DISTRICT = re.compile(r"\b(?:cấp|UBND|Ủy ban nhân dân|Uỷ ban nhân dân) (?:cấp )?(?:quận|huyện)\b", re.IGNORECASE)


class Catalogue:
    """What one version of the tables holds."""

    def __init__(self, version: tuple[object, ...], index: Index) -> None:
        """Begin with the index; procedures are read when they are asked for."""
        self.version = version
        self.index = index
        self.procedures: dict[str, Procedure | None] = {}
        self.checked = time.monotonic()


_held: WeakKeyDictionary[Engine, Catalogue] = WeakKeyDictionary()
_building = threading.Lock()


def of(session: Session) -> Catalogue:
    """Return the catalogue of the session's database, at most `REFRESH_SECONDS` old."""
    bind = session.get_bind()
    engine = getattr(bind, "engine", bind)
    held = _held.get(engine)
    if held and time.monotonic() - held.checked < REFRESH_SECONDS:
        return held
    with _building:
        version = tuple(
            session.execute(select(func.count(), func.max(Procedure.updated_at)).select_from(Procedure)).one()
        )
        if held is None or held.version != version:
            held = _held[engine] = Catalogue(version, _index(session))
        held.checked = time.monotonic()
        return held


def find(session: Session, code: str) -> Procedure | None:
    """Return a procedure with its facts, detached from the session; None for an unknown code."""
    procedures = of(session).procedures
    if code not in procedures:
        found = session.execute(
            select(Procedure).options(selectinload(Procedure.facts)).where(Procedure.code == code)
        ).scalar_one_or_none()
        if found is not None:
            for row in [*found.facts, found]:
                session.expunge(row)
        procedures[code] = found
    return procedures[code]


def forget() -> None:
    """Drop everything, so that the next question reads the tables again (for tests)."""
    _held.clear()


def _index(session: Session) -> Index:
    aliases: dict[str, list[str]] = {}
    for code, alias in session.execute(select(Procedure.code, ProcedureAlias.alias).join(ProcedureAlias)):
        aliases.setdefault(code, []).append(alias)
    words, ours = everyday(), own_codes()
    rows = session.execute(
        select(
            Procedure.code, Procedure.name, Procedure.field, Procedure.levels, Procedure.popularity, Procedure.origin
        ).order_by(Procedure.code)
    )
    entries = []
    for code, name, field, levels, popularity, origin in rows:
        if origin != "content" and _DISTRICT.search(name):
            continue  # since 2025-07-01 nobody can file there; what took its place has a name of its own
        more = words.get(code, NOTHING)
        entries.append(
            Entry(
                code,
                name,
                tuple(dict.fromkeys((*aliases.get(code, ()), *more.aliases))),
                field or "",
                tuple(levels or ()),
                max(popularity, more.popularity),
                code in ours,
                origin == "content",
            )
        )
    return Index(entries)
