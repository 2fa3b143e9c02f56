"""Hearing a hardship in what somebody writes: a death, despair, a robbery, money or a code given to a cheat.

Only what surely is one: "mệt muốn chết" is no despair, "mẹ tôi mất căn cước" no death, "từ từ" no suicide.
"""

from __future__ import annotations

import re
from enum import Enum

from bot.hardships.grief import tells_of_death
from bot.key_phrases import plain
from bot.text import fold


class Hardship(str, Enum):
    """What has happened, as `phrases.yml` names its answers (`hardship_…`)."""

    DESPAIR = "despair"
    DEATH = "death"
    ROBBED = "robbed"
    MONEY = "money"  # sent to a cheat
    CODE = "code"  # a one-time code or password given away, a strange application opened
    IDENTITY = "identity"  # somebody borrows in another's name


class Danger(str, Enum):
    """Whom to call first (facts §8: 113, 114, 115), as `phrases.yml` names it (`danger_…`)."""

    FIRE = "fire"
    HURT = "hurt"
    CRIME = "crime"


# Words that every hardship has one of.
_HINTS = re.compile(
    r"\b(?:song|chet|lieu|ket thuc|tu (?:tu|sat|van)|mat|doi|vong|tran|cuop|giat|trom|tui|gio|cuom|cap|chom|lua|vay"
    r"|no)\b"
)
_SUICIDE = re.compile(r"\btự (?:tử|sát|vẫn)\b")
# Without marks "từ từ" looks the same: only who wants or means to.
_SUICIDE_BARE = re.compile(r"\b(?:muon|dinh|tinh|doi|nghi (?:den|toi)|chac|se|toan) (?:di )?tu (?:tu|sat|van)\b")
_NO_MORE = re.compile(
    r"\b(?:khong|chang|het)(?: con)?(?: thiet| muon) song(?! (?:o|voi|chung|cung|tai|trong))\b|\bchan song\b"
    r"|\bsong (?:lam gi|chi) nua\b|\bket (?:lieu|thuc cuoc doi)\b|\bchet (?:quach|cho (?:roi|xong|nhe no))\b"
)
# "Mệt muốn chết", "chờ muốn chết" only complain: who means it begins with themselves.
_WANTS_DEATH = re.compile(
    r"(?:^|\b(?:toi|em|con|minh|tui|chi|that su|that|gio|chau|cung)) muon chet(?: (?:di|cho|luon|qua|that|roi))*$"
)
_OF_THE_DEAD = re.compile(r"\b(?:khai tu|bao tu|chung tu|mai tang|trich luc)\b")

_TAKEN = re.compile(r"\b(?:cuop|giat|trom|moc tui|rach gio|cuom|lay cap|lay trom|chom|an cap)\b")
_BELONGINGS = re.compile(
    r"\b(?:can cuoc|chung minh nhan dan|giay to|bop|tui xach|gio xach|ho chieu|bang lai|giay phep lai xe"
    r"|(?:cai|mat|giat|lay|trom|cuop) (?:cai )?(?:vi|tui|bop|ba lo))\b"
)

