"""Another province named as the place of a booking, in whichever answer."""

from __future__ import annotations

from typing import Any

from actions.pickup_message import Message
from bot.pickups import neighbours
from bot.pickups.form import corrections
from bot.text import fold


def other_province(message: Message, found: dict[str, Any]) -> str | None:
    """Return the province beyond ours that the message names as its place; a commune of ours wins."""
    if not message.is_strict_answer and message.asked is not None:
        return None
    if message.asked in ("recipient_name", "proxy", "payment"):
        return None
    text = corrections.without_denied(message.text)
    if not text:
        return None
    by_parts = (
        _province_in_parts(text)
        if message.asked in ("commune", "address", None) or message.mended is not None
        else None
    )
    if message.asked == "address" and not by_parts:
        return None
    commune = found.get("commune")
    if not by_parts and commune and neighbours.find_units(str(commune)):
        return None
    if by_parts:
        return by_parts
    text = "" if message.asked == "commune" and neighbours.find_units(text) else text
    return neighbours.other_province(text, asked=message.asked == "commune") if text else None


def _province_in_parts(text: str) -> str | None:
    """Return the province that a part of an address names: "phường Nha Trang, tỉnh Khánh Hòa"."""
    folded, parts = fold(text), []
    for word in ("tinh ", "thanh pho ", "tp "):
        at = f" {folded}".find(f" {word}")
        if at >= 0:
            parts.append(text[at:])
    _, *rest = [part.strip(" .") for part in text.split(",")]
    for part in [*rest, *parts]:
        tokens = part.split(",")[0].split()
        for length in range(min(len(tokens), 6), 0, -1):
            if found := neighbours.other_province(" ".join(tokens[:length]), asked=True):
                return found
    return None
