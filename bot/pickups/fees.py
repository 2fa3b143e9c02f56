"""The postage, as far as a dated tariff is known; without one the post names it when it confirms."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.pickups.models import Tariff

# The zone of our tariff files for a trip inside the province; we book no other.
HOME_ZONE = "province"


def quote(session: Session, service: str, day: date) -> int | None:
    """Return the postage in đồng for a light letter inside the province, or None when no tariff covers it."""
    query = (
        select(Tariff.fee)
        .where(Tariff.zone == HOME_ZONE, Tariff.direction == service, Tariff.return_slip == 0)
        .where(Tariff.valid_from <= day)
        .order_by(Tariff.valid_from.desc(), Tariff.weight_to_g)
    )
    fee: int | None = session.execute(query.limit(1)).scalar()
    return fee


def say(fee: int | None) -> str:
    """Return the postage in words, never firmer than we know it."""
    if fee is None:
        return "bưu điện báo khi xác nhận"
    return f"tạm tính {fee:,} đ, bưu điện xác nhận lại".replace(",", ".")
