"""The second factor as people write it: four digits, a whole phone number, the slip's secret, a one-time code."""

from __future__ import annotations

import re
from enum import IntEnum

from bot.dossiers.codes import LookAlike, look_alike, without_codes
from bot.dossiers.proof import spoken
from bot.text import digits, fold

PHONE_DIGITS = 4
_FOUR = r"\d(?:[ .]?\d){3}(?![ .]?\d)"
# A mobile (ten digits with its zero), a landline (eleven), or one from abroad.
_PHONE = r"(?:(?:\+?84|0)(?:[ .-]?\d){9,10}|\+\d(?:[ .-]?\d){7,13})(?!\d)"
# "4 số cuối là 1234", "đuôi 1234", "số điện thoại 0912345678"
_NAMED_DIGITS = re.compile(
    r"\b(?:so cuoi|so duoi|duoi|(?:4|bon) so|sdt|so dt|dien thoai|phone)\b\D{0,40}?"
    rf"(?P<found>{_PHONE}|{_FOUR})"
)
_NAMED_SECRET = re.compile(
    r"\b(?:ma bi mat|so bi mat|ma kin|bi mat)\b[\s:=]*"
    r"(?:(?:tren|giay|hen|la|ghi|cua|toi|em|minh|con|ho so|phieu|nay|thi)\b[\s:=]*)*"
    r"(?P<found>[a-z0-9][a-z0-9-]{2,11})(?![a-z0-9])"
)
# "mã P6S2": letters and digits mixed are no code of a dossier, a booking or a procedure.
_MIXED_SECRET = re.compile(
    r"\bma(?: (?:la|kin|nay|tren giay hen))*[ :=]+(?P<found>(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{4,8})\b(?![-.])"
)
# In an answer it needs no word before it, if it can be no hour ("8h30"), no "so31", no "tdp7".
_MIXED_WORD = re.compile(
    r"(?<![\w.-])(?P<found>(?=[a-z]*\d)(?=\d*[a-z])(?!\d{1,2}[hgp]\d{0,2}\b)(?![a-z]{2,}\d+\b)(?!\d+[a-z]+\b)[a-z0-9]{4,8})(?![\w-])"
)
# The word of the SMS, or "mã gửi về máy"; "mã xác nhận", "OTP" and their like are masked by the guard.
_NAMED_CODE = re.compile(
    r"\bma(?: (?:tra cuu|so))?(?: (?:la|day|ne|cua|toi|em|minh|gui|ve|may|vua|moi|nhan|duoc|trong|tin nhan"
    r"|dien thoai))*"
    r"[ :=]+(?P<found>\d{6})(?!\d)"
)
_ALONE_PHONE = re.compile(rf"(?<![\d/.,-]){_PHONE}")
# In a sentence, four digits are a factor only where nothing else is likely: no year, hotline, hour, house or amount.
_ALONE_FOUR = re.compile(r"(?<![\w/.,:-])(?<!nam )(?<!\d )(?<!\bo )(?!(?:19|20)\d\d\b)\d{4}(?![\w/:-]|[., ]\d)")
_ABOUT_IT = re.compile(r"\b(?:so|cuoi|duoi|dt|sdt|dien thoai|phone|day|ne|la)\b")
_OTHER_NUMBER = re.compile(r"\d\s*[:/h]\s*\d|000$")  # an hour, a day, an amount
_SAID = re.compile(r"\d(?:[ .-]?\d){3,}|\b(?=[a-z-]*\d)[a-z0-9-]{4,12}\b")
LONGEST_ANSWER = 3  # words around four digits that nobody announced
_FILLERS = re.compile(r"\b(?:da|a|vang|la|ne|day|nha|nhe|em|anh|chi|oi|thua|vay|do)\b|[.,!:;\"'()]")
_TOKEN = re.compile(r"[a-z0-9-]{4,12}")
ONE_TIME_DIGITS, SHORTEST_PHONE = 6, 9


class Strength(IntEnum):
    """How hard a factor is to guess."""

    TAIL = 1  # four digits: ten thousand values
    SECRET = 2  # the slip's secret
    SURE = 3  # a whole phone number, or a code sent to it


