"""Resume codes, "HD-7K3M9Q": told when somebody pauses a guide, taken on any channel, typed in any way.

They open nothing but the place in a guide, so six characters are secret enough; they must only not be taken for a
dossier code, a second factor or a booking, nor any of these for them.
"""

from __future__ import annotations

import re
import secrets

from bot.text import fold, straight_dashes
from bot.visible import visible

PREFIX = "HD-"
LENGTH, DAYS = 6, 60
DIGITS, LETTERS = "23456789", "ACDEFHJKMNPQRTWXY"  # neither O nor 0, neither I, L nor 1; no B, G, S, Z, U, V
_ALIKE = str.maketrans("bgsz", "8652")  # the look-alike letters are in no code: they can only be slips
_CHAR = r"[2-9a-hjkmnp-tw-z]"
_GAP = r"[\s._-]{1,2}"
# Whole, in halves, in pairs, or character by character: any other spacing is words.
_BODIES = (
    f"{_CHAR}{{6}}",
    f"{_CHAR}{{3}}{_GAP}{_CHAR}{{3}}",
    f"{_CHAR}{{2}}(?:{_GAP}{_CHAR}{{2}}){{2}}",
    f"{_CHAR}(?:{_GAP}{_CHAR}){{5}}",
)
_BODY = "|".join(_BODIES)
_WRITTEN = re.compile(rf"(?<![a-z0-9])h[\s.]?d[\s.:#_-]{{0,3}}({_BODY})(?![a-z0-9])")
_BARE = re.compile(rf"\W*(?:ma(?: la)?[\s:]*)?({_BODY})\W*")


def new() -> str:
    """Return a random code with two to four digits, so that it is neither a word nor a number."""
    while True:
        body = "".join(secrets.choice(DIGITS + LETTERS) for _ in range(LENGTH))
        if 2 <= sum(char.isdigit() for char in body) <= 4:
            return PREFIX + body


def find(text: str) -> str | None:
    """Return the resume code written in `text`, as we write it; None when there is none."""
    plain = fold(straight_dashes(visible(text).text))
    return next((code for match in _WRITTEN.finditer(plain) if (code := _code(match[1]))), None)


def bare(text: str) -> str | None:
    """Return the code when `text` is nothing else and its "HD-" was left out: worth a look, no more."""
    match = _BARE.fullmatch(fold(straight_dashes(visible(text).text)))
    return _code(match[1]) if match else None


def _code(written: str) -> str | None:
    """Return what is written in our form; a word has no digit, and our codes have two at least."""
    if not any(char.isdigit() for char in written):
        return None
    body = re.sub(r"[\s._-]", "", written).translate(_ALIKE).upper()
    fits = all(char in DIGITS + LETTERS for char in body) and sum(char.isdigit() for char in body) >= 2
    return PREFIX + body if fits else None