_DONE = r"\b(?:lo|lo tay|da|vua|moi|tro)"
_MONEY = re.compile(
    rf"{_DONE}(?: \w+){{0,4}} (?:chuyen|chuyen khoan|ck|nop|nap|gui|dong)(?: \w+){{0,3}}"
    r" (?:tien|khoan|trieu|no|ho|nguoi|ngan|k)\b"
    rf"|{_DONE} (?:chuyen khoan|chuyen tien|ck)\b"
    r"|\blua(?: \w+){0,2} (?:mat|het|lay|chuyen|tien|trieu)\b"
    r"|\b(?:no|ho|nguoi ta|chung)(?: \w+){0,2} (?:lay|rut)(?: \w+){0,2} tien\b"
)
_OUR_MONEY = re.compile(
    r"\b(?:le phi|ho so|thanh toan|nop phi|tien phi|hoan tien|hoc phi|buu dien|cong dich vu|dich vu cong)\b"
)
_CODE = re.compile(
    rf"{_DONE}(?: \w+){{0,3}} (?:doc|dua|cho|gui|cung cap|nhap|khai|noi|dien)(?: \w+){{0,4}}"
    r" (?:otp|ma(?! (?:ho so|tra cuu|bi mat|buu))|mat khau|passcode|so the|cvv)\b"
    rf"|{_DONE}(?: \w+){{0,2}} (?:bam|nhan|cai|tai|mo|vao|chia se)(?: \w+){{0,3}}"
    r" (?:link|duong dan|app|ung dung|file|man hinh)\b"
)
_IDENTITY = re.compile(
    r"\b(?:lay|dung|muon|su dung|an cap|xai)(?: \w+){0,2} (?:can cuoc|chung minh|giay to|thong tin|ten|hinh)"
    r"(?: \w+){0,5} (?:vay|mo tai khoan|mua tra gop|the chap|no|dang ky sim)\b"
    r"|\b(?:khong|chua|dau co)(?: \w+){0,2} vay(?: \w+){0,4} (?:doi no|bao no|no)\b"
)
_CHEATED = re.compile(r"\bbi (?:no |ho |nguoi ta )?lua\b")

_ON_FIRE = re.compile(r"\bcháy\b(?! hàng| túi| máy)")
_ON_FIRE_BARE = re.compile(r"\bchay(?! (?:mau|xe di|di|ra|lai|nhanh|cham|theo|may|hang|tui))\b")
_RESCUE = re.compile(
    r"\b(?:cuu hoa|chua chay|phat no|duoi nuoc|chet duoi|sat lo|sap nha|nha sap|lu cuon|nuoc cuon|mac ket"
    r"|roi xuong gieng)\b"
)
_HURT = re.compile(
    r"\b(?:bat tinh|ngat|kho tho|dau tim|dot quy|chay mau|bi thuong|tai nan|cap cuu|ngo doc|co giat|bong nang|nguy kich"
    r"|hon me|sap (?:de|sinh)|de roi|guc|gay (?:tay|chan))\b"
)
_CRIME = re.compile(
    r"\b(?:cuop|trom|danh|dam|chem|giet|doa|bat coc|hiep|bao luc|sung|cam dao|dot nhap|quay roi|xam hai|pha cua)\b"
)


def read(text: str) -> Hardship | None:
    """Return the hardship that a message tells of beyond doubt, whatever it is taken for; None otherwise."""
    if not _HINTS.search(fold(text)):
        return None  # most messages: the rest need not be looked at
    if despairs(text):
        return Hardship.DESPAIR
    if tells_of_death(text):
        return Hardship.DEATH
    said = plain(text)
    if _TAKEN.search(said) and _BELONGINGS.search(said):
        return Hardship.ROBBED
    return victim(text) if _CHEATED.search(said) or _IDENTITY.search(said) else None


def despairs(text: str) -> bool:
    """Return whether somebody speaks of ending a life; beside "khai tử" it tells of one that has ended."""
    if not _HINTS.search(fold(text)):
        return False
    lower, said = text.lower(), plain(text)
    if _SUICIDE.search(lower):
        return not _OF_THE_DEAD.search(said)
    if "từ từ" in lower or _OF_THE_DEAD.search(said):
        return False
    return any(pattern.search(said) for pattern in (_SUICIDE_BARE, _NO_MORE, _WANTS_DEATH))


def victim(text: str) -> Hardship | None:
    """Return what a cheat has got already; None for somebody who only asks, or whom nothing has happened yet."""
    said = plain(text)
    if _IDENTITY.search(said):
        return Hardship.IDENTITY
    if _CODE.search(said):
        return Hardship.CODE
    return Hardship.MONEY if _MONEY.search(said) and not _OUR_MONEY.search(said) else None


def danger(text: str) -> Danger | None:
    """Return what kind of danger a call for help is about; None when it does not say."""
    said = plain(text)
    burns = _ON_FIRE_BARE.search(said) if text.isascii() else _ON_FIRE.search(text.lower())
    if burns or _RESCUE.search(said):
        return Danger.FIRE
    if _HURT.search(said):
        return Danger.HURT
    return Danger.CRIME if _CRIME.search(said) else None
