"""What comes in at the door, whatever the channel: a text, or one of a few things that are not text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# "text": also a pressed button (`btn:…`) and a shared location (`geo:…`).
# "command": `text` is one of COMMANDS. "contact": `text` is the person's own phone number, vouched for by the platform.
# "photo", "voice": `media` tells the channel where to fetch it. "file", "sticker", "unknown": only that one came.
KINDS = ("text", "command", "contact", "photo", "voice", "file", "sticker", "unknown")
COMMANDS = ("start", "help", "cancel", "human")


@dataclass(frozen=True)
class Incoming:
    """One thing a citizen sent on a platform."""

    channel: str
    sender: str  # the platform's id of the person
    message_id: str  # the platform's id of the message: the same one again is answered once
    text: str = ""
    kind: str = "text"
    sent_at: datetime | None = None  # by the platform's clock: what puts messages in order
    order: int = 0  # breaks ties within `sent_at` (Telegram counts updates, its clock only seconds)
    media: dict[str, Any] = field(default_factory=dict)  # small JSON, for the channel's `fetch`
    name: str | None = None  # how the platform calls the person, for the desk
