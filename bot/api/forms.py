"""The forms of the dossier calls, for their description: what is taken is checked by `bot.dossiers.intake.records`.

A record may be less strict than its form: numbers may come as text, times without an offset are Vietnam time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from bot.dossiers.intake.events import MAX_EVENT_ID
from bot.dossiers.intake.models import REASONS
from bot.dossiers.intake.records import MAX_AMOUNT, MAX_CODE, MAX_SECRET, MAX_TEXT, MIN_SECRET
from bot.dossiers.intake.storing import MAX_EVENTS
from bot.dossiers.models import CHANNELS, FIRST_STATUS, LAST_STATUS, PAYMENT_STATES, RETURN_METHODS

State = Annotated[
    int, Meta(ge=FIRST_STATUS, le=LAST_STATUS, description="1 to 10, in the order of the national rule", examples=[4])
]
Time = Annotated[datetime, Meta(tz=True)]
Words = Annotated[str, Meta(max_length=MAX_TEXT)]
Code = Annotated[str, Meta(max_length=MAX_CODE)]


def _one_of(values: tuple[str, ...]) -> Any:
    return Annotated[str, Meta(extra_json_schema={"enum": list(values)})]


class RecordEvent(msgspec.Struct):
    """A change of state inside a record."""

    status: State
    at: Time
    note: Words | None = None


class Apology(msgspec.Struct):
    """Why the dossier is late, and the new date; the old one never moves."""

    reason: Words | None = None
    new_due_at: Time | None = None


class DossierRecord(msgspec.Struct, kw_only=True):
    """A dossier as another system hands it in; what is left out is empty afterwards."""

    code: Annotated[Code, Meta(description="may be left out; else the one of the address")] | None = None
    status: State
    procedure_code: Code | None = None
    procedure_name: Words | None = None
    owner_name: Words | None = None
    owner_phone: Annotated[str, Meta(pattern="^[0-9]{8,15}$", examples=["0900001234"])] | None = None
    owner_id_number: Annotated[str, Meta(max_length=20)] | None = None
    slip_secret: (
        Annotated[str, Meta(min_length=MIN_SECRET, max_length=MAX_SECRET, description="ignores case")] | None
    ) = None
    upstream_status: (
        Annotated[str, Meta(max_length=80, description="a state beyond the ten, shown to the citizen as it is")] | None
    ) = None
    received_at: Time | None = None
    due_at: Time | None = None
    finished_at: Time | None = None
    returned_at: Time | None = None
    agency: Words | None = None
    channel: _one_of(CHANNELS) | None = None  # type: ignore[valid-type]
    return_method: _one_of(RETURN_METHODS) | None = None  # type: ignore[valid-type]
    supplement: list[Words] | None = None
    supplement_due_at: Time | None = None
    amount_due: Annotated[int, Meta(ge=0, le=MAX_AMOUNT, description="whole đồng")] | None = None
    payment_state: _one_of(PAYMENT_STATES) | None = None  # type: ignore[valid-type]
    apology: Apology | None = None
    postal_code: Code | None = None
    events: Annotated[list[RecordEvent], Meta(max_length=MAX_EVENTS)] | None = None


class EventReport(msgspec.Struct):
    """A change of state that is reported by itself."""

    event_id: Annotated[
        str, Meta(min_length=1, max_length=MAX_EVENT_ID, description="the sender's own; unique for the dossier")
    ]
    status: State
    at: Time
    note: Words | None = None


class PutAnswer(msgspec.Struct):
    """What writing a record did."""

    result: _one_of(("new", "changed", "same"))  # type: ignore[valid-type]
    code: Annotated[str, Meta(description="in its standard form")]


class EventAnswer(msgspec.Struct):
    """What reporting a change did."""

    result: _one_of(("new", "same"))  # type: ignore[valid-type]
    moved: Annotated[bool, Meta(description="it is the newest one: the dossier is in this state now")]
    review: Annotated[_one_of(REASONS), Meta(description="why a person looks at it")] | None  # type: ignore[valid-type]


def _whole(name: str, form: type[msgspec.Struct], about: str, **given: Any) -> Any:
    """Return a form of which every field is there: what is read back leaves nothing out."""
    fields = [(field.name, given.get(field.name, field.type)) for field in msgspec.structs.fields(form)]
    return msgspec.defstruct(name, fields, namespace={"__doc__": about})


StoredEvent = _whole("StoredEvent", RecordEvent, "A change of state; one that was reported by itself among them.")
StoredDossier = _whole(
    "StoredDossier",
    DossierRecord,
    "A dossier as it is known here, whole.",
    code=str,
    supplement=list[str],
    events=list[StoredEvent],  # type: ignore[valid-type]
)
