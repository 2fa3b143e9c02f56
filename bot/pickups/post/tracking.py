"""Numbers on parcels: the UPU's S10 form, two letters, eight digits with a check digit, and the country.

The post has other numbers, too, and the rule of the check digit is from memory (it holds for the real EB125966888VN):
so a wrong digit is worth a warning, and never a refusal.
"""

from __future__ import annotations

import re

LONGEST = 40
WRONG_DIGIT = "tracking_check_digit"

_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_S10 = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}")
_ANY = re.compile(rf"[A-Z0-9][A-Z0-9-]{{3,{LONGEST - 1}}}")
_BETWEEN = re.compile(r"[\s.]+")


def normalise(text: str) -> str | None:
    """Return a number as it is kept, capitals without spaces ("EB125966888VN"); None for what can be no number."""
    number = _BETWEEN.sub("", text).upper()
    return number if _ANY.fullmatch(number) else None


def check_digit(body: str) -> str:
    """Return the check digit of the eight digits `body`."""
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True)) % 11
    return {10: "0", 11: "5"}.get(rest, str(rest))


def warning(number: str | None) -> str | None:
    """Return the name of what looks wrong in a number, or None; a number in another form is not judged."""
    match = _S10.fullmatch(number or "")
    return WRONG_DIGIT if match and check_digit(match[1]) != match[2] else None
