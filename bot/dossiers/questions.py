"""What is asked about the dossier on the table, in a few words: "bao giờ có", "lấy ở đâu", "sao bị từ chối".

Most of these words ask about a procedure when no dossier is talked about: whoever reads them must know that one is.
What the state of the dossier makes of a question is decided by its answer (`answers/particular.py`).
"""

from __future__ import annotations

import re

from bot.key_phrases import plain

DUE, SUPPLY_BY, SUPPLY_WHERE, FEE, COLLECT, PROXY, BRING, AGENCY, REASON, REFILE, PARCEL, PRESS = (
    "due", "supply_by", "supply_where", "fee", "collect", "proxy", "bring", "agency", "reason", "refile", "parcel",
    "press",
)  # fmt: skip
STATUS, LATE = "status", "late"
PARTICULAR = (DUE, SUPPLY_BY, SUPPLY_WHERE, FEE, COLLECT, PROXY, BRING, AGENCY, REASON, REFILE, PARCEL)
LONGEST = 12  # words; a longer message is a story of its own

_SOME = r"(?: \w+){0,3}? "
_WHEN = (
    r"(?:bao gio|khi nao|chung nao|luc nao|hom nao|ngay nao|bua nao|ngay may|bao lau(?: nua)?|may (?:ngay|hom|bua)"
    r"(?: nua)?)"
)
_WHERE = r"(?:o dau|cho nao|noi nao|cho ai|di dau|den dau|toi dau|ra dau|dau)"
_GET = r"(?:lay|nhan|linh)"
_KIN = (
    r"(?:con|vo|chong|me|ma|ba|bo|cha|tia|em|anh|chi|chau|ong|nguoi nha|nguoi than|nguoi khac|ban|hang xom|dong nghiep)"
)
_AGENT = r"(?:ai|(?:noi|cho|co quan|ben|phong|bo phan|can bo|don vi) nao)"
_DOES = r"(?:giai quyet|xu ly|giu|cam|phu trach|thu ly|ky|duyet)"
_SUPPLY = r"(?:bo sung|nop them|nop bu|nop tiep)"
_WHY = r"(?:tai sao|vi sao|lam sao ma|sao|ly do)"
_BAD = (
    r"(?:tu choi|khong (?:duoc )?(?:tiep )?nhan|khong chiu nhan|tra (?:lai|ve)|dung|ngung|ngang|thieu|bo sung|rot|huy)"
)

