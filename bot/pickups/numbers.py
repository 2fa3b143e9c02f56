"""Booking numbers: `MC-` and seven digits, the last a Luhn check digit.

They are random, so that nobody learns from one number what the next one is.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from bot.text import fold, straight_dashes

PREFIX = "MC-"
_BODY_DIGITS = 6
_TRIES = 50

# "MC-1234566", "mc 1234566", "MC123 4566", "m c - 123 45 66": people copy numbers in their own way.
_WRITTEN = re.compile(r"(?<![a-z0-9])m\s?c[\s.:#-]{0,3}((?:\d[\s.-]?){6}\d)(?!\d)")
# The post's own tracking code (UPU S10); it is no booking number, but people send it as if it were.
_POSTAL = re.compile(r"(?<![a-z0-9])([a-z]{2})\s?((?:\d\s?){9})(vn)(?![a-z0-9])")


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


def find(text: str) -> list[str]:
    """Return the booking numbers written in `text`, normalised; one with a wrong check digit is left out."""
    found = [PREFIX + re.sub(r"\D", "", match) for match in _WRITTEN.findall(straight_dashes(fold(text)))]
    return [number for number in dict.fromkeys(found) if is_valid(number)]


def looks_mistyped(text: str) -> bool:
    """Tell whether `text` holds something like a booking number whose check digit is wrong."""
    return not find(text) and bool(_WRITTEN.search(straight_dashes(fold(text))))


def postal_code(text: str) -> str | None:
    """Return the post's tracking code in `text` ("EB125966888VN"), or None."""
    match = _POSTAL.search(fold(text))
    return (match[1] + re.sub(r"\s", "", match[2]) + match[3]).upper() if match else None
