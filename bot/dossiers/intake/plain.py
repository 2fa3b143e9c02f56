"""The short way for rows as programs write them: every field in its plainest form, nothing to mend.

`storing.check` takes what people write too, and says what is wrong; it needs twice as long. Both give the same record:
a row that is not plain in every way is left to it.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from bot.dossiers import codes
from bot.dossiers.intake import records
from bot.dossiers.intake.events import FROM_RECORD, Event
from bot.dossiers.intake.storing import MAX_EVENTS, Record
from bot.dossiers.models import CHANNELS, FIRST_STATUS, LAST_STATUS, PAYMENT_STATES, RETURN_METHODS
from bot.importing import RowError, fingerprint
from bot.importing_rows import DEEPEST, Cells, RawRow, from_cells
from bot.text import clean

SHORT = 200  # characters; the names of procedures, agencies, steps come again and again

_Status = Annotated[int, Meta(ge=FIRST_STATUS, le=LAST_STATUS)]
_Code = Annotated[str, Meta(min_length=1, max_length=records.MAX_CODE)]
_Text = Annotated[str, Meta(min_length=1, max_length=records.MAX_TEXT)]
_NUMBER = re.compile(r"0|[1-9][0-9]{0,12}")
_PHONE = re.compile(r"0[0-9]{9,14}")
_TEXTS = (
    "procedure_code", "procedure_name", "owner_name", "owner_id_number", "agency", "upstream_status", "apology_reason",
    "postal_code",
)  # fmt: skip
_MOMENTS = ("received_at", "due_at", "finished_at", "returned_at", "supplement_due_at", "new_due_at")


class _Apology(msgspec.Struct, gc=False):
    reason: _Text | None = None
    new_due_at: str | None = None


class _Event(msgspec.Struct, gc=False):
    status: _Status
    at: str
    note: _Text | None = None


class _Row(msgspec.Struct, gc=False):
    code: _Code
    status: _Status
    procedure_code: _Code | None = None
    procedure_name: _Text | None = None
    owner_name: _Text | None = None
    owner_phone: str | None = None
    owner_id_number: Annotated[str, Meta(min_length=1, max_length=records.MAX_ID_NUMBER)] | None = None
    slip_secret: Annotated[str, Meta(min_length=records.MIN_SECRET, max_length=records.MAX_SECRET)] | None = None
    received_at: str | None = None
    due_at: str | None = None
    finished_at: str | None = None
    returned_at: str | None = None
    agency: _Text | None = None
    channel: str | None = None
    return_method: str | None = None
    upstream_status: Annotated[str, Meta(min_length=1, max_length=records.MAX_STATUS_NAME)] | None = None
    supplement: list[_Text] | None = None
    supplement_due_at: str | None = None
    amount_due: Annotated[int, Meta(ge=0, le=records.MAX_AMOUNT)] | None = None
    payment_state: str | None = None
    postal_code: _Code | None = None
    apology: _Apology | None = None
    events: Annotated[list[_Event], Meta(max_length=MAX_EVENTS)] | None = None


_decode = msgspec.json.Decoder(_Row).decode


def read(raw: RawRow) -> Record | None:
    """Return the record that `storing.check` would make of a row; None when the row is not plain."""
    try:
        if isinstance(raw, bytes):
            if raw.count(b"[") + raw.count(b"{") > DEEPEST:
                return None  # it may be nested deeper than a row is allowed to be
            raw.decode()  # the decoder does not look at the fields that it leaves out
            row = _decode(raw)
        elif isinstance(raw, Cells):
            row = msgspec.convert(_numbered(from_cells(raw)), _Row)
        else:
            return None
        return _record(row)
    except (msgspec.MsgspecError, UnicodeError, RecursionError, RowError):
        return None


def _numbered(row: dict[str, Any]) -> dict[str, Any]:
    """Turn the numbers in the cells of a table into numbers."""
    for name in ("status", "amount_due"):
        text = row.get(name)
        if text.__class__ is str and _NUMBER.fullmatch(text):
            row[name] = int(text)
    return row


def _record(row: _Row) -> Record | None:
    """Return the record; raises RowError for a row that is not plain, or returns None."""
    values = msgspec.structs.asdict(row)
    apology, events = values.pop("apology"), values.pop("events") or ()
    values["apology_reason"] = apology and apology.reason
    values["new_due_at"] = apology and apology.new_due_at
    values["supplement"] = row.supplement or []
    if not _is_plain(values):
        return None
    for name in _MOMENTS:
        if values[name] is not None:
            values[name] = _moment(values[name])
    records.in_order(values, "received_at", "due_at")
    history = [_event(event) for event in events]
    if len({event.event_id for event in history}) < len(history):
        return None  # the same thing said twice: its ids are told apart there
    return Record(values, history)


def _is_plain(values: dict[str, Any]) -> bool:
    """Tell whether nothing in the values has to be mended; times are looked at where they are read."""
    for name in _TEXTS:
        text = values[name]
        if text is not None and not _is_clean(text):
            return False
    phone, secret, code = values["owner_phone"], values["slip_secret"], values["code"]
    return (
        (phone is None or _PHONE.fullmatch(phone) is not None)
        and (secret is None or (secret.isascii() and secret.isalnum()))
        and (values["channel"] is None or values["channel"] in CHANNELS)
        and (values["return_method"] is None or values["return_method"] in RETURN_METHODS)
        and (values["payment_state"] is None or values["payment_state"] in PAYMENT_STATES)
        and all(map(_is_clean, values["supplement"]))
        and code.isascii()
        and codes.normalise(code, future=True) == code
    )


@lru_cache(maxsize=4096)  # offices close at the same hour, and steps begin when others end
def _moment(text: str) -> datetime:
    """Return a time; raises RowError for one that is not plain."""
    moment = records.moment({"": text}, "") if text.isascii() else None
    if moment is None:
        raise RowError("not plain")
    return moment


def _event(event: _Event) -> Event:
    """Return an event as `check_events` does; raises RowError for one that is not plain."""
    at, note = _moment(event.at), event.note
    if note is not None and not _is_clean(note):
        raise RowError("not plain")
    return Event(FROM_RECORD + fingerprint([event.status, at, note])[:40], event.status, at, note)


def _is_clean(text: str) -> bool:
    if text.isascii() and " " not in text and text.isprintable():
        return True
    return _is_clean_again(text) if len(text) < SHORT else clean(text) == text


@lru_cache(maxsize=4096)
def _is_clean_again(text: str) -> bool:
    return clean(text) == text
