"""The forms of the pickup calls, for their description; what is reported is checked by `bot.pickups.post.reports`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from bot.pickups.models import PAYMENTS, SERVICES, STATES, WINDOWS, ZONES
from bot.pickups.post.reports import MAX_EVENT_ID, MAX_NOTE, REPORTABLE
from bot.pickups.post.tracking import LONGEST, WRONG_DIGIT

Time = Annotated[datetime, Meta(tz=True)]
Day = Annotated[date, Meta()]  # a form has a field named `date`


def _one_of(values: tuple[str, ...]) -> Any:
    return Annotated[str, Meta(extra_json_schema={"enum": list(values)})]


class Work(msgspec.Struct, kw_only=True):
    """A booking with all that the post needs to carry it out; personal data, for this work only."""

    booking: str
    state: _one_of(STATES)  # type: ignore[valid-type]
    service: Annotated[
        _one_of(SERVICES), Meta(description="deliver: bring a result; collect: fetch papers; both in one trip")  # type: ignore[valid-type]
    ]
    zone: _one_of(ZONES)  # type: ignore[valid-type]
    date: Annotated[Day | None, Meta(description="null for a letter beyond the province")]
    window: _one_of(WINDOWS) | None  # type: ignore[valid-type]
    office_code: Annotated[str | None, Meta(description="the office whose postman comes")]
    unit_code: Annotated[str | None, Meta(description="the commune")]
    unit_name: str | None
    destination: Annotated[str | None, Meta(description="the other province, as its citizen wrote it")]
    address: str
    recipient_name: Annotated[str, Meta(description="who receives, or hands over")]
    proxy_name: Annotated[str | None, Meta(description="who acts for the recipient; shows the power of attorney")]
    phone: str
    dossier_code: str | None
    procedure_code: str | None
    procedure_name: str | None
    papers: Annotated[list[dict[str, Any]], Meta(description="what the postman counts: name, original, copy")]
    payment: _one_of(PAYMENTS)  # type: ignore[valid-type]
    fee: Annotated[int | None, Meta(description="postage in whole đồng by the tariff of that day; null: not known")]
    fee_note: Annotated[str, Meta(description="how firm it is, in words for people")]
    tracking: str | None
    next_visit_on: Annotated[
        Day | None, Meta(description="after a visit in vain: the first day of the next one, or of the return")
    ]
    created_at: Time
    updated_at: Time


class WorkList(msgspec.Struct):
    """Bookings in one state, oldest first."""

    pickups: list[Work]
    more: Annotated[bool, Meta(description="there are others: ask again with after = the last booking of this list")]


class PickupReport(msgspec.Struct):
    """A change of a booking's state."""

    event_id: Annotated[
        str, Meta(min_length=1, max_length=MAX_EVENT_ID, description="the sender's own; unique for the booking")
    ]
    state: _one_of(REPORTABLE)  # type: ignore[valid-type]
    at: Annotated[Time, Meta(description="when it happened")]
    note: Annotated[str, Meta(max_length=MAX_NOTE)] | None = None
    tracking: (
        Annotated[str, Meta(max_length=LONGEST, description="the parcel's number", examples=["EB125966888VN"])] | None
    ) = None


class ReportAnswer(msgspec.Struct):
    """What reporting a change did."""

    result: _one_of(("new", "same"))  # type: ignore[valid-type]
    moved: Annotated[bool, Meta(description="the booking is in this state from now on, and its citizen is told")]
    state: Annotated[_one_of(STATES), Meta(description="the state the booking is in now")]  # type: ignore[valid-type]
    warning: (
        Annotated[
            _one_of((WRONG_DIGIT,)), Meta(description="the parcel's number looks mistyped; it was taken all the same")  # type: ignore[valid-type]
        ]
        | None
    )
