"""The question for each fact of a booking, with what can be chosen; before the consent the summary comes with it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bot.messages import Message
from bot.pickups import fees, neighbours, slots
from bot.pickups.form import draft, questions, summary


def ask(session: Session, name: str, fields: dict[str, Any]) -> list[Message]:
    """Return the question for one fact; before the consent the summary comes with it."""
    office = draft.office(session, fields)
    if name == "recipient_name" and (owner := draft.owner(session, fields)):
        return [questions.owner_question(owner.phone)]
    if name == "date" and office:
        return [questions.date_question(slots.next_days(session, office))]
    if name == "window" and office:
        day = date.fromisoformat(fields["date"])
        return [questions.window_question(day, [slot.window for slot in slots.open_slots(session, office, day)])]
    if name == "address" and (destination := draft.destination(fields)):
        return [questions.address_outside(destination)]
    if name == "consent":
        return [_summary(session, fields), questions.consent_question()]
    fee = _fee(session, fields, slots.first_day()) if name == "payment" else None
    return [questions.pickup_question(name, fields.get("service"), fee)]


def _summary(session: Session, fields: dict[str, Any]) -> Message:
    procedure = neighbours.procedure(session, fields["procedure"]) if fields.get("procedure") else None
    outside = draft.destination(fields)
    names = {
        "commune": outside or neighbours.unit_name(fields["commune"]),
        "procedure": procedure.name if procedure else None,
    }
    day = date.fromisoformat(fields["date"]) if not outside else slots.first_day()
    shown = {name: fields.get(name) for name in draft.needed(fields) if name != "consent"} | {
        "dossier": draft.dossier(fields)
    }
    owner = draft.owner(session, fields)
    code = draft.dossier(fields)
    due = neighbours.amount_due(session, code) if code else None
    return summary.pickup_summary(
        {**dict.fromkeys(draft.FIELDS[:-1]), **shown},
        names,
        fee=_fee(session, fields, day),
        owner_phone=owner.phone if owner else None,
        amount_due=due,
    )


def _fee(session: Session, fields: dict[str, Any], day: date) -> int | None:
    zone = "outside" if draft.destination(fields) else neighbours.zone(fields.get("commune") or "")
    return fees.quote(session, fields.get("service") or "", day, zone)
