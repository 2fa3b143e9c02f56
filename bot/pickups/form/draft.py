"""A booking in the making: which facts it needs, and how they become a request.

The facts are a plain dict (names as in `FIELDS`), because they live in the dialogue between two messages.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bot.pickups import neighbours
from bot.pickups.booking import Request
from bot.pickups.models import Pickup

FIELDS = (
    "service",
    "dossier",
    "procedure",
    "recipient_name",
    "phone",
    "commune",
    "address",
    "date",
    "window",
    "proxy",
    "payment",
    "consent",
)
SELF = "self"  # the value of `proxy` when nobody stands in
# The value of `recipient_name` and `phone` when they are those of the dossier: whoever has proved it need not know
# them, and they are shown to nobody.
OWNER = "owner"
NO_DOSSIER = "none"  # in `dossier`: papers are collected first, and their result is brought home when there is one
OUTSIDE = "outside:"  # in `commune`: another province follows; no postman of ours comes, so no half-day is taken


def destination(fields: dict[str, Any]) -> str | None:
    """Return the other province the result goes to, or None inside the province."""
    commune = str(fields.get("commune") or "")
    return commune.removeprefix(OUTSIDE) if commune.startswith(OUTSIDE) else None


def unit(fields: dict[str, Any]) -> str | None:
    """Return the code of the commune of the booking, or None while it is not known or lies in another province."""
    return None if destination(fields) else fields.get("commune")


def office(session: Session, fields: dict[str, Any]) -> str | None:
    """Return the code of the office that sends the postman, or None while the commune is not known."""
    code = unit(fields)
    return neighbours.serving_code(session, code) if code else None


def needed(fields: dict[str, Any]) -> list[str]:
    """Return the facts this booking needs, in the order they are asked for."""
    unneeded = {"deliver": {"procedure"}, "collect": {"dossier"}}.get(fields.get("service") or "", set())
    if destination(fields):
        unneeded = unneeded | {"date", "window"}
    return [name for name in FIELDS if name not in unneeded]


def missing(fields: dict[str, Any]) -> str | None:
    """Return the next fact to ask for, or None when all are there."""
    return next((name for name in needed(fields) if fields.get(name) is None), None)


def dossier(fields: dict[str, Any]) -> str | None:
    """Return the code of the dossier whose result is brought, or None while it is not known or there is none yet."""
    code = fields.get("dossier")
    return None if code == NO_DOSSIER or fields.get("service") == "collect" else code


def owner(session: Session, fields: dict[str, Any]) -> neighbours.Owner | None:
    """Return name and phone that stand on the proven dossier of a delivery, when the postman can use both."""
    code = dossier(fields)
    return neighbours.owner(session, code) if code else None


def request(session: Session, fields: dict[str, Any], conversation_id: int | None) -> Request:
    """Return the complete facts as a request; the dossier's name and phone are put in here."""
    of_dossier = owner(session, fields)
    name, phone = fields["recipient_name"], fields["phone"]
    papers = neighbours.papers(session, fields["procedure"]) if fields["service"] != "deliver" else ()
    return Request(
        service=fields["service"],
        dossier_code=dossier(fields),
        procedure_code=fields.get("procedure"),
        recipient_name=of_dossier.name if of_dossier and name == OWNER else name,
        phone=of_dossier.phone if of_dossier and phone == OWNER else phone,
        unit_code=unit(fields),
        destination=destination(fields),
        address=fields["address"],
        date=date.fromisoformat(fields["date"]) if not destination(fields) else None,
        window=fields["window"] if not destination(fields) else None,
        payment=fields["payment"],
        proxy_name=None if fields["proxy"] == SELF else fields["proxy"],
        papers=papers,
        conversation_id=conversation_id,
    )


def of_pickup(session: Session, pickup: Pickup) -> dict[str, Any]:
    """Return a booking's facts, without the consent: that is asked for each time."""
    of_dossier = neighbours.owner(session, pickup.dossier_code) if pickup.dossier_code else None
    is_owner = of_dossier is not None and pickup.recipient_name == of_dossier.name
    return {
        "service": pickup.service,
        "dossier": pickup.dossier_code or (NO_DOSSIER if pickup.service == "both" else None),
        "procedure": pickup.procedure_code,
        "recipient_name": OWNER if is_owner else pickup.recipient_name,
        "phone": OWNER if of_dossier and pickup.phone == of_dossier.phone else pickup.phone,
        "commune": f"{OUTSIDE}{pickup.destination}" if pickup.destination else pickup.unit_code,
        "address": pickup.address,
        "date": pickup.slot.date.isoformat() if pickup.slot else None,
        "window": pickup.slot.window if pickup.slot else None,
        "proxy": pickup.proxy_name or SELF,
        "payment": pickup.payment,
        "consent": None,
    }
