"""The calls about dossiers, described: `bot.api.dossiers` answers them. What is named here is invented."""

from __future__ import annotations

from bot.api.calls import Call
from bot.api.forms import DossierRecord, EventAnswer, EventReport, PutAnswer, StoredDossier
from bot.dossiers.codes import SAMPLE

PATH = "/api/v1/dossiers/{code}"
_STATE = {"status": 5, "at": "2026-11-20T15:00:00+07:00", "note": "thiếu bản sao giấy khai sinh"}
RECORD = {
    "procedure_code": "1.001193",
    "procedure_name": "Đăng ký khai sinh",
    "owner_name": "Nguyễn Thị Ví Dụ",
    "owner_phone": "0900001234",
    "slip_secret": "K7Q2",
    "status": 5,
    "received_at": "2026-11-05T08:00:00+07:00",
    "due_at": "2026-12-04T16:30:00+07:00",
    "agency": "UBND phường Ví Dụ",
    "channel": "in_person",
    "return_method": "counter",
    "supplement": ["Bản sao giấy khai sinh"],
    "supplement_due_at": "2026-12-20T17:00:00+07:00",
    "events": [_STATE],
}
_EMPTY = dict.fromkeys(DossierRecord.__struct_fields__)
CALLS = (
    Call(
        method="put",
        path=PATH,
        summary="Create or replace a dossier",
        description=(
            "The body is the record of an import file. The events in it replace those that came with the record "
            "before; events reported one by one stay. The same record again changes nothing. Whoever follows the "
            "dossier hears of a new state. A state beyond 1 to 10 is refused (unknown_status), kept for review, and "
            "shown to the citizen by its name."
        ),
        scope="dossiers:write",
        body=DossierRecord,
        body_example=RECORD,
        answers={200: PutAnswer, 201: PutAnswer},
        example={"result": "changed", "code": SAMPLE},
        errors=(400, 401, 403, 404, 413, 415, 422, 503),  # 404: a code with a line break, which no address has
    ),
    Call(
        method="get",
        path=PATH,
        summary="Read a dossier whole",
        description="With the owner's personal data: every look is written into the audit log.",
        scope="dossiers:read",
        answers={200: StoredDossier},
        example={**_EMPTY, "code": SAMPLE, **RECORD},
        errors=(401, 403, 404, 503),
    ),
    Call(
        method="post",
        path=f"{PATH}/events",
        summary="Report a change of state",
        description=(
            "Once per event_id: sending it again is harmless, sending other content under it is refused "
            "(event_differs). An event older than the newest known one is history and does not move the dossier. One "
            "from the future (future_event), with a state beyond 1 to 10 (unknown_status) or for a dossier that is not "
            "here (unknown_dossier) is refused and kept for review; one that goes back in the life of a dossier is "
            "taken and kept for review."
        ),
        scope="dossiers:write",
        body=EventReport,
        body_example={"event_id": "e-1", **_STATE},
        answers={200: EventAnswer, 201: EventAnswer},
        example={"result": "same", "moved": False, "review": None},
        errors=(400, 401, 403, 404, 409, 413, 415, 422, 503),
    ),
)
