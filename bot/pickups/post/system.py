"""What we ask of an outside postal system; any system that can do these three things may be put behind it.

In integration code for VNPost's public administrative service (HCC) these operations were seen; nothing official was,
so a real contract, with its own adapter of this form, is needed before going live:

- `place`: `postDieuTin`, orders a pick-up
- `events`: `getAcceptance` (taken over by the post) and `getDelivery` (on its way, delivered, in vain, sent back)
- `cancel`: none was seen; until the contract says how, such an adapter refuses, and a person phones the post office
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.pickups.post.reports import Report


class PostAwayError(Exception):
    """No usable answer: nobody knows whether it was done, so the same thing is asked again later, under its key."""


class PostRefusedError(Exception):
    """The system understood and will not; asking again would change nothing. `reason` is its word for why."""

    def __init__(self, reason: str) -> None:
        """Keep the reason: one word, nothing personal."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, repr=False)
class Order:
    """A booking as it is handed over; personal data, so it is never printed.

    `key` is our name for the order (`marks.key`); a changed booking is another order, with another key.
    """

    key: str
    booking: str
    service: str
    zone: str
    recipient_name: str
    phone: str
    address: str
    payment: str
    proxy_name: str | None = None
    unit_code: str | None = None
    unit_name: str | None = None
    destination: str | None = None
    office_code: str | None = None
    date: str | None = None
    window: str | None = None
    dossier_code: str | None = None
    procedure_code: str | None = None
    papers: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Placed:
    """An order that was taken: the system's own number for it, and the parcel's if there is one already."""

    number: str
    tracking: str | None = None


class PostSystem(Protocol):
    """An outside postal system. Each of these raises PostAwayError or PostRefusedError."""

    def place(self, order: Order) -> Placed:
        """Place an order; once for each `key`: again with the same one answers with the order that is there."""

    def cancel(self, key: str) -> None:
        """Cancel the order of this key; one that is not there, or was cancelled before, is no error."""

    def events(self, key: str) -> list[Report]:
        """Return all that has happened to the order of this key."""
