"""The postage, as far as a dated tariff is known; without one the post names it when it confirms."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.pickups.models import Tariff


def quote(session: Session, service: str, day: date, zone: str = "province") -> int | None:
    """Return the postage in đồng for a light letter in `zone` (`models.ZONES`), or None when no tariff covers it."""
    query = (
        select(Tariff.fee)
        .where(Tariff.zone == zone, Tariff.direction == service, Tariff.return_slip == 0)
        .where(Tariff.valid_from <= day)
        .order_by(Tariff.valid_from.desc(), Tariff.weight_to_g)
    )
    fee: int | None = session.execute(query.limit(1)).scalar()
    return fee


def say(fee: int | None) -> str:
    """Return the postage in words, never firmer than we know it."""
    if fee is None:
        return "bưu điện báo khi xác nhận"
    return f"tạm tính {dong(fee)}, bưu điện xác nhận lại"


def dong(amount: int) -> str:
    """Return an amount as people write it: "23.000 đ"."""
    return f"{amount:,} đ".replace(",", ".")
