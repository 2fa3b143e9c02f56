"""What a message in the booking form came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.messages import Message as Said
from bot.pickups.eligibility import Refusal


@dataclass
class Heard:
    """What a message came to: facts (None: ask again), other slots, what to say, whether to stop."""

    fields: dict[str, Any] = field(default_factory=dict)
    slots: dict[str, Any] = field(default_factory=dict)
    messages: list[Said] = field(default_factory=list)
    refusal: Refusal | None = None
    stop: bool = False
