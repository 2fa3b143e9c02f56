"""Hearing who stands in for whom: kin, neighbours, and what they do for the citizen."""

from __future__ import annotations

import re

from bot.pickups.form.plain import plain_text

SELF = "toi|tui|em|minh|con|anh|chi|bac|co|chu|ba|ong|chau|e|m|t|a|c|tao|to"
KIN = (
    "vo|chong|con (?:trai|gai|re|dau|nho)|con|em (?:trai|gai|re|dau|ho)|em|anh (?:trai|re|ho|hai|ba|ca)|anh"
    "|chi (?:gai|dau|ho|hai|ba)|chi"
    "|me (?:vo|chong)|me|ma|ba (?:noi|ngoai|xa)|ba|bo|cha|tia|ong (?:noi|ngoai|xa)|ong|chau (?:trai|gai|noi|ngoai)|chau"
    "|co|di|cau|mo|thim|chu|bac|duong|hang xom|nguoi nha|nguoi quen|ban (?:than|hoc|cung lop)?|ban|dong nghiep"
    "|nhan vien|ke toan|thang (?:con|em|chau|nho)"
    "|dua (?:con|em|chau)|be|bao ve|chu nha|nguoi lam"
)

_HELPS = r"(?:nhan|giao|dua|nop|lay|ky|gui|di|lam|cam|trao)"
_FOR = r"(?:thay|gium|dum|giup|ho|dai dien|luon|nghen|nha)"
_STANDS_IN = re.compile(
    rf"\b(?:nho|de|cho|co|giao cho|uy quyen(?: cho)?|la) (?:{KIN})\b|\b(?:{KIN})(?: ruot)?(?: (?:{SELF}"
    rf"|no))(?: [^,.;]{{0,40}}?)? {_HELPS}\b"
    rf"|\b{_HELPS}(?: \w+){{0,3}}? (?:thay|gium|dum|ho)\b|\b(?:nho|uy quyen)\b|\bnguoi (?:khac|nha|quen|than)\b"
    rf"|\bthay (?:mat )?(?:{SELF})\b"
    rf"|\b(?:{KIN}) (?:toi|tui|minh|em|con|chau|anh|chi|bac|chu|co|e)(?: (?:a|nha|do|oi|luon))*[ .]*$"
)
_SURE_KIN = (
    rf"(?:(?:{KIN}) (?:toi|tui|minh|em|con|chau|anh|chi|ba|bac|chu|co|ong|e|m)|vo|chong|con (?:trai|gai|re|dau)"
    r"|em (?:trai|gai)|anh trai|chi gai|hang xom|nguoi nha)"
)
_SURELY_STANDS_IN = re.compile(
    rf"\b{_SURE_KIN}\b[^.;]{{0,50}}?\b{_HELPS}(?: \w+){{0,3}}? (?:thay|gium|dum|giup|ho)\b|\b(?:nho|de"
    rf"|cho) {_SURE_KIN}\b[^.;]{{0,50}}?\b{_HELPS}\b"
    rf"|\b(?:nguoi (?:nhan|giao|lam|di) thay|uy quyen cho|nho (?:them )?nguoi|nhan thay|giao thay|dua thay|nop thay)\b"
)


_KIN_ALONE = re.compile(
    rf"(?:(?:da|vang|khong|thi|co|a|u|de|cho)[ ,]+)*(?:{KIN})(?: (?:{SELF}|no|day))?(?: (?:se|tu|luon|truc tiep"
    rf"|o nha|ra))* {_HELPS}(?: (?:luon|truc tiep|nha|nhe|a|em|thoi|do|duoc|tan tay))*"
)


def of_kin(text: str) -> bool:
    """Tell whether the text speaks of somebody of the family: "tên chồng tui là …"."""
    return bool(re.search(rf"\b{_SURE_KIN}\b", plain_text(text)))


def is_kin_alone(text: str) -> bool:
    """Tell whether the whole text is that somebody of the family does it: "vợ tôi nhận", "mẹ em tự nhận"."""
    return bool(_KIN_ALONE.fullmatch(plain_text(text)))


def stands_in(text: str, *, sure: bool = False) -> bool:
    """Tell whether the text speaks of somebody who stands in; `sure` when it was not asked for."""
    plain = plain_text(text)
    if re.search(r"\b(?:khong|khoi|chang|chua)(?: (?:can|co|phai|muon))* (?:nho|uy quyen|ai|nguoi|thay)\b", plain):
        return False
    return bool((_SURELY_STANDS_IN if sure else _STANDS_IN).search(plain))
