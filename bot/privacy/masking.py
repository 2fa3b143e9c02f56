"""Masks for personal data, so that it can be shown back or written to a log (facts, section 6.1)."""

from __future__ import annotations

from bot.text import digits

_STARS = 3


def mask_phone(phone: str) -> str:
    """Return a phone number as "09xx***678"; one too short to be a number is hidden whole."""
    plain = digits(phone)
    if len(plain) < 8:
        return "*" * len(plain)
    return f"{plain[:2]}xx***{plain[-3:]}"


def mask_identity(number: str) -> str:
    """Return an identity number as "0xx******123"; one too short to be a number is hidden whole."""
    plain = digits(number)
    if len(plain) < 9:
        return "*" * len(plain)
    return f"{plain[0]}xx{'*' * (len(plain) - 6)}{plain[-3:]}"


def mask_name(name: str) -> str:
    """Return a name as "N*** V** A": the first letter of each word, at most three stars after it."""
    return " ".join(word[0] + "*" * min(len(word) - 1, _STARS) for word in name.split())
