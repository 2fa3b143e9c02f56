"""What pickups needs to know from other capabilities, in one place and by their functions only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot import clock
from bot.dossiers import lookup, proof
from bot.dossiers.proof import Lock, locks
from bot.pickups.form.reading import phone as mobile
from bot.pickups.models import PickupSlot
from bot.places import content, gazetteer, location, offices, provinces
from bot.procedures import known as known_procedures
from bot.procedures import search

_slots = PickupSlot.__table__.columns
_WITH_SLOTS = select(_slots.office_code).where(_slots.date >= bindparam("today")).distinct()


@dataclass(frozen=True)
class DossierFacts:
    """What decides whether a result can be delivered."""

    status: int
    procedure_code: str | None


@dataclass(frozen=True)
class Owner:
    """Whom the postman may ask for at the door of a dossier's owner; for a booking's own record, shown to nobody."""

    name: str
    phone: str


@dataclass(frozen=True)
class ProcedureFacts:
    """What decides whether papers of a procedure can go by post; each is "yes", "no" or "ask"."""

    code: str
    name: str
    bcci_collect: str
    bcci_return: str
    proxy: str


def dossier(session: Session, code: str) -> DossierFacts | None:
    """Return the facts of a dossier, or None."""
    found = lookup.find(session, code)
    return DossierFacts(found.status, found.procedure_code) if found else None


def owner(session: Session, code: str) -> Owner | None:
    """Return the owner of a dossier if the postman can use name and phone: a mobile number, and both there."""
    found = lookup.find(session, code)
    phone = mobile(found.owner_phone or "") if found else None
    return Owner(found.owner_name, phone) if found and found.owner_name and phone else None


def amount_due(session: Session, code: str) -> int | None:
    """Return the administrative fee in đồng that is still to be paid for a dossier, or None."""
    found = lookup.find(session, code)
    unpaid = found is not None and found.payment_state not in ("paid", "waived", "refunded")
    return found.amount_due or None if found and unpaid else None


def papers(session: Session, code: str) -> tuple[dict[str, str], ...]:
    """Return the published list of papers of a procedure, for the postman to count; empty where none is known."""
    known = known_procedures.find(session, code)
    fact = known.fact("documents", known.usual_case) if known else None
    return tuple({"name": str(item)} for item in (fact.body.get("items") or [])) if fact else ()


def near_units(point: location.Point, n: int = 3) -> list[tuple[str, str]]:
    """Return (code, name) of the communes nearest to a point; none for one that is outside of the province."""
    return [(commune.code, commune.full_name) for commune, _ in location.nearest(point, n)]


def other_province(text: str, *, asked: bool) -> str | None:
    """Return the province other than ours that a message names as its place; in a sentence only with a "về", "ở"."""
    return (provinces.named(text) if asked else None) or provinces.destination(text)


def dossier_proved(session: Session, asker: str, code: str) -> bool:
    """Return whether `asker` has proved this dossier, and it still holds."""
    return proof.proved(session, asker, code)


def standing_lock(session: Session, asker: str, number: str) -> Lock | None:
    """Return the lock after wrong tries of this asker, or at this booking number, or None."""
    return proof.locked(session, asker, number)


def count_wrong_try(session: Session, asker: str, number: str) -> None:
    """Note a wrong try at a booking number: it counts beside the wrong tries at dossiers."""
    locks.count_failure(session, asker, number)


def procedure(session: Session, code: str) -> ProcedureFacts | None:
    """Return the facts of a procedure, or None."""
    known = known_procedures.find(session, code)
    if known is None:
        return None
    found = known.procedure
    return ProcedureFacts(found.code, found.name, found.bcci_collect, found.bcci_return, found.proxy)


def find_procedures(session: Session, text: str) -> list[tuple[str, str]]:
    """Return (code, name) of the procedures that `text` may mean; one when it is clear."""
    linked = search.link(session, text)
    return [(match.code, match.name) for match in ([linked.best] if linked.best else linked.choices)]


def serving_code(session: Session, unit_code: str) -> str | None:
    """Return the code of the office that sends the postman to a commune, or None.

    Only offices that publish places for the postman count. The answer is kept for the session, which is one
    turn: a form asks several times.
    """
    kept = session.info.setdefault("pickups_serving", {})
    if unit_code not in kept:
        office = offices.serving_code(session, unit_code, among=_with_slots(session))
        if office is None:
            return None
        kept[unit_code] = office
    code: str = kept[unit_code]
    return code


def _with_slots(session: Session) -> set[str]:
    return set(session.execute(_WITH_SLOTS, {"today": clock.today()}).scalars())


def zone(unit_code: str) -> str:
    """Return the zone of a commune of the province: "special" for an island and where roads are few."""
    commune = content.communes().get(unit_code)
    return "special" if commune and commune.remote else "province"


def unit_name(unit_code: str) -> str | None:
    """Return the name of a commune with its kind ("xã Di Linh"), or None for an unknown code."""
    commune = content.communes().get(unit_code)
    return commune.full_name if commune else None


def find_units(text: str) -> list[tuple[str, str]]:
    """Return (code, name) of the communes that `text` may mean; one when it is clear."""
    codes = [text] if text in content.communes() else gazetteer.candidates(text)
    return [(code, content.full_name(code)) for code in codes]
