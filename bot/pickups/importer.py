"""Import of the `slots` and `tariff` files (contract §5)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from bot.importing import Report, RowError
from bot.pickups.form import reading
from bot.pickups.models import SERVICES, ZONES, PickupSlot, Tariff
from bot.text import fold

MAX_CAPACITY = 10_000
MAX_FEE = 100_000_000  # đồng
MAX_WEIGHT = 100_000  # grams

_ZONES = {
    "noi tinh": "province", "trong tinh": "province",
    "lien tinh": "outside", "ngoai tinh": "outside", "interprovince": "outside",
    "dac biet": "special", "hai dao": "special", "phu quy": "special", "remote": "special",
}  # fmt: skip
_DIRECTIONS = {"return": "deliver", "tra": "deliver", "giao": "deliver", "send": "collect", "nhan": "collect"}
_YES_NO = {"": 0, "0": 0, "false": 0, "no": 0, "khong": 0, "1": 1, "true": 1, "yes": 1, "co": 1}


@dataclass(frozen=True)
class SlotRecord:
    """A half-day of an office as the file gives it."""

    office_code: str
    date: date
    window: str
    capacity: int


class SlotImporter:
    """Imports `slots`; it has to know the offices, because a row that names another one is a bad row."""

    def __init__(self, offices: Collection[str]) -> None:
        """Accept rows of these offices only."""
        self._offices = frozenset(offices)

    def check(self, row: dict[str, Any]) -> SlotRecord:
        """Return the row as a record; raises RowError."""
        office = _text(row, "office_code", 40)
        if office not in self._offices:
            raise RowError("office_code: chưa có điểm phục vụ mang mã này, nhập tệp offices trước")
        window = reading.window(_text(row, "window", 20))
        if window is None:
            raise RowError("window: phải là morning hoặc afternoon")
        return SlotRecord(office, _day(row, "date"), window, _number(row, "capacity", 0, MAX_CAPACITY))

    def key(self, record: SlotRecord) -> str:
        """Return the half-day of the office."""
        return f"{record.office_code} {record.date} {record.window}"

    def write(self, session: Session, records: list[SlotRecord], report: Report) -> None:
        """Store the capacities; places already given stay given: none goes below what is taken."""
        known = {
            (row.office_code, row.date, row.window): row
            for row in session.execute(
                select(
                    PickupSlot.id,
                    PickupSlot.office_code,
                    PickupSlot.date,
                    PickupSlot.window,
                    PickupSlot.capacity,
                    PickupSlot.taken,
                )
            )
        }
        for record in records:
            row = known.get((record.office_code, record.date, record.window))
            if row is None:
                session.add(PickupSlot(**vars(record), taken=0))
                report.new += 1
            elif row.capacity == max(record.capacity, row.taken):
                report.same += 1
            else:
                session.execute(_new_capacity(row.id, record.capacity))
                report.changed += 1
        session.flush()


@dataclass(frozen=True)
class TariffRecord:
    """A dated price as the file gives it."""

    zone: str
    weight_to_g: int
    direction: str
    return_slip: int
    fee: int
    valid_from: date
    source: str


class TariffImporter:
    """Imports `tariff` files."""

    def check(self, row: dict[str, Any]) -> TariffRecord:
        """Return the row as a record; raises RowError."""
        zone = fold(_text(row, "zone", 40)).replace("_", " ")
        zone = _ZONES.get(zone, zone)
        if zone not in ZONES:
            raise RowError(f"zone: phải là một trong {', '.join(ZONES)}")
        direction = fold(_text(row, "direction", 20))
        direction = _DIRECTIONS.get(direction, direction)
        if direction not in SERVICES:
            raise RowError(f"direction: phải là một trong {', '.join(SERVICES)}")
        slip = fold(str(row.get("return_slip", "")).strip())
        if slip not in _YES_NO:
            raise RowError("return_slip: phải là 0 hoặc 1")
        return TariffRecord(
            zone=zone,
            weight_to_g=_number(row, "weight_to_g", 1, MAX_WEIGHT),
            direction=direction,
            return_slip=_YES_NO[slip],
            fee=_number(row, "fee", 0, MAX_FEE),
            valid_from=_day(row, "valid_from"),
            source=_text(row, "source", 2_000),
        )

    def key(self, record: TariffRecord) -> str:
        """Return what a price is for and since when."""
        return " ".join(map(str, _price_key(record)))

    def write(self, session: Session, records: list[TariffRecord], report: Report) -> None:
        """Store the prices; older ones stay, each is valid from its day on."""
        known = {_price_key(tariff): tariff for tariff in session.execute(select(Tariff)).scalars()}
        for record in records:
            tariff = known.get(_price_key(record))
            if tariff is None:
                session.add(Tariff(**vars(record)))
                report.new += 1
            elif (tariff.fee, tariff.source) == (record.fee, record.source):
                report.same += 1
            else:
                tariff.fee, tariff.source = record.fee, record.source
                report.changed += 1
        session.flush()


def _new_capacity(slot_id: int, capacity: int) -> Any:
    # One statement, because somebody may be booking at this very moment.
    return (
        update(PickupSlot)
        .where(PickupSlot.id == slot_id)
        .values(capacity=case((PickupSlot.taken > capacity, PickupSlot.taken), else_=capacity))
        .execution_options(synchronize_session=False)
    )


def _price_key(price: Any) -> tuple[str, int, str, int, date]:
    return (price.zone, price.weight_to_g, price.direction, price.return_slip, price.valid_from)


def _text(row: dict[str, Any], name: str, longest: int) -> str:
    value = row.get(name)
    if value is None or isinstance(value, (dict, list, bool)) or not str(value).strip():
        raise RowError(f"thiếu {name}")
    # Excel turns codes into numbers: 24781.0 is the office 24781.
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    if len(text) > longest:
        raise RowError(f"{name} dài hơn {longest} ký tự")
    return text


def _number(row: dict[str, Any], name: str, least: int, most: int) -> int:
    value = row.get(name)
    try:
        if isinstance(value, bool) or float(str(value)) != int(float(str(value))):
            raise ValueError
        number = int(float(str(value)))
    except (ValueError, OverflowError):
        raise RowError(f"{name} phải là số nguyên") from None
    if not least <= number <= most:
        raise RowError(f"{name} phải từ {least} đến {most}")
    return number


def _day(row: dict[str, Any], name: str) -> date:
    value = row.get(name)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value or "").strip()
    for layout in ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(text, layout).date()
        except ValueError:
            continue
    raise RowError(f"{name} phải là ngày dạng 2026-11-25")
