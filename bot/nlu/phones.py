"""Phone and identity numbers as people write, paste and dictate them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from bot.text import fold, straight_dashes


@dataclass(frozen=True)
class FoundDigits:
    """A number in a text: "phone" or "identity_number", its digits as they are dialled or stored, its place."""

    kind: str
    start: int
    end: int
    value: str


_REGION = "VN"
# A run of digits with the signs people put between them; letters may touch it ("sđt0912345678nha"), digits not.
_RUN = re.compile(
    r"(?<![0-9])(?<![0-9][.\-])(?<![a-z][0-9][0-9][.\-])(?:\(?\+?\(?)?[0-9](?:[ .\-()]{0,3}[0-9]){7,14}(?![0-9]"
    r"|[.\-][0-9]|/[0-9]{1,7}(?![0-9]))",
    re.ASCII,
)
# The digits are the rest of a code: "G22.99.3-2412…", "MC-…", "EB 1259…".
_CODE_BEFORE = re.compile(r"(?:[a-z][0-9][0-9.]*[.\-]|\bmc[\s.:#_-]{0,3}|\beb\s?)$", re.ASCII)
_NO_RUN_AFTER = re.compile(r"\s?vn\b|-[0-9a-z]|\s?(?:dong|vnd|trieu|d\b)", re.ASCII)
_OLD_IDENTITY = re.compile(
    r"\b(?:cmnd|cmt|cmtnd|chung minh|chung minh thu|chung minh nhan dan|cccd|can cuoc|cm)\b[^0-9]{0,24}$", re.ASCII
)
_MOBILE = re.compile(r"0[35789][0-9]{8}")
_INSIDE = re.compile(r"(?<![0-9.\-])(?:\+?84[ .\-]?|0)[35789](?:[ .\-]?[0-9]){8}(?![.\-]?[0-9])", re.ASCII)
_SERVICE = re.compile(r"1[89]00[0-9]{4}(?:[0-9]{2})?")
_SPOKEN = {
    "khong": "0", "mot": "1", "hai": "2", "ba": "3", "bon": "4", "tu": "4", "nam": "5", "lam": "5", "sau": "6",
    "bay": "7", "tam": "8", "chin": "9",
}  # fmt: skip
_SPOKEN_RUN = re.compile(rf"\b(?:(?:{'|'.join(_SPOKEN)}|[0-9]{{1,4}})(?:[ ,.\-]{{1,2}}|\b)){{6,12}}", re.ASCII)
_SPOKEN_WORD = re.compile(rf"\b(?:{'|'.join(_SPOKEN)}|[0-9]+)\b", re.ASCII)


def find_numbers(text: str) -> list[FoundDigits]:
    """Return the phone and identity numbers in `text` (visible text); offsets count its characters."""
    folded = straight_dashes(fold(text))
    found = []
    for match in _RUN.finditer(folded):
        before = folded[max(0, match.start() - 36) : match.start()]
        if _CODE_BEFORE.search(before) or _NO_RUN_AFTER.match(folded[match.end() : match.end() + 8]):
            continue
        found.extend(_meant(match, before))
    if "khong" in folded or "chin" in folded:
        found.extend(_dictated(folded))
    return found


def _meant(match: re.Match[str], before: str) -> list[FoundDigits]:
    """Return the number that a run of digits is, with a plus or a bracket before it; nothing for other amounts."""
    start, end = match.start(), match.end()
    digits = re.sub(r"[^0-9]", "", match.group())
    opening = len(match.group()) - len(match.group().lstrip("(+"))
    if opening and "+" not in match.group()[:opening]:
        start += opening if ")" not in match.group() else 0
    if phone := phone_number(digits):
        return [FoundDigits("phone", start, end, phone)]
    is_old = len(digits) == 9 and _OLD_IDENTITY.search(before)
    if is_old or (len(digits) == 12 and (digits[0] == "0" or _OLD_IDENTITY.search(before))):
        return [FoundDigits("identity_number", start, end, digits)]
    # "tổ 3 0912345678", "0912345678 4321": the number stands beside another.
    inside = ((found, phone_number(re.sub(r"[^0-9]", "", found.group()))) for found in _INSIDE.finditer(match.group()))
    return [
        FoundDigits("phone", match.start() + found.start(), match.start() + found.end(), phone)
        for found, phone in inside
        if phone
    ]


@lru_cache(maxsize=2048)
def phone_number(digits: str) -> str | None:
    """Return these digits as a number dialled inside the country ("0912345678", "19000368"), or None."""
    national = digits
    for prefix in ("0084", "84"):
        if digits.startswith(prefix) and len(digits) - len(prefix) in (9, 10, 11):
            national = "0" + digits[len(prefix) :].lstrip("0")
            break
    if _MOBILE.fullmatch(national):
        return national
    if not (_SERVICE.fullmatch(national) or (national.startswith("02") and len(national) == 11)):
        return None
    try:
        parsed = phonenumbers.parse(national, _REGION)
    except phonenumbers.NumberParseException:
        return None
    return national if phonenumbers.is_valid_number(parsed) else None


def _dictated(folded: str) -> list[FoundDigits]:
    """Return phone numbers spoken digit by digit: "không chín một hai ba bốn năm sáu bảy tám"."""
    found = []
    for match in _SPOKEN_RUN.finditer(folded):
        said = _SPOKEN_WORD.findall(match.group())
        digits = "".join(_SPOKEN.get(word, word) for word in said)
        if sum(word in _SPOKEN for word in said) >= 4 and (phone := phone_number(digits)):
            end = match.end() - (len(match.group()) - len(match.group().rstrip(" ,.-")))
            found.append(FoundDigits("phone", match.start(), end, phone))
    return found
