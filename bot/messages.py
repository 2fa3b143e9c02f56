"""The one message model: what the assistant says, before any channel renders it.

A message has text, buttons and facts for machines (`kind` and `fields`, contract §2). What a button
means is a native Rasa payload, `/intent{"entity": "value"}`; it never leaves the house: the turn
hands out an opaque `btn:…` instead (contract §1).
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

# What every channel takes; Zalo is the narrowest: 2,000 letters, five buttons (facts of 2026-11).
LONGEST_TEXT, MOST_BUTTONS, LONGEST_BUTTON = 2_000, 5, 100


class Button(msgspec.Struct, frozen=True):
    """One choice under a message: its title and the meaning of pressing it."""

    title: str
    meaning: str


class Message(msgspec.Struct, frozen=True):
    """One thing the assistant says."""

    text: str
    kind: str
    fields: dict[str, Any] = {}
    buttons: tuple[Button, ...] = ()

    def custom(self) -> dict[str, Any]:
        """Return the machine-readable part as contract §2 has it."""
        return {"kind": self.kind, **self.fields}


def say(kind: str, text: str, *buttons: Button, **fields: Any) -> Message:
    """Return a message of `kind`; shorthand that keeps the capabilities readable."""
    return Message(text=text, kind=kind, fields=fields, buttons=buttons)


def button(title: str, intent: str, **entities: Any) -> Button:
    """Return a button that acts as if the citizen had said `intent` with these entities."""
    payload = json.dumps(entities, ensure_ascii=False) if entities else ""
    return Button(title=title, meaning=f"/{intent}{payload}")


def lines(first: str, items: list[str], last: str = "") -> str:
    """Return `first`, then each item as a list line, then `last`."""
    return "\n".join([first, *(f"- {item}" for item in items), *([last] if last else [])])
