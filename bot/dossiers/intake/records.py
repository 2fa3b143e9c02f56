"""A dossier as other systems hand it in (contract §5): every field checked, nothing personal in an error.

Reasons name the field and what is expected, never the value: a cell in the wrong column may hold anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from bot import clock
from bot.dossiers import codes
from bot.dossiers.models import CHANNELS, FIRST_STATUS, LAST_STATUS, PAYMENT_STATES, RETURN_METHODS
from bot.importing import RowError
from bot.text import clean, digits

MAX_TEXT = 2_000
MAX_CODE, MAX_ID_NUMBER, MAX_STATUS_NAME = 40, 20, 80
MIN_SECRET, MAX_SECRET = 4, 40
MAX_AMOUNT = 10**13
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)  # near the year 9999, adding a few hours overflows
_VIETNAMESE_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ ,]+(\d{1,2}):(\d{2})(?::\d{2})?)?")
# Vietnam keeps one offset all year: a moment can be compared in UTC, without turning each one into local time.
_FIRST_MOMENT = clock.parse(FIRST_DAY.isoformat())
_FRACTION = re.compile(r"(?<=:\d\d)(\.\d{1,9})(?=$|[Zz+-])")
_OFFSET = re.compile(r"(?<=:\d\d)((?:\.\d+)?[+-]\d\d)(\d\d)$")
_AMOUNT = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d+")
_LETTER = re.compile(r"[^\W\d]")

Row = Mapping[str, Any]


class UnknownStatusError(RowError):
    """A state is named, but it is none of the ten: it is kept for review, for citizens are to see it as it is."""


def dossier_values(row: Row) -> dict[str, Any]:
    """Return the columns of a dossier out of a row (without its events); raises RowError."""
    apology = row.get("apology") or {}
    if not isinstance(apology, Mapping):
        raise RowError("apology phải gồm reason và new_due_at")
    values = {
        "code": dossier_code(row.get("code")),
        "procedure_code": text(row, "procedure_code", MAX_CODE),
        "procedure_name": text(row, "procedure_name"),
        "owner_name": text(row, "owner_name"),
        "owner_phone": _phone(row),
        "owner_id_number": text(row, "owner_id_number", MAX_ID_NUMBER),
        "slip_secret": _secret(row),
        "status": status(row),
        "received_at": moment(row, "received_at"),
        "due_at": moment(row, "due_at"),
        "finished_at": moment(row, "finished_at"),
        "returned_at": moment(row, "returned_at"),
        "agency": text(row, "agency"),
        "channel": _one_of(row, "channel", CHANNELS),
        "return_method": _one_of(row, "return_method", RETURN_METHODS),
        "upstream_status": text(row, "upstream_status", MAX_STATUS_NAME),
        "supplement": _supplement(row),
        "supplement_due_at": moment(row, "supplement_due_at"),
        "amount_due": _amount(row),
        "payment_state": _one_of(row, "payment_state", PAYMENT_STATES),
        "apology_reason": text(apology, "reason"),
        "new_due_at": moment(apology, "new_due_at"),
        "postal_code": text(row, "postal_code", MAX_CODE),
    }
    in_order(values, "received_at", "due_at")
    return values


def dossier_code(value: Any) -> str:
    """Return a dossier's code in standard form; raises RowError."""
    if value is None or value == "":
        raise RowError("thiếu code (mã hồ sơ)")
    found = codes.normalise(value, future=True) if isinstance(value, str) else None
    if found and len(found) <= MAX_CODE:
        return found
    raise RowError(f"code không đúng dạng mã hồ sơ (ví dụ {codes.SAMPLE})")


def status(row: Row) -> int:
    """Return the state of a row, 1 to 10; raises RowError, UnknownStatusError when it names another one."""
    value = row.get("status")
    if value is None or value == "":
        raise RowError("thiếu status (trạng thái)")
    number = value if value.__class__ is int else _integer(value)
    if number is None or not FIRST_STATUS <= number <= LAST_STATUS:
        raise UnknownStatusError(f"status phải là số từ {FIRST_STATUS} đến {LAST_STATUS}")
    return number


