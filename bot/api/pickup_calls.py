"""The calls of the post, described: `bot.api.pickups` answers them. What is named here is invented."""

from __future__ import annotations

from typing import Any

from bot.api.calls import Call
from bot.api.pickup_forms import PickupReport, ReportAnswer, WorkList
from bot.dossiers.codes import SAMPLE
from bot.pickups.models import STATES

PATH = "/api/v1/pickups"
EVENTS = f"{PATH}/{{booking}}/events"
BOOKING = "MC-1234566"
MOST, USUAL = 200, 100  # bookings in one answer
_NUMBER = {"type": "string", "pattern": "^MC-[0-9]{7}$"}
_WORK: dict[str, Any] = {
    "booking": BOOKING,
    "state": "requested",
    "service": "deliver",
    "zone": "province",
    "date": "2026-11-25",
    "window": "morning",
    "office_code": "BC-VIDU",
    "unit_code": "25000",
    "unit_name": "xã Di Linh",
    "destination": None,
    "address": "12 đường Ví Dụ, cạnh nhà văn hóa",
    "recipient_name": "Nguyễn Thị Ví Dụ",
    "proxy_name": None,
    "phone": "0900001234",
    "dossier_code": SAMPLE,
    "procedure_code": "1.001193",
    "procedure_name": "Đăng ký khai sinh",
    "papers": [],
    "payment": "on_receipt",
    "fee": None,
    "fee_note": "bưu điện báo khi xác nhận",
    "tracking": None,
    "next_visit_on": None,
    "created_at": "2026-11-23T02:00:00Z",
    "updated_at": "2026-11-23T02:00:00Z",
}
CALLS = (
    Call(
        method="get",
        path=PATH,
        summary="The bookings that wait for the post, oldest first",
        description="With personal data: every booking that is shown is an entry in the audit log.",
        scope="pickups",
        parameters=(
            {
                "name": "state",
                "in": "query",
                "description": "bookings in this state only",
                "schema": {"type": "string", "enum": list(STATES), "default": "requested"},
            },
            {
                "name": "after",
                "in": "query",
                "description": "a booking number seen before: only those made after it",
                "schema": _NUMBER,
            },
            {
                "name": "limit",
                "in": "query",
                "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
            },
        ),
        answers={200: WorkList},
        example={"pickups": [_WORK], "more": False},
        errors=(401, 403, 422, 503),
    ),
    Call(
        method="post",
        path=EVENTS,
        summary="Report what became of a booking",
        description=(
            "Once per event_id: sending it again is harmless, sending other content under it is refused "
            "(event_differs). An event older than the newest known one, or of a state the booking has passed, is "
            "history: it moves nothing, and nobody is told. A move that is not in the life of a booking is refused "
            "(move_refused, naming what may follow), and so is a second visit in vain less than two working days after "
            "the first (too_soon, with the first day), an event from the future (future_event), and one for a booking "
            "that is not here (unknown_booking)."
        ),
        scope="pickups",
        body=PickupReport,
        body_example={
            "event_id": "e-1",
            "state": "confirmed",
            "at": "2026-11-23T08:30:00+07:00",
            "note": "bưu tá gọi trước khi đến",
            "tracking": "EB125966888VN",
        },
        answers={200: ReportAnswer, 201: ReportAnswer},
        example={"result": "same", "moved": False, "state": "confirmed", "warning": None},
        errors=(400, 401, 403, 404, 409, 413, 415, 422, 503),
    ),
)
