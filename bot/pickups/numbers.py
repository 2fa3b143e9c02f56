"""Booking numbers: `MC-` and seven digits, the last a Luhn check digit.

They are random, so that nobody learns from one number what the next one is.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from bot.text import fold, straight_dashes

PREFIX = "MC-"
_BODY_DIGITS = 6
_TRIES = 50

# "MC-1234566", "mc 1234566", "MC123 4566", "m c - 123 45 66", "lichmc1234566nha": people copy in their own way.
_WRITTEN = re.compile(
    r"(?:(?<![a-z0-9])|(?<=\blich)|(?<=\bma)|(?<=\bso)|(?<=\bdon)|(?<=\bphieu))"
    r"m[\s.]?c[\s.:#_-]{0,3}((?:[0-9][\s._-]{0,2}){6}[0-9])(?![0-9]|[.-][0-9])"
)
# The post's own tracking code (UPU S10); it is no booking number, but people send it as if it were.
_POSTAL = re.compile(r"(?<![a-z0-9])([a-z]{2})\s?((?:\d\s?){9})(vn)(?![a-z0-9])")


@dataclass(frozen=True)
class FoundNumber:
    """A booking number in a text: as we write it, and where it stands there."""

    number: str
    start: int
    end: int


class NoFreeNumberError(RuntimeError):
    """So many numbers are in use that no free one was found."""


def check_digit(body: str) -> str:
    """Return the Luhn check digit for `body`."""
    total = 0
    for position, char in enumerate(reversed(body)):
        digit = int(char) * (2 if position % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return str(-total % 10)


def is_valid(number: str) -> bool:
    """Tell whether `number` is a booking number as we write it, with the right check digit."""
    body = number.removeprefix(PREFIX)
    return (
        number.startswith(PREFIX)
        and len(body) == _BODY_DIGITS + 1
        and body.isascii()
        and body.isdigit()
        and check_digit(body[:-1]) == body[-1]
    )


def new(is_taken: Callable[[str], bool]) -> str:
    """Return a random number that is not taken yet.

    Raises NoFreeNumberError when fifty random numbers in a row were taken.
    """
    for _ in range(_TRIES):
        body = f"{secrets.randbelow(10**_BODY_DIGITS):0{_BODY_DIGITS}d}"
        number = f"{PREFIX}{body}{check_digit(body)}"
        if not is_taken(number):
            return number
    raise NoFreeNumberError("no free booking number in fifty tries")


def find_places(text: str) -> list[FoundNumber]:
    """Return every booking number in `text` (NFC) with its place; one with a wrong check digit is left out."""
    found = [
        FoundNumber(PREFIX + re.sub(r"\D", "", match[1]), match.start(), match.end())
        for match in _WRITTEN.finditer(straight_dashes(fold(text)))
    ]
    return [item for item in found if is_valid(item.number)]


def find(text: str) -> list[str]:
    """Return the booking numbers written in `text`, normalised; one with a wrong check digit is left out."""
    return list(dict.fromkeys(item.number for item in find_places(text)))


def looks_mistyped(text: str) -> bool:
    """Tell whether `text` holds something like a booking number whose check digit is wrong."""
    return not find(text) and bool(_WRITTEN.search(straight_dashes(fold(text))))


def postal_code(text: str) -> str | None:
    """Return the post's tracking code in `text` ("EB125966888VN"), or None."""
    match = _POSTAL.search(fold(text))
    return (match[1] + re.sub(r"\s", "", match[2]) + match[3]).upper() if match else None
