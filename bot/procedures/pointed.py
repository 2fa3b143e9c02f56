"""The point of a question inside an aspect: what answers it best is said first, the rest follows.

"Bà ngoại đi làm thay được không" asks about a grandmother; that others need a certified paper is the second thing.
"""

from __future__ import annotations

import re

from bot.key_phrases import plain
from bot.text import capital, fold

_BEGIN = "Dạ, "
# How long a paper is good for; the record's aspect of the result tells, if anything does.
_HOW_LONG = r"(?:bao lau|may (?:thang|nam|ngay)|bao nhieu|khong|(?:den|toi) khi nao)"
_VALIDITY = re.compile(
    rf"\b(?:gia tri|hieu luc|thoi han|han su dung|co han)\b.*\b{_HOW_LONG}\b"
    r"|\b(?:dung|xai|su dung|de) duoc (?:bao lau|(?:may|bao nhieu) (?:thang|nam|ngay))\b"
    r"|\b(?:bao lau|may thang|may nam) (?:thi |la )?het (?:han|hieu luc)\b"
)
_TELLS_VALIDITY = re.compile(r"\b(?:dung|xai) duoc\b|\bgia tri (?:trong )?\d|\bco thoi han\b|\bhan su dung\b")
UNKNOWN_VALIDITY = (
    "Dạ, giấy này dùng được bao lâu thì nguồn của em chưa nêu; anh/chị xem ngày ghi trên giấy, hoặc hỏi quầy khi nhận."
)
# A first sentence that says already what is asked, or that nobody may go.
_NOBODY = r"\bkhong (?:nho|ai)\b"
# Who goes in one's stead, as people say it, and as the records do; and what the first sentence then says already.
_KIN = (
    (
        re.compile(r"\b(?:ong|ba) (?:noi|ngoai|co)\b|\bong ba\b"),
        re.compile(r"\bong ba\b"),
        re.compile(rf"\bong ba\b|{_NOBODY}"),
    ),
    (
        re.compile(
            r"\b(?:cha|bo|me|ma|vo|chong|ong xa|ba xa|con (?:trai|gai|ruot|de)|(?:anh|chi|em) (?:trai|gai|ruot))\b"
        ),
        re.compile(r"\b(?:cha me|vo chong|anh chi em ruot|vo hoac chong)\b"),
        re.compile(rf"\b(?:cha me nuoi|than nhan)\b|{_NOBODY}"),
    ),
    (
        re.compile(r"\b(?:ban|hang xom|nguoi quen|nguoi ngoai|nguoi la|dong nghiep|dich vu|cong ty)\b"),
        re.compile(r"\bnguoi (?:khac|ngoai)\b"),
        re.compile(_NOBODY),
    ),
)


def asks_validity(text: str) -> bool:
    """Return whether a message asks how long the paper is good for."""
    return bool(_VALIDITY.search(plain(text)))


def ordered(aspect: str, said: str, items: list[str], text: str) -> tuple[str, list[str]]:
    """Return the first sentence and the list of an answer as they fit the question `text`.

    `said` is the first sentence of the record, `items` its list; both stay as they are for a question without a point.
    """
    if aspect == "result" and asks_validity(text):
        at = _first(items, _TELLS_VALIDITY)
        if at is None and not _TELLS_VALIDITY.search(fold(said)):
            return UNKNOWN_VALIDITY, [_as_item(said), *items]
        return (said, items) if at is None else _moved(said, items, at)
    if aspect == "proxy":
        told = plain(text)
        for people, record, own in _KIN:
            if people.search(told):
                at = None if own.search(fold(said)) else _first(items, record)
                return (said, items) if at is None else _moved(said, items, at)
    return said, items


def _first(items: list[str], pattern: re.Pattern[str]) -> int | None:
    return next((at for at, item in enumerate(items) if pattern.search(fold(item))), None)


def _moved(said: str, items: list[str], at: int) -> tuple[str, list[str]]:
    item = items[at]
    first = f"{_BEGIN}{item[:1].lower()}{item[1:].rstrip('.')}."
    return first, [_as_item(said), *items[:at], *items[at + 1 :]]


def _as_item(said: str) -> str:
    return capital(said.removeprefix(_BEGIN).removeprefix("được. ")).rstrip(".")
