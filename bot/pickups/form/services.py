"""Reading what the postman should do: bring a result, fetch papers, or both.

All patterns read the normal form of the text (`bot.normalise`): abbreviations written out, no marks.
"""

from __future__ import annotations

import re

from bot.pickups.form.plain import plain_text
from bot.text import words

_PAPERS = r"(?:ho so|giay|gto|don|to khai)\b(?! (?:chung nhan|phep|hen|ket qua))"
_HOME = r"(?:nha|tan|tiem|quan|cho|noi|cong ty|truong|shop|xuong|phong|co quan|day|ray|vuon|co so|cua hang)"
_WHO = r"(?:em|anh|chi|con|chau|toi|tui|minh|ban|co|chu|bac|ong|ba|di|cau)"
_COMES = r"(?:toi|den|qua|ghe|lai|len|vo|vao|xuong|ra|tai|o)"
_COLLECT = re.compile(
    r"\b(?:lay|thu|gom|ruoc|cam|collect"
    r"|(?<!toi )(?<!tui )(?<!em )(?<!minh )(?<!xin )(?<!muon )(?<!duoc )(?<!can )(?<!cong )nhan)"
    rf"(?: (?!ket)\w+){{0,3}}? {_PAPERS}"
    rf"|\b{_COMES}(?: {_HOME}| {_WHO}| ba me| \w+ )*(?: de| ma)? (?:lay|thu(?! (?:hai|ba|tu|nam|sau|bay|num|\d))"
    rf"|gom)\b(?! ket qua| so | the )"
    r"|(?<!da )(?<!moi )(?<!toi )(?<!em )(?<!minh )\b(?:di|dem|mang|de|ra|len) nop\b|\bnop (?:giup|gium|dum|ho|thay)\b"
    rf"|\b(?:gui|dua|giao|nop)(?: (?:luon|giup|gium|dum|cho|em|them))* {_PAPERS}(?: to)?(?: \w+)? (?:xin|lam|nop"
    rf"|dang ky|bo sung|di|khai)\b(?! [^,.]{{0,30}}\b(?:roi|xong)\b)"
    r"|\b(?:lay|thu) (?:tai|o) nha\b|\bcollect\b"
)
# "lười ra lấy", "khỏi đi nộp": what the citizen would rather not do is no wish.
_POSTMAN = re.compile(
    r"\b(?:buu ta|buu dien|shipper|nguoi (?:toi|den|qua|lai|ghe|len))\b(?: \w+){0,6} (?=(?:lay|thu|gom"
    r"|nhan)\b(?! (?:ket qua|so|the|roi|hang|thi|xong|tien|hai|ba|tu|nam|sau|bay|tuc|num\d)\b))"
)
_OWN_WAY = re.compile(
    r"\b(?:khoi|khong|chang|thay vi|luoi|ngai|ban (?:viec|lam|qua|bu)"
    r"|do (?:phai|mat cong|cong)|khoi phai|het|kho|bat tien)"
    r"(?: (?!nho|muon|cho)\w+){0,5}? (?:ra|di|len|chay|toi|xuong|ve|qua|den|vo)(?: \w+){0,3}?"
    r" (?:lay|nop|nhan)(?: duoc)?\b"
)
_THING = r"(?:ket qua|kq|so(?: do| hong)?|the|bang|giay (?:chung nhan|phep|khai sinh|chung tu|to)|giay)"
_BACK = r"(?:ve|tan nha|tai nha|den nha|toi nha|den tan|toi tan|tan noi|o nha|ra dao|ra)"
_DELIVER = re.compile(
    rf"\bket qua\b|\b(?:giao|ship|mang|dem|dua|gui|goi|chuyen|tra"
    rf"|cam)\b(?: (?!nop)\w+){{0,8}}? {_BACK}\b(?! (?:trung tam|xa|phuong) nop)"
    rf"|\b(?:giao|dua|dem|mang|ship|tra)(?: \w+){{0,2}} (?:(?<!ho )so(?! dien| dt| nha| \d| num)|the|bang)\b"
    r"|\b(?:(?<!ta )(?<!dien )(?<!nguoi )toi|tui|em|minh|xin|muon|duoc|can|dang ky) nhan(?: \w+)?"
    r" (?:giay|so|the|bang)\b"
    rf"|\bnhan (?:lai )?(?:(?<!ho )so(?! dien| dt| nha| \d| num)|the|bang|giay chung nhan|giay phep)\b"
    rf"|\b(?:giao|ship|tra) {_THING}\b|\bdeliver\b"
    rf"|\bgiao (?:ve|tan)\b"
    rf"|\b(?:gui|goi|chuyen|ship|dem|mang)(?: \w+)? {_THING}(?: \w+){{0,2}}? (?:xuong|len|ra|vo|vao|qua|ve|sang)"
    rf" (?:cho|nha|ngoai|duoi|tren|trong|day)\b(?! (?:xa|phuong|uy ban|co quan|trung tam|van phong))"
    rf"|\b(?:gui|chuyen|ship|dem|mang) (?:xuong|len|ra|vo|vao|qua|ve|sang) cho {_WHO}\b"
)
_BOTH = re.compile(
    r"\b(?:ca (?:hai|2|num1)|(?<!thu )(?:hai|num1) (?:viec|thu|dich vu)|both"
    r"|vua \w.* vua|ca giao .* lan|ca lay .* lan|hai chieu|tron goi)\b"
)


