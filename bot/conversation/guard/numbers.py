"""Numbers of a person's papers and cards: identity numbers, the old CMND, bank cards and their CVV."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PAPER = (
    r"(?:cmnd|cmtnd|cmtd?|cccd|can cuoc|chung minh(?: nhan dan| thu)?|cm nhan dan|(?:so |ma )?dinh danh|"
    r"giay to tuy than)"
)
_WHOSE = (
    r"(?:[\s:=,.\"'(-]|\b(?:so|la|cua|toi|tui|em|e|minh|con|chau|chong|vo|me|ba|bo|cha|anh|chi|ong|bac|cu|moi|thi|day|"
    r"ne|nek|nay|gan chip|cong dan|ca nhan|nhan dan|chu ho|nguoi nop|chinh chu|9 so|12 so|go|nham|thieu|sai|du|ghi|"
    r"dung|tren|the)\b)*?"
)
# A number of twelve digits; grouped, only in groups that people write, and beginning with a province's 0.
_TWELVE = re.compile(r"(?<![\d+])(?<!\d[.,-])(?<!-)\d{12}(?!\d|[.,-]\d)")
_GROUPED = re.compile(r"(?<![\d+])(?<!\d[ .-])0\d*(?:[ .-]\d+){1,11}(?![\d]|[.-]\d)")
_GROUPS = frozenset(
    {(3, 3, 3, 3), (4, 4, 4), (6, 6), (3, 9), (3, 3, 6), (3, 1, 2, 6), (3, 1, 8), (4, 2, 6), (3, 4, 5), (3, 5, 4),
     (4, 8), (9, 3), (3, 6, 3), (2,) * 6, (1,) * 12}
)  # fmt: skip
_ANNOUNCED = re.compile(_PAPER + _WHOSE + r"(?<!\d)(?P<found>\d(?:[ .\-]?\d){8,12})(?![ .\-]?\d)")
_NAMED = re.compile(
    _PAPER + r"(?:\b(?:19|20)\d\d\b|\D){0,40}?(?:\bla|\bso|:|=)\s*(?<!\d)(?P<found>\d(?:[ .\-]?\d){8,12})(?![ .\-]?\d)"
)
_WORD = re.compile(_PAPER)
_OLD = re.compile(r"(?<![\d.,/-])[0-2]\d{8}(?![\d/]|[.,-]\d)")  # no mobile begins so when its 0 is left out
_PHONE = re.compile(r"(?:84|0)[235789]\d{8}")
_PAYMENT = re.compile(
    r"\b(?:giao dich|gd|tham chieu|thanh toan|bien lai|hoa don|don hang|van don|don|chuyen khoan|stk|tai khoan)\b"
    r"[^\d]{0,20}$"
)
_MONEY = re.compile(r"\s?(?:d|dong|vnd|k|trieu|ty)\b")
_CHIP = re.compile(r"\d{12}\|[^\n]*")  # what the QR code of a card says

_CARD = re.compile(r"(?<![\w.])(?<!\d-)\d{4}(?P<by>[ .-]?)\d{4}(?P=by)\d{4}(?P=by)\d{4}(?![\w]|[.-]\d)")
_NAMED_CARD = re.compile(
    r"(?:so the|the (?:atm|ngan hang|tin dung|visa|napas)|visa|master\s?card|napas|jcb)\D{0,25}?"
    r"(?<!\d)(?P<found>\d(?:[ .-]?\d){14,18})(?![ .-]?\d)"
)
_CVV = re.compile(r"(?:cvv2?|cvc2?|csc)(?![a-z])(?:\D|[34] so){0,14}?(?<!\d)(?P<found>\d{3,4})(?!\d| ?so)")


def identity(coded: str) -> Iterator[tuple[int, int]]:
    """Yield where identity numbers stand in a folded text whose codes are blanked."""
    for match in _CHIP.finditer(coded):
        yield match.span()
    for match in _TWELVE.finditer(coded):
        before, after = coded[: match.start()], coded[match.end() :]
        if match.group().startswith("0") or not (_PAYMENT.search(before) or _MONEY.match(after)):
            yield match.span()
    for match in _GROUPED.finditer(coded):
        yield from _grouped(match)
    if _WORD.search(coded):
        for match in _OLD.finditer(coded):
            yield match.span()
    for pattern in (_ANNOUNCED, _NAMED):
        for match in pattern.finditer(coded):
            number = re.sub(r"\D", "", match["found"])
            if not _PHONE.fullmatch(number) and len(number) != 10:
                yield match.span("found")


def cards(coded: str) -> Iterator[tuple[int, int]]:
    """Yield where bank card numbers and their CVV stand."""
    for match in _CARD.finditer(coded):
        if luhn(re.sub(r"\D", "", match.group())):
            yield match.span()
    for pattern in (_NAMED_CARD, _CVV):
        for match in pattern.finditer(coded):
            yield match.span("found")


def luhn(number: str) -> bool:
    """Return whether the check digit at the end of a card's number is right."""
    doubled = [int(char) * (2 if at % 2 else 1) for at, char in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _grouped(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the beginning of a row of groups that is one number: a house number may follow it."""
    groups = [(part.start(), part.end()) for part in re.finditer(r"\d+", match.group())]
    for count in range(2, len(groups) + 1):
        sizes = tuple(end - start for start, end in groups[:count])
        if sizes in _GROUPS and re.match(r"0\d\D?\d", match.group()) and not match.group().startswith("000"):
            yield match.start(), match.start() + groups[count - 1][1]
            return
