"""A message as the guard looks at it: no disguise left, and whatever is harmless blanked out.

People hide digits without meaning to: full-width digits, key-cap emoji, zero-width characters, marks under digits.
What has a form of its own (a dossier code, a phone number, money) is blanked before secrets are looked for.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.dossiers import codes
from bot.text import fold, straight_dashes

BLANK = "□"  # stands for a character that is no secret; neither a letter nor a digit nor a space

_DROPPED = frozenset({"Mn", "Me", "Cf"})
_CODES = re.compile(
    r"(?<![a-z0-9])m[\s.]?c[\s.:#_-]{0,3}(?:\d[\s._-]{0,2}){6}\d(?!\d)"  # a booking
    r"|(?<![a-z0-9])hd[\s-]{0,2}(?=[a-z0-9]{0,5}\d|[a-z0-9]{6}\b)[a-z0-9]{6}(?![a-z0-9])"  # a guide to take up again
    r"|(?<![a-z0-9])[a-z]{2}\s?(?:\d\s?){9}vn(?![a-z0-9])"  # a parcel
    r"|(?<![a-z0-9])[a-z]\d{2}(?:\.\d{1,3}){0,4}\s*-\s*\d{9,16}(?![\d-])"  # a payment
    r"|(?<![\d.])\d\.\d{6}(?:\.\d{1,3})*(?:\.[a-z]\d{2}){0,2}(?![\d-])"  # a procedure
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"  # the id in the address of a page
    r"|\b\d{1,4}/(?:\d{4}/)?(?:nd|tt|qd|nq|qh|l|ubnd|ttg|bca|cp|btp|bnv|btc|vpcp)\w*(?:-\w+)*\b"  # a law
)
_PHONE = r"(?:(?:\+?84|0)(?:[ .-]?\d){9,10}|\+\d(?:[ .-]?\d){7,13})(?!\d)"
_OUR_PROOF = (  # what proves a dossier: four digits, the slip's secret, the code of our own SMS
    r"\b(?:so cuoi|so duoi|duoi|(?:4|bon) so|sdt|so dt|dien thoai)\b[^\d\n]{0,25}\d(?:[ .]?\d){3}(?![ .]?\d)"
    r"|\b(?:ma bi mat|so bi mat|ma kin)\b[\s:=]*(?:(?:tren|giay|hen|la|ghi|cua|toi|em|minh|ho so|phieu|nay)\b[\s:=]*)*"
    r"[a-z0-9][a-z0-9-]{2,11}(?![a-z0-9])"
    r"|\bma tra cuu\b(?:[\s:=]*(?:ho so|la|day|ne|cua|toi|em|minh|so|nhan duoc|duoc nhan|gui ve|may)\b)*[\s:=]*"
    r"\d(?:[ .-]?\d){3,7}(?!\d)"
)
_NUMBERS = re.compile(
    rf"(?<![\d/.,-]){_PHONE}|{_OUR_PROOF}"
    r"|(?<!\d)(?:1800|1900)(?:[ .]?\d){4,6}(?!\d)"  # a hotline
    r"|(?<!\d)\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2,4}(?!\d)"  # a day
    r"|(?<!\d)\d{1,3}(?:[.,]\d{3})+(?!\d)"  # money, written in threes
    r"|(?<!\d)\d+(?:[.,]\d+)?(?:\s?(?:dong|vnd|ngan(?! hang)|nghin|trieu|ty)|d|k|tr)\b"
    r"|\b(?:tien|phi|gia|le phi)\b(?: \w+){0,2}[ :]\d{4,9}(?!\d)"
    r"|\b(?:ma )?(?:buu chinh|zip|so thue|buu cuc)\b\D{0,12}\d{5,13}(?!\d)"
)


@dataclass(frozen=True)
class Seen:
    """The folded text without disguise, and where each of its characters stands in the text as sent."""

    text: str
    places: range | tuple[int, ...]
    end: int  # of the text as sent

    def without_codes(self) -> str:
        """Return the text with every code of ours, of the post and of the law blanked."""
        plain = codes.without_codes(self.text)
        blanked = "".join(BLANK if old != new else old for old, new in zip(self.text, plain, strict=True))
        return _CODES.sub(_blank, blanked)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where a part stands in the text as sent, with the marks that follow it."""
        return self.places[start], self.places[end] if end < len(self.places) else self.end


def see(text: str) -> Seen:
    """Return how the guard looks at `text` (NFC)."""
    if text.isascii():
        return Seen(fold(text), range(len(text)), len(text))
    kept = [(at, char) for at, char in enumerate(text) if unicodedata.category(char) not in _DROPPED]
    plain = straight_dashes("".join(_plain(char) for _, char in kept))
    return Seen(fold(plain), tuple(at for at, _ in kept), len(text))


def without_numbers(text: str) -> str:
    """Return a text that holds no codes any more with phones, days, money and proofs of a dossier blanked."""
    return _NUMBERS.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    return BLANK * len(match.group())


def _plain(char: str) -> str:
    if "0" <= char <= "9" or char < "\x80":
        return char
    plain = unicodedata.normalize("NFKC", char)
    if len(plain) != 1:
        return char
    value = unicodedata.digit(plain, None)
    return plain if value is None else str(value)
