"""The booking form as slots of the dialogue: their names, and how facts go in and out of them."""

from __future__ import annotations

from typing import Any

from actions.turn import Turn
from bot.pickups import booking
from bot.pickups.form import draft
from bot.pickups.models import Pickup

FORM = "pickup_form"
PREFIX = "pickup_"
CANCEL = "cancel_pickup"  # `pending` is "cancel_pickup:MC-…" while a yes would cancel


def slots_of(fields: dict[str, Any]) -> dict[str, Any]:
    """Return facts of the booking as slots."""
    return {PREFIX + name: value for name, value in fields.items()}


def fields_of(turn: Turn) -> dict[str, Any]:
    """Return what the form knows."""
    return {name: turn.slots.get(PREFIX + name) for name in draft.FIELDS}


def emptied() -> dict[str, Any]:
    """Return the slots of the form, all empty."""
    rest = ("pickup_changing", "pending", "unit_options", "procedure_options")
    return {**slots_of(dict.fromkeys(draft.FIELDS)), **dict.fromkeys(rest)}


def changing(turn: Turn) -> Pickup | None:
    """Return the booking that the form is changing; None while it makes a new one."""
    number = turn.slots.get("pickup_changing")
    return booking.find(turn.session, number) if number else None
