"""A booking in the making: which facts it needs, and whether those given so far fit together.

The facts are a plain dict (names as in `FIELDS`), because they live in the dialogue between two messages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import say_date
from bot.messages import Message
from bot.pickups import booking, eligibility, fees, neighbours, slots
from bot.pickups.booking import Request
from bot.pickups.eligibility import STAFF, Refusal
from bot.pickups.form import questions
from bot.pickups.models import PAYMENTS, SERVICES, WINDOWS, Pickup
from bot.working_days import is_working_day

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


@dataclass
class Settled:
    """What checking the facts led to: facts that had to go, what to say about it, or an end."""

    changes: dict[str, Any] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    refusal: Refusal | None = None

    def drop(self, name: str, why: str | None = None) -> None:
        """Take a fact back so that it is asked for again."""
        self.changes[name] = None
        if why:
            self.messages.append(questions.complaint(name, why))


def needed(fields: dict[str, Any]) -> list[str]:
    """Return the facts this booking needs, in the order they are asked for."""
    unneeded = {"deliver": {"procedure"}, "collect": {"dossier"}}.get(fields.get("service") or "", set())
    return [name for name in FIELDS if name not in unneeded]


def missing(fields: dict[str, Any]) -> str | None:
    """Return the next fact to ask for, or None when all are there."""
    return next((name for name in needed(fields) if fields.get(name) is None), None)


def settle(session: Session, fields: dict[str, Any], changed: set[str], changing: Pickup | None = None) -> Settled:
    """Check the facts in `changed` against the records and against each other."""
    settled = Settled()
    for name, known in (("service", SERVICES), ("window", WINDOWS), ("payment", PAYMENTS)):
        if name in changed and fields.get(name) not in (None, *known):
            settled.drop(name)
            fields = {**fields, name: None}
    settled.refusal = _refusal(session, fields, changed, changing)
    if settled.refusal is None and fields.get("commune") and "commune" in changed:
        settled.refusal = _unserved(session, fields["commune"])
    if settled.refusal is None and changed & {"commune", "date", "window"}:
        _settle_time(session, fields, settled, changing)
    return settled


def request(fields: dict[str, Any], conversation_id: int | None) -> Request:
    """Return the complete facts as a request."""
    return Request(
        service=fields["service"],
        dossier_code=fields.get("dossier"),
        procedure_code=fields.get("procedure"),
        recipient_name=fields["recipient_name"],
        phone=fields["phone"],
        unit_code=fields["commune"],
        address=fields["address"],
        date=date.fromisoformat(fields["date"]),
        window=fields["window"],
        payment=fields["payment"],
        proxy_name=None if fields["proxy"] == SELF else fields["proxy"],
        conversation_id=conversation_id,
    )


def of_pickup(pickup: Pickup) -> dict[str, Any]:
    """Return a booking's facts, without the consent: that is asked for each time."""
    return {
        "service": pickup.service,
        "dossier": pickup.dossier_code,
        "procedure": pickup.procedure_code,
        "recipient_name": pickup.recipient_name,
        "phone": pickup.phone,
        "commune": pickup.unit_code,
        "address": pickup.address,
        "date": pickup.slot.date.isoformat(),
        "window": pickup.slot.window,
        "proxy": pickup.proxy_name or SELF,
        "payment": pickup.payment,
        "consent": None,
    }


def ask(session: Session, name: str, fields: dict[str, Any]) -> list[Message]:
    """Return the question for one fact; before the consent the summary comes with it."""
    office = neighbours.serving_code(session, fields["commune"]) if fields.get("commune") else None
    if name == "date" and office:
        return [questions.date_question(slots.next_days(session, office))]
    if name == "window" and office:
        day = date.fromisoformat(fields["date"])
        return [questions.window_question(day, [slot.window for slot in slots.open_slots(session, office, day)])]
    if name == "consent":
        return [_summary(session, fields), questions.consent_question()]
    fee = fees.quote(session, fields.get("service") or "", slots.first_day()) if name == "payment" else None
    return [questions.pickup_question(name, fields.get("service"), fee)]


def _summary(session: Session, fields: dict[str, Any]) -> Message:
    procedure = neighbours.procedure(session, fields["procedure"]) if fields.get("procedure") else None
    names = {
        "commune": neighbours.unit_name(fields["commune"]),
        "procedure": procedure.name if procedure else None,
    }
    fee = fees.quote(session, fields["service"], date.fromisoformat(fields["date"]))
    shown = {name: fields.get(name) for name in needed(fields) if name != "consent"}
    return questions.pickup_summary({**dict.fromkeys(FIELDS[:-1]), **shown}, names, fee)


def _refusal(session: Session, fields: dict[str, Any], changed: set[str], changing: Pickup | None) -> Refusal | None:
    service = fields.get("service")
    if service != "collect" and fields.get("dossier") and changed & {"dossier", "service"}:
        refused = eligibility.delivery(session, fields["dossier"])
        standing = booking.delivery_of(session, fields["dossier"])
        if refused is None and standing is not None and standing is not changing:
            refused = Refusal("already_booked", [STAFF], booking=standing.booking)
        if refused is not None:
            return refused
    if service != "deliver" and fields.get("procedure") and changed & {"procedure", "service"}:
        return eligibility.collection(session, fields["procedure"])
    return None


def _unserved(session: Session, unit_code: str) -> Refusal | None:
    office = neighbours.serving_code(session, unit_code)
    if office is None:
        return Refusal("no_office", [STAFF])
    if not slots.next_open(session, office, 1):
        return Refusal("no_slots", [STAFF])
    return None


def _settle_time(session: Session, fields: dict[str, Any], settled: Settled, changing: Pickup | None) -> None:
    """Drop a day or half-day that cannot be had, saying why."""
    if not fields.get("date"):
        return
    day = date.fromisoformat(fields["date"])
    if not slots.is_bookable_day(day):
        why = "em chưa đặt kịp" if is_working_day(day) else "là ngày nghỉ, em chưa đặt được"
        settled.drop("date", f"Dạ, {say_date(day)} {why}. Sớm nhất là {say_date(slots.first_day())} ạ.")
        return
    office = neighbours.serving_code(session, fields["commune"]) if fields.get("commune") else None
    if office is None:
        return
    open_windows = [slot.window for slot in slots.open_slots(session, office, day)]
    if changing and (changing.slot.office_code, changing.slot.date) == (office, day):
        open_windows.append(changing.slot.window)  # the place this booking already holds
    if not open_windows:
        settled.drop("date", f"Dạ, {say_date(day)} bưu tá hết chỗ rồi ạ.")
    elif fields.get("window") and fields["window"] not in open_windows:
        name = questions.WINDOW_NAMES[fields["window"]]
        settled.drop("window", f"Dạ, {name} {say_date(day)} hết chỗ rồi ạ.")