def text(row: Row, name: str, longest: int = MAX_TEXT) -> str | None:
    """Return an optional text field, cleaned; raises RowError."""
    value = row.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(int(value)) if value % 1 == 0 else str(value)  # NaN and infinity leave no remainder of 0
    if not isinstance(value, str):
        raise RowError(f"{name} phải là chữ")
    value = clean(value)
    if len(value) > longest:
        raise RowError(f"{name} dài quá {longest} ký tự")
    return value or None


def moment(row: Row, name: str) -> datetime | None:
    """Return an optional time field (ISO, or 31/12/2026 17:00, without an offset: Vietnam time)."""
    value = row.get(name)
    if value is None or value == "":
        return None
    try:
        found = _read_moment(value)
    except (ValueError, OverflowError):
        found = None
    if found is None or found < _FIRST_MOMENT or found.date() > LAST_DAY:
        raise RowError(f"{name} phải là ngày giờ, ví dụ 2026-11-20T17:00:00+07:00")
    return found


def _read_moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return clock.parse(value.isoformat())
    if isinstance(value, date):
        return clock.parse(datetime.combine(value, time()).isoformat())
    if not isinstance(value, str):
        return None
    if "/" in value and (match := _VIETNAMESE_DAY.fullmatch(value.strip())):
        day, month, year, hour, minute = (int(part or 0) for part in match.groups())
        return clock.parse(datetime(year, month, day, hour, minute).isoformat())
    try:
        return clock.parse(value)
    except ValueError:
        # .NET and Java write seven digits of a second, or an offset without its colon; Python 3.10 reads neither.
        value = _FRACTION.sub(lambda match: f"{match[1]:0<7}"[:7], value.strip())
        return clock.parse(_OFFSET.sub(r"\1:\2", value))


def _phone(row: Row) -> str | None:
    value = text(row, "owner_phone", 30)
    if value is None:
        return None
    number = digits(value)
    if number.startswith("84") and len(number) > 9:
        number = "0" + number[2:]
    if len(number) == 9 and number[0] in "35789":
        number = "0" + number  # a spreadsheet took the leading zero for a number's
    if not 8 <= len(number) <= 15 or (number != value and _LETTER.search(value)):
        raise RowError("owner_phone không phải số điện thoại")
    return number


def _secret(row: Row) -> str | None:
    value = text(row, "slip_secret", MAX_SECRET)
    if value is not None and sum(map(str.isalnum, value)) < MIN_SECRET:
        raise RowError(f"slip_secret phải có ít nhất {MIN_SECRET} chữ hoặc số")
    return value


def _supplement(row: Row) -> list[str]:
    value = row.get("supplement")
    if value is None or value == "":
        return []
    if isinstance(value, str):
        value = re.split(r"[;\n]", value)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RowError("supplement phải là danh sách tên giấy tờ")
    papers = [text({"supplement": item}, "supplement") for item in value]
    return [paper for paper in papers if paper]


def _amount(row: Row) -> int | None:
    value = row.get("amount_due")
    if value is None or value == "":
        return None
    if isinstance(value, str) and _AMOUNT.fullmatch(value.strip()):
        value = int(digits(value))
    number = _integer(value)
    if number is None or not 0 <= number <= MAX_AMOUNT:
        raise RowError("amount_due phải là số đồng, không âm, không lẻ")
    return number


def _integer(value: Any) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,4}", value.strip()):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if value == value and abs(value) < 2**53 and value == int(value) else None


def _one_of(row: Row, name: str, allowed: tuple[str, ...]) -> str | None:
    value = row.get(name)
    if value is None or value == "":
        return None
    if value not in allowed:
        raise RowError(f"{name} phải là một trong: {', '.join(allowed)}")
    return str(value)


def in_order(values: Mapping[str, Any], first: str, second: str) -> None:
    """Check that one time is not on a day before another; raises RowError."""
    if not values[first] or not values[second] or values[first] <= values[second]:
        return
    if clock.to_vietnam(values[second]).date() < clock.to_vietnam(values[first]).date():
        raise RowError(f"{second} không thể trước {first}")
