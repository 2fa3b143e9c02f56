"""What is done before anything is stored: secrets that nobody should have sent are masked.

Asked of every message on every channel, at the door (bot/conversation/inbox.py): one-time codes, passcodes, passwords,
identity numbers and bank cards are replaced by dots, and the turn answers with a warning (bot/conversation/warning.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from bot.conversation.guard import numbers, one_time, passwords
from bot.conversation.guard.seen import see, without_numbers
from bot.dossiers import slip_photo
from bot.dossiers.proof import factors
from bot.text import fold

HIDDEN = "•"
_BARE = re.compile(
    r"^\W*(?:(?:da|day|ne|nek|la|ma|so|e|em|no|a|anh|chi|oi|nha|nhe|roi|do)\W+)*"
    r"(\d(?:[ .\-]?\d){5})\W*(?:[^\W\d]{1,4}\W*){0,2}$"
)
_MARKS = re.compile("[\u0300-\u036f\u20d0-\u20ff]")  # loose marks: letters may hide under them
_LOST = re.compile(r"\b(?:quen|mat roi|khong nho|sai|doi|cap lai)\b")


class Found(str, Enum):
    """What was found in a message, as it stands in the inbox; the warnings go by it."""

    OTP = "otp"
    PASSWORD = "password"  # noqa: S105 (a name, not a password)
    CARD = "card"
    IDENTITY_NUMBER = "identity_number"
    IDENTITY_DOCUMENT = "identity_document"


@dataclass(frozen=True)
class Before:
    """What was said just before: it tells what a bare number is."""

    said: str = ""  # by the citizen, as stored
    reply: str = ""  # of ours
    kind: str = ""  # of that reply

    @property
    def asks_for_ours(self) -> bool:
        """Return whether we asked for what proves a dossier: the code that we sent ourselves may come now."""
        return self.kind in ("dossier_proof", "dossier_not_found")


@dataclass(frozen=True)
class Screened:
    """A text as it may be stored, and what was found in it."""

    text: str
    found: Found | None = None


NOTHING = Before()


def needs_before(text: str) -> bool:
    """Return whether what was said before decides about `text`: a few words with a number, or one with a sign."""
    if len(text) > 64 or len(text.split()) > 10:
        return False
    return any(char.isdigit() for char in text) or (" " not in text and not text.isalpha())


def screen(text: str, before: Before = NOTHING) -> Screened:
    """Return `text` (NFC) with every secret in it masked."""
    if text == slip_photo.IDENTITY_DOCUMENT:
        return Screened(slip_photo.REFUSED, Found.IDENTITY_DOCUMENT)
    if not _may_hold_any(text):
        return Screened(text)
    seen = see(text)
    coded = seen.without_codes()
    found = [(start, end, Found.PASSWORD) for start, end in passwords.find(coded)]
    for kind, spans in (
        (Found.IDENTITY_NUMBER, numbers.identity(coded)),
        (Found.CARD, numbers.cards(coded)),
    ):
        taken = [(start, end, kind) for start, end in spans]
        coded = _blanked(coded, taken)
        found += taken
    plain = without_numbers(coded)
    ours = before.asks_for_ours and _is_factor(seen.text)
    found += [(start, end, Found.OTP) for start, end in one_time.find(coded, plain, ours=ours)]
    found += [] if ours else _alone(plain, before)
    if not found:
        return Screened(text)
    masked = list(text)
    for start, end, _ in found:
        first, last = seen.place(start, end)
        masked[first:last] = HIDDEN * (last - first)
    return Screened("".join(masked), min((kind for *_, kind in found), key=list(Found).index))


def _may_hold_any(text: str) -> bool:
    """Tell quickly that a text holds no secret: most hold no digit and speak of no password."""
    if any(char.isdigit() for char in text) or _MARKS.search(text):
        return True
    folded = fold(text)
    return bool(passwords.WORD.search(folded) or one_time.WORD.search(folded))


def _is_factor(text: str) -> bool:
    """Return whether the dossier's form will take a six-digit code out of the text: then it is tried, and masked."""
    return len(factors.named(text) or factors.bare(text) or "") == factors.ONE_TIME_DIGITS


def _alone(plain: str, before: Before) -> list[tuple[int, int, Found]]:
    """Return the secret that a message consists of, when it was spoken of just before."""
    said, reply = fold(before.said), fold(before.reply)
    spoke = one_time.WORD.search(said) or one_time.SENT.search(said)
    asked = before.kind.startswith("account_") and one_time.WORD.search(reply)
    if (bare := _BARE.match(plain)) and (spoke or asked or passwords.SURE.search(said)):
        return [(*bare.span(1), Found.OTP)]
    token = plain.strip()
    if passwords.SURE.search(said) and not _LOST.search(said) and " " not in token and passwords.is_password(token):
        start = plain.index(token)
        return [(start, start + len(token), Found.PASSWORD)]
    return []


def _blanked(text: str, spans: list[tuple[int, int, Found]]) -> str:
    for start, end, _ in spans:
        text = text[:start] + "□" * (end - start) + text[end:]
    return text