# The first that fits counts; what is narrower stands before what is wider.
_QUESTIONS = tuple(
    (name, re.compile(rf"\b(?:{'|'.join(ways)})\b"))
    for name, *ways in (
        (
            PRESS,
            r"nhac(?: \w+)? (?:co quan|ho(?! so)|can bo|noi|ben|xa|phuong|so|nguoi ta|giai quyet|lam nhanh|lien)",
            r"^(?:(?:nho|em|ban|vay|thi|da) )*nhac (?:giup|ho|gium|dum)(?: (?:em|toi|minh|con|voi|cai|di|nha|nhe|a))*$",
            r"(?:hoi|thuc|giuc|doc thuc|keu)(?: giup| gium| dum)?"
            r" (?:co quan|can bo|ho(?! so)|ben do|noi giai quyet|nguoi ta)",
        ),
        (SUPPLY_WHERE, rf"{_SUPPLY}{_SOME}(?:{_WHERE}|the nao|lam sao|cach nao|sao|qua mang|online)"),
        (
            SUPPLY_BY,
            rf"{_SUPPLY}{_SOME}{_WHEN}",
            rf"{_WHEN}{_SOME}(?:phai )?{_SUPPLY}",
            rf"(?:han|han chot|thoi han|han cuoi){_SOME}(?:{_WHEN}|may|bao lau|con)",
            rf"(?:toi|den|truoc) {_WHEN}",
        ),
        (
            LATE,
            r"(?:tai sao|vi sao|sao|lam gi ma)(?: \w+){0,3} (?:tre|lau|cham|lau la|chua xong|chua co|chua thay)",
            r"^(?:(?:ma|sao|the|gi) )*(?:lau|cham|tre)(?: (?:qua|ghe|the|vay|du|roi|lam|em|a|nhi|troi))+$",
        ),
        (
            REASON,
            rf"{_WHY}(?: \w+){{0,4}} {_BAD}",
            rf"{_BAD}(?: \w+){{0,2}} (?:vi|do|tai) (?:gi|sao|dau)",
            r"^(?:the |vay |ma )*(?:ly do|vi sao|tai sao|sao vay|sao the|sao ky vay)(?: \w+){0,3}$",
        ),
        (REFILE, r"(?:nop|lam|gui|dang ky|khai) lai"),
        (DUE, rf"{_WHEN}{_SOME}(?:xong|co|duoc|lay|tra|nhan|ra|toi)"),
        (
            PROXY,
            rf"{_GET}(?: \w+){{0,2}} (?:thay|ho(?! so)|giup|gium|dum)",
            rf"nho (?!buu)(?:\w+ ){{1,4}}{_GET}",
            rf"{_KIN}(?: \w+){{0,3}} {_GET}(?: \w+){{0,2}} duoc",
            rf"(?:nguoi nha|nguoi than|nguoi khac) (?:\w+ )?{_GET}",
        ),
        (
            BRING,
            r"(?:mang|dem|cam|chuan bi|xach)(?: \w+){0,3} (?:gi|nhung gi)",
            rf"(?:di|khi|luc|ra|toi) {_GET}(?: \w+){{0,3}} (?:can|phai)(?: \w+){{0,3}} gi",
        ),
        (
            PARCEL,
            rf"(?:buu gui|buu pham|buu kien|van don|kien hang|goi hang|don hang|hang){_SOME}(?:dau|chua|toi|den|may)",
        ),
        (COLLECT, rf"{_GET}{_SOME}{_WHERE}", rf"{_WHERE}{_SOME}{_GET}", rf"tra (?:ket qua )?{_WHERE}"),
        (
            AGENCY,
            rf"{_AGENT}{_SOME}{_DOES}",
            rf"{_DOES}{_SOME}(?:{_WHERE}|{_AGENT})",
            r"(?:dang )?nam o (?:dau|cho nao|noi nao)",
        ),
        (
            FEE,
            r"(?:bao nhieu|may)(?: \w+)? (?:tien|dong|le phi|phi|thue)",
            r"(?:dong|nop|tra|ton|het|mat|phi|tien|thue|le phi)(?: \w+){0,2} bao nhieu",
            r"so tien",
            r"co (?:ton|mat)(?: \w+)? (?:tien|phi)",
        ),
        (
            DUE,
            rf"{_WHEN}(?: (?:xong|co|duoc|lay|tra|nhan|ra))?(?: (?:vay|the|a|nhi|em|ha|ta|day))*$",
            rf"(?:ngay hen|ngay tra|ngay nhan|hen tra|hen ngay|con|cho|doi){_SOME}{_WHEN}",
        ),
        (
            STATUS,
            r"(?:xong|co|co ket qua|duoc|lay duoc|nhan duoc|toi luot) chua",
            r"^(?:(?:van|vay|the|la) )*chua (?:co|xong|duoc)(?: (?:ha|a|sao|em|nua|luon|ket qua))*$",
        ),
    )
)
_POSTMAN = re.compile(r"\b(?:buu ta|buu dien|shipper)\b")
_SAID_AGAIN = re.compile(r"\bnhac (?:lai|toi|em|minh|con|bac|chu|co(?! quan)|anh|chi)\b")
# "Khi nào có kết quả thì báo em": a wish for notices that only begins like a question.
_WISH = re.compile(
    r"\b(?:bao|nhan tin|hu|bat)(?: (?:tin|lai|cho|giup|gium|dum|voi)){0,2}"
    r" (?:toi|em|minh|con|tui|bac|anh|chi|co|chu|chau|voi|nhe|nha)\b|\b(?:theo doi|thong bao)\b"
)


def read(text: str) -> str | None:
    """Return what a short message asks about the dossier it is about; None when it asks nothing of the kind."""
    said = plain(text)
    if not said or len(said.split()) > LONGEST or _WISH.search(said):
        return None
    found = next((name for name, pattern in _QUESTIONS if pattern.search(said)), None)
    if (found == PRESS and _SAID_AGAIN.search(said)) or (found == PROXY and _POSTMAN.search(said)):
        return None
    return found