def strength(factor: str) -> Strength:
    """Return how hard a factor of this form is to guess."""
    if not factor.isdecimal():
        return Strength.SECRET
    if len(factor) == PHONE_DIGITS:
        return Strength.TAIL
    return Strength.SURE if len(factor) == ONE_TIME_DIGITS or len(factor) >= SHORTEST_PHONE else Strength.SECRET


def named(text: str) -> str | None:
    """Return the factor that the text calls one ("4 số cuối 1234", "mã bí mật K7Q2"), or None."""
    folded = _seen(text)
    if found := _NAMED_CODE.search(folded):
        return found["found"]
    if found := _NAMED_DIGITS.search(folded):
        return _number(found["found"])
    found = next((match for match in _NAMED_SECRET.finditer(folded) if _is_secret(text, match)), None)
    found = found or _MIXED_SECRET.search(folded)
    return found["found"] if found else None


def _is_secret(text: str, match: re.Match[str]) -> bool:
    """Return whether "bi mat" speaks of a secret: "bị mất thẻ" is something lost, and holds no digit."""
    word = text[match.start() : match.start("found")].lower()
    if not word.startswith(("bi", "bí", "bị")) or "bí mật" in word:
        return True
    return word.isascii() and any(char.isdigit() for char in match["found"])


def among_words(text: str, *, with_code: bool) -> str | None:
    """Return four digits or a phone number that stands in a sentence; no year, date or code counts.

    Beside a code they surely are one; else the sentence must be short or speak of it.
    """
    folded = _seen(text)
    found = _ALONE_PHONE.search(folded) or _ALONE_FOUR.search(folded)
    if found is None:
        return None
    around = f"{folded[: found.start()]} {folded[found.end() :]}"
    likely = with_code or len(around.split()) <= LONGEST_ANSWER or _ABOUT_IT.search(around)
    return _number(found.group()) if likely else None


def mixed(text: str) -> str | None:
    """Return the one word of mixed letters and digits in an answer to "which factor?": "giấy hẹn ghi L2D4"."""
    found = [match["found"] for match in _MIXED_WORD.finditer(_seen(text))]
    return found[0] if len(found) == 1 else None


def bare(text: str) -> str | None:
    """Return the factor when the text is nothing else, politeness aside, or None."""
    if look_alike(text) not in (None, LookAlike.PHONE):
        return None  # a booking number or half a code is no try at the factor
    seen = _seen(text)
    if _OTHER_NUMBER.search(seen.strip()):
        return None
    folded = _FILLERS.sub(" ", seen).strip()
    if re.fullmatch(rf"{_PHONE}|{_FOUR}", folded):
        return _number(folded)
    if re.fullmatch(r"[\d-]+", folded):
        return folded if re.fullmatch(r"\d{5,8}", folded) else None
    if folded.isalpha() and not (text.isascii() and text.isupper()):
        return None  # "quên", "chiều": a word; slips print letters as capitals
    return folded if _TOKEN.fullmatch(folded) else None


def is_word(factor: str) -> bool:
    """Return whether a bare factor has letters only, so that it may just as well be a word."""
    return factor.isalpha()


def masked(text: str) -> str:
    """Return `text` with whatever may be a factor hidden; dossier codes stay."""
    kept = list(text)
    for start, end, _ in spoken.rows(without_codes(text)):
        kept[start:end] = "•" * (end - start)
    for match in _SAID.finditer(fold(without_codes(text))):
        kept[match.start() : match.end()] = "•" * (match.end() - match.start())
    return "".join(kept)


def _seen(text: str) -> str:
    """Return the folded text without codes, with digits said one by one as numbers; every character in its place."""
    return fold(spoken.with_digits(without_codes(text)))


def _number(found: str) -> str:
    """Return four digits, or a phone number with its leading zero, as dossiers store it."""
    plain = digits(found)
    return "0" + plain[2:] if plain.startswith("84") and len(plain) > SHORTEST_PHONE else plain
