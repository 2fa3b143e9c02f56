"""What an order tells the post: a booking as it stands, and no more than the work needs."""

from __future__ import annotations

from bot.pickups import neighbours
from bot.pickups.models import Pickup
from bot.pickups.post.system import Order


def order_of(pickup: Pickup, key: str) -> Order:
    """Return the order for a booking under the name `key`."""
    slot = pickup.slot
    return Order(
        key=key,
        booking=pickup.booking,
        service=pickup.service,
        zone=pickup.zone,
        recipient_name=pickup.recipient_name,
        phone=pickup.phone,
        address=pickup.address,
        payment=pickup.payment,
        proxy_name=pickup.proxy_name,
        unit_code=pickup.unit_code,
        unit_name=neighbours.unit_name(pickup.unit_code) if pickup.unit_code else None,
        destination=pickup.destination,
        office_code=slot.office_code if slot else None,
        date=slot.date.isoformat() if slot else None,
        window=slot.window if slot else None,
        dossier_code=pickup.dossier_code,
        procedure_code=pickup.procedure_code,
        papers=list(pickup.papers),
    )
