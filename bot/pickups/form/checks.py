"""Whether the facts of a booking fit the records and each other; what cannot be had is taken back, and said why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bot import clock
from bot.clock import say_date
from bot.messages import Message
from bot.pickups import booking, eligibility, slots
from bot.pickups.eligibility import STAFF, Refusal
from bot.pickups.form import draft, questions
from bot.pickups.form.draft import OWNER, SELF
from bot.pickups.models import PAYMENTS, SERVICES, WINDOWS, Pickup
from bot.working_days import is_working_day


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


def settle(session: Session, fields: dict[str, Any], changed: set[str], changing: Pickup | None = None) -> Settled:
    """Check the facts in `changed` against the records and against each other."""
    settled = Settled()
    for name, known in (("service", SERVICES), ("window", WINDOWS), ("payment", PAYMENTS)):
        if name in changed and fields.get(name) not in (None, *known):
            settled.drop(name)
            fields = {**fields, name: None}
    _settle_owner(fields, changed, settled)
    settled.refusal = _refusal(session, fields, changed, changing)
    if settled.refusal is None and "commune" in changed and draft.unit(fields):
        settled.refusal = _unserved(session, fields)
    if settled.refusal is None and changed & {"commune", "date", "window"}:
        _settle_time(session, fields, settled, changing)
    return settled


def _settle_owner(fields: dict[str, Any], changed: set[str], settled: Settled) -> None:
    """Let whoever owns the dossier be called on its phone and receive himself; another dossier has another owner."""
    if "dossier" in changed and "recipient_name" not in changed:
        for name in ("recipient_name", "phone"):
            if fields.get(name) == OWNER:
                settled.drop(name)
    elif "recipient_name" in changed and fields.get("recipient_name") == OWNER:
        settled.changes.update({"phone": fields.get("phone") or OWNER, "proxy": fields.get("proxy") or SELF})


def _refusal(session: Session, fields: dict[str, Any], changed: set[str], changing: Pickup | None) -> Refusal | None:
    service = fields.get("service")
    if service in ("collect", "both") and draft.destination(fields):
        return Refusal("collection_outside", [STAFF])
    code = draft.dossier(fields)
    if code and changed & {"dossier", "service"}:
        refused = eligibility.delivery(session, code)
        standing = booking.delivery_of(session, code)
        if refused is None and standing is not None and standing is not changing:
            refused = Refusal("already_booked", [STAFF], booking=standing.booking)
        if refused is not None:
            return refused
    if service != "deliver" and fields.get("procedure") and changed & {"procedure", "service"}:
        return eligibility.collection(session, fields["procedure"])
    return None


def _unserved(session: Session, fields: dict[str, Any]) -> Refusal | None:
    office = draft.office(session, fields)
    if office is None:
        return Refusal("no_office", [STAFF])
    if not slots.next_open(session, office, 1):
        return Refusal("no_slots", [STAFF])
    return None


def _settle_time(session: Session, fields: dict[str, Any], settled: Settled, changing: Pickup | None) -> None:
    """Drop a day or half-day that cannot be had, saying why."""
    if not fields.get("date") or draft.destination(fields):
        return
    day = date.fromisoformat(fields["date"])
    if not slots.is_bookable_day(day):
        settled.drop("date", f"Dạ, {say_date(day)} {_why_not(day)}. Sớm nhất là {say_date(slots.first_day())} ạ.")
        return
    office = draft.office(session, fields)
    if office is None:
        return
    open_windows = [slot.window for slot in slots.open_slots(session, office, day)]
    held = changing.slot if changing else None
    if held and (held.office_code, held.date) == (office, day):
        open_windows.append(held.window)  # the place this booking already holds
    if not open_windows:
        settled.drop("date", f"Dạ, {say_date(day)} bưu tá hết chỗ rồi ạ.")
    elif fields.get("window") and fields["window"] not in open_windows:
        name = questions.WINDOW_NAMES[fields["window"]]
        settled.drop("window", f"Dạ, {name} {say_date(day)} hết chỗ rồi ạ.")


def _why_not(day: date) -> str:
    if day < clock.today():
        return "đã qua rồi"
    return "em chưa đặt kịp" if is_working_day(day) else "là ngày nghỉ, em chưa đặt được"
