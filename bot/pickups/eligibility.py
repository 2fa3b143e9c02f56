"""What may go by post: a result that is on its way, papers that nobody has to bring in person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from bot.pickups import neighbours

# From 2 (received) to 9 (finished): before, nothing is due yet; after, nothing is left to bring.
DELIVERABLE = range(2, 10)
_REGISTERED, _RETURNED = 1, 10

COUNTER = {"what": "counter"}
STAFF = {"what": "staff"}
WAIT = {"what": "wait"}


@dataclass(frozen=True)
class Refusal:
    """Why something cannot be booked, and what the citizen can do instead."""

    reason: str
    alternatives: list[dict[str, Any]] = field(default_factory=list)
    booking: str | None = None  # with `already_booked`: the booking that stands


def delivery(session: Session, dossier_code: str) -> Refusal | None:
    """Return why the result of this dossier cannot be delivered, or None when it can.

    Call it only for somebody who has proved to own the dossier: the reason tells its state.
    """
    dossier = neighbours.dossier(session, dossier_code)
    if dossier is None:
        return Refusal("dossier_not_found", [STAFF])
    if dossier.status == _REGISTERED:
        return Refusal("dossier_not_received", [WAIT, COUNTER])
    if dossier.status == _RETURNED:
        return Refusal("dossier_returned", [STAFF])
    if dossier.status not in DELIVERABLE:
        return Refusal("dossier_state", [STAFF])
    if dossier.procedure_code:
        procedure = neighbours.procedure(session, dossier.procedure_code)
        if procedure is not None and procedure.bcci_return == "no":
            return Refusal("procedure_in_person", [_where(dossier.procedure_code), STAFF])
    return None


def collection(session: Session, procedure_code: str) -> Refusal | None:
    """Return why papers for this procedure cannot be collected at home, or None when they can."""
    procedure = neighbours.procedure(session, procedure_code)
    if procedure is None:
        return Refusal("procedure_not_found", [STAFF])
    if procedure.bcci_collect == "no":
        return Refusal("procedure_in_person", [_where(procedure_code), STAFF])
    return None


def _where(procedure_code: str) -> dict[str, Any]:
    """Return the way in person: the procedure's record knows where, and it is not always a one-stop centre."""
    return {**COUNTER, "procedure": procedure_code}


def is_unsure(session: Session, service: str, dossier_code: str | None, procedure_code: str | None) -> bool:
    """Tell whether nobody has confirmed yet that this may go by post ("ask" in the records)."""
    if service != "collect" and dossier_code:
        dossier = neighbours.dossier(session, dossier_code)
        known = neighbours.procedure(session, dossier.procedure_code or "") if dossier else None
        if known is None or known.bcci_return == "ask":
            return True
    if service != "deliver" and procedure_code:
        wanted = neighbours.procedure(session, procedure_code)
        return wanted is None or wanted.bcci_collect == "ask"
    return False