def service(text: str) -> str | None:
    """Return what the postman should do: "deliver", "collect" or "both"."""
    plain = _OWN_WAY.sub(" ", plain_text(text))
    if _BOTH.search(plain):
        return "both"
    collect, deliver = _COLLECT.search(plain), _DELIVER.search(plain)
    postman = _POSTMAN.search(plain)
    start, end = collect.span() if collect else (postman.end(), postman.end() + 3) if postman else (-1, -1)
    if start >= 0 and deliver:
        return None if start <= deliver.end() and deliver.start() <= end else "both"
    if start >= 0:
        return "collect"
    return "deliver" if deliver else None


_WITHOUT = re.compile(
    r"\b(?:khoi|khong|thoi|bo)(?: (?:can|muon|phai|lam))*(?: (?:giao|lay|mang|nop|tra|gui)\b)"
    r"(?: (?!chi|lay|giao)\w+){0,3}"
)


def only_one(text: str) -> str | None:
    """Return which of both is left: "khỏi giao kết quả, chỉ lấy hồ sơ thôi"."""
    plain = plain_text(text)
    left = _WITHOUT.sub(" ", plain)
    if left != plain or re.search(r"\bchi (?:can |lam |muon )?(?:lay|giao)\b", plain):
        found = service(left)
        return None if found == "both" else found
    return None


def chosen_service(text: str) -> str | None:
    """Return the service as the answer to "deliver or collect?", where one word is enough."""
    found = service(text)
    if found:
        return found
    plain = plain_text(text)
    if re.search(r"(?<!thu )(?<!cai )\b(?:hai|num1) cai\b(?! (?:dau|sau|thu))|\bhet (?:ca|luon)\b", plain):
        return "both"
    collect = re.search(r"\b(?:lay|nop|thu|gom)\b", plain)
    deliver = re.search(r"\b(?:giao|ship|mang ve|dem ve|nhan|gui ve)\b", plain)
    if bool(collect) == bool(deliver):
        return None
    return "collect" if collect else "deliver"


_SPECIFIC = re.compile(
    r"\b(?:giao|ket qua|lay|nop|nhan|gui|goi|mang|dem|ship|thu|gom|chuyen|tra|ve nha|so|the|giay"
    r"|ho so)\b(?! dien thoai)"
)


def is_vague(text: str) -> bool:
    """Tell whether `text` asks for the postman without saying what for: "đặt lịch bưu điện giúp em"."""
    return bool(words(text)) and not text.startswith("/") and not _SPECIFIC.search(plain_text(text))


_HAVE_NONE = re.compile(
    r"\b(?:chua co|khong co|co dau|lam gi co|chua duoc|chua thay|chua biet)\b.{0,12}\b(?:ma|ho so|so|giay hen|gi)\b"
    r"|^(?:\w+ ){0,3}(?:chua|khong) co$"
    r"|\b(?:chua nop|moi nop lan dau|lan dau|gio moi nop|nay moi nop|sap nop|dinh nop|dang chuan bi|ho so moi"
    r"|lan nay moi|gio moi lam|(?:da|co) nop dau|dau ma co|(?:gio|bay gio|nay|lan nay) moi(?: \w+){0,2} nop)\b"
)


def has_no_dossier(text: str) -> bool:
    """Tell whether somebody says that there is no dossier yet: "chưa có mã, giờ mới nộp"."""
    return bool(_HAVE_NONE.search(plain_text(text)))
