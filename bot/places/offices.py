"""Offices: which one serves a commune, and the import of the `offices` file (contract §5)."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, datetime
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from bot.importing import Report, RowError
from bot.places.content import communes
from bot.places.models import OFFICE_KINDS, Office

EARTH_KM = 6371.0
PROVINCIAL_CENTRE = "LD-TTPVHCC"  # in content/offices.jsonl
CHUNK = 500  # codes in one query
TEXT_FIELDS = ("address", "phone", "hours")
LIMITS = {"lat": 90.0, "lon": 180.0}

Record = dict[str, Any]


# Columns instead of objects: a booking asks at every message, of some hundred offices (ADR 7).
_offices = Office.__table__.columns
_GOOD_FOR = (
    select(_offices.code, _offices.unit_code, _offices.lat, _offices.lon)
    .where(or_(_offices.kind == "any", _offices.kind == bindparam("kind")))
    .order_by(_offices.code)
)


def serving(
    session: Session, unit_code: str, *, kind: str = "post", among: Collection[str] | None = None
) -> Office | None:
    """Return the office that serves a commune, as `serving_code` finds it; None when there is none."""
    code = serving_code(session, unit_code, kind=kind, among=among)
    return find(session, code) if code else None


def serving_code(
    session: Session, unit_code: str, *, kind: str = "post", among: Collection[str] | None = None
) -> str | None:
    """Return the code of the office that serves a commune: its own, else the nearest one; None when there is none.

    `kind` is what it must be good for: "post" sends the postman, "centre" receives people. `among` limits
    the choice to these office codes. Equal ones are taken in the order of their codes.
    """
    if unit_code not in communes():
        return None
    rows = session.execute(_GOOD_FOR, {"kind": kind}).all()
    offices = [office for office in rows if among is None or office.code in among]
    own = next((office for office in offices if office.unit_code == unit_code), None)
    measured = [
        (km, office) for office in offices if own is None and (km := distance_km(office, unit_code)) is not None
    ]
    found = own or (min(measured, key=lambda pair: pair[0])[1] if measured else None)
    return str(found.code) if found else None


def find(session: Session, code: str) -> Office | None:
    """Return the office with this code, or None."""
    return session.get(Office, code)


def centre(session: Session) -> Office | None:
    """Return the centre of the province, where everybody may go; None when it was not loaded."""
    return session.get(Office, PROVINCIAL_CENTRE)


def distance_km(office: Any, unit_code: str) -> float | None:
    """Return how far an office (or its row) is from a commune as the crow flies; None when its place is unknown."""
    here = communes()[unit_code]
    there = _position(office)
    return None if there is None else haversine_km((here.lat, here.lon), there)


def haversine_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance between two points on the globe (latitude, longitude)."""
    lat_one, lon_one, lat_other, lon_other = map(radians, (*one, *other))
    half = sin((lat_other - lat_one) / 2) ** 2 + cos(lat_one) * cos(lat_other) * sin((lon_other - lon_one) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def codes(session: Session, *, named: str = "") -> list[str]:
    """Return the codes of all offices, or of those whose name holds `named`."""
    wanted = select(Office.code).order_by(Office.code)
    return list(session.execute(wanted.where(Office.name.contains(named)) if named else wanted).scalars())


def load_offices(session: Session, path: Path) -> int:
    """Add the shipped offices that are missing; returns how many. What was imported since then stays."""
    importer = OfficeImporter()
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    records = [importer.check(row) for row in rows]
    present = _stored(session, [record["code"] for record in records])
    missing = [record for record in records if record["code"] not in present]
    session.add_all(Office(**record) for record in missing)
    session.flush()
    return len(missing)


class OfficeImporter:
    """Imports `offices` files; `kind` (any, centre, post) may be left out."""

    def check(self, row: dict[str, Any]) -> Record:
        """Return the row as the values of an office; raises RowError."""
        record: Record = {"code": _text(row, "code"), "name": _text(row, "name")}
        for name in ("code", "name"):
            if record[name] is None:
                raise RowError(f"thiếu {name}")
        if len(record["code"]) > 40:
            raise RowError("code dài hơn 40 ký tự")
        record["kind"] = _text(row, "kind") or "any"
        if record["kind"] not in OFFICE_KINDS:
            raise RowError(f"kind phải là một trong: {', '.join(OFFICE_KINDS)}")
        record["unit_code"] = _text(row, "unit_code")
        if record["unit_code"] is not None and record["unit_code"] not in communes():
            raise RowError("không có xã, phường, đặc khu nào mang mã ở unit_code")
        for name in TEXT_FIELDS:
            record[name] = _text(row, name)
        for name, limit in LIMITS.items():
            record[name] = _degrees(row, name, limit)
        if (record["lat"] is None) != (record["lon"] is None):
            raise RowError("lat và lon phải có cả hai hoặc bỏ trống cả hai")
        record["verified_at"] = _date(row, "verified_at")
        return record

    def key(self, record: Record) -> str:
        """Return the code: it is unique in a file."""
        return str(record["code"])

    def write(self, session: Session, records: list[Record], report: Report) -> None:
        """Store the offices and count what happened to them."""
        stored = _stored(session, [record["code"] for record in records])
        for record in records:
            office = stored.get(record["code"])
            if office is None:
                session.add(Office(**record))
                report.new += 1
                continue
            different = [name for name, value in record.items() if getattr(office, name) != value]
            for name in different:
                setattr(office, name, record[name])
            if different:
                report.changed += 1
            else:
                report.same += 1
        session.flush()


def _stored(session: Session, codes: list[str]) -> dict[str, Office]:
    found: dict[str, Office] = {}
    for first in range(0, len(codes), CHUNK):
        query = select(Office).where(Office.code.in_(codes[first : first + CHUNK]))
        found.update((office.code, office) for office in session.execute(query).scalars())
    return found


def _position(office: Any) -> tuple[float, float] | None:
    if office.lat is not None and office.lon is not None:
        return office.lat, office.lon
    commune = communes().get(office.unit_code or "")
    return (commune.lat, commune.lon) if commune else None


def _text(row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    if value is None:
        return None
    # Excel turns codes into numbers: 24781.0 is the commune 24781.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise RowError(f"{name} phải là chữ")
    return str(value).strip() or None


def _degrees(row: dict[str, Any], name: str, limit: float) -> float | None:
    value = row.get(name)
    if value is None or value == "":
        return None
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        raise RowError(f"{name} phải là số") from None
    if not -limit <= number <= limit:
        raise RowError(f"{name} nằm ngoài khoảng cho phép")
    return number


def _date(row: dict[str, Any], name: str) -> date | None:
    value = row.get(name)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise RowError(f"{name} phải là ngày dạng 2026-11-22") from None
