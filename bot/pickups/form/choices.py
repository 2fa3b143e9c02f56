"""Reading what is chosen: what the postman should do, how he is paid, whether somebody stands in, yes or no.

All patterns read the normal form of the text (`bot.normalise`): abbreviations written out, no marks.
"""

from __future__ import annotations

import re

from bot.normalise import normal_text
from bot.text import fold, words

# --- what the postman should do ---

_PAPERS = r"(?:ho so|giay|gto|don|to khai)(?! (?:chung nhan|phep|hen|ket qua))"
_HOME = r"(?:nha|tan|tiem|quan|cho|noi|cong ty|truong|shop|xuong|phong|co quan|day|ray|vuon|co so|cua hang)"
_WHO = r"(?:em|anh|chi|con|chau|toi|tui|minh|ban|co|chu|bac|ong|ba|di|cau)"
_COMES = r"(?:toi|den|qua|ghe|lai|len|vo|vao|xuong|ra|tai|o)"
_COLLECT = re.compile(
    rf"\b(?:lay|thu|gom|ruoc|nhan|cam|collect)(?: (?!ket)\w+){{0,3}}? {_PAPERS}"
    rf"|\b{_COMES}(?: {_HOME}| {_WHO}| ba me| \w+ )*(?: de| ma)? (?:lay|thu(?! (?:hai|ba|tu|nam|sau|bay|num|\d))|gom)\b(?! ket qua| so | the )"
    r"|(?<!da )(?<!moi )(?<!toi )(?<!em )(?<!minh )\b(?:di|dem|mang|de|ra|len) nop\b|\bnop (?:giup|gium|dum|ho|thay)\b"
    rf"|\b(?:gui|dua|giao|nop)(?: (?:luon|giup|gium|dum|cho|em|them))* {_PAPERS}(?: to)?(?: \w+)? (?:xin|lam|nop|dang ky|bo sung|di|khai)\b"
    r"|\b(?:lay|thu) (?:tai|o) nha\b|\bcollect\b"
)
# "lười ra lấy", "khỏi đi nộp": what the citizen would rather not do is no wish.
_POSTMAN = re.compile(r"\b(?:buu ta|buu dien|shipper|nguoi (?:toi|den|qua|lai|ghe|len))\b(?: \w+){0,6} (?=(?:lay|thu|gom|nhan)\b(?! (?:ket qua|so|the|roi|hang|thi|xong)\b))")
_OWN_WAY = re.compile(
    r"\b(?:khoi|khong|luoi|ngai|ban|do|khoi phai|het)(?: \w+){0,2} (?:ra|di|len|chay|toi)(?: \w+){0,3}? (?:lay|nop|nhan)\b"
)
_THING = r"(?:ket qua|kq|so(?: do| hong)?|the|bang|giay (?:chung nhan|phep|khai sinh|chung tu|to)|giay)"
_BACK = r"(?:ve|tan nha|tai nha|den nha|toi nha|den tan|toi tan|tan noi|o nha|ra dao|ra)"
_DELIVER = re.compile(
    rf"\bket qua\b|\b(?:giao|ship|mang|dem|dua|gui|goi|chuyen|tra|cam)\b(?: (?!nop)\w+){{0,8}}? {_BACK}\b(?! (?:trung tam|xa|phuong) nop)"
    rf"|\bnhan (?:lai )?(?:so|the|bang|giay chung nhan|giay phep)\b|\b(?:giao|ship|tra) {_THING}\b|\bdeliver\b|\bgiao (?:ve|tan)\b"
)
_BOTH = re.compile(
    r"\b(?:ca (?:hai|2|num1)|hai viec|2 viec|both|vua \w.* vua|ca giao .* lan|ca lay .* lan|hai chieu|tron goi)\b"
)


def service(text: str) -> str | None:
    """Return what the postman should do: "deliver", "collect" or "both"."""
    plain = _OWN_WAY.sub(" ", re.sub(r"\bkq\b", "ket qua", normal_text(text)))
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


def chosen_service(text: str) -> str | None:
    """Return the service as the answer to "deliver or collect?", where one word is enough."""
    found = service(text)
    if found:
        return found
    plain = normal_text(text)
    collect = re.search(r"\b(?:lay|nop|thu|gom)\b", plain)
    deliver = re.search(r"\b(?:giao|ship|mang ve|dem ve|nhan|gui ve)\b", plain)
    if bool(collect) == bool(deliver):
        return None
    return "collect" if collect else "deliver"


_SPECIFIC = re.compile(
    r"\b(?:giao|ket qua|lay|nop|nhan|gui|goi|mang|dem|ship|thu|gom|chuyen|tra|ve nha|so|the|giay|ho so)\b(?! dien thoai)"
)


def is_vague(text: str) -> bool:
    """Tell whether `text` asks for the postman without saying what for: "đặt lịch bưu điện giúp em"."""
    return bool(words(text)) and not text.startswith("/") and not _SPECIFIC.search(normal_text(text))


_HAVE_NONE = re.compile(
    r"\b(?:chua co|khong co|co dau|lam gi co|chua duoc|chua thay|chua biet)\b.{0,12}\b(?:ma|ho so|so|giay hen|gi)\b|^(?:\w+ ){0,3}(?:chua|khong) co$"
    r"|\b(?:chua nop|moi nop lan dau|lan dau|gio moi nop|nay moi nop|sap nop|dinh nop|dang chuan bi|ho so moi|lan nay moi|gio moi lam|(?:da|co) nop dau|dau ma co|(?:gio|bay gio|nay|lan nay) moi(?: \w+){0,2} nop)\b"
)


def has_no_dossier(text: str) -> bool:
    """Tell whether somebody says that there is no dossier yet: "chưa có mã, giờ mới nộp"."""
    return bool(_HAVE_NONE.search(normal_text(text)))


# --- how he is paid ---

_COME = r"(?:toi|den|len|qua|ghe|lai|ra|vo|xuong|nhan|lay|giao|ship|gap|cam|co|dua|mang|dem|tan noi)"
_PAY = r"(?:tra|dua|gui|goi|thanh toan|tinh|dong|bao|chi|boi)"
_LATER = re.compile(
    r"\b(?:tra sau|nhan truoc tra sau|cod|tien mat|thu ho|tai cho|on_receipt|on receipt|tien tuoi)\b"
    rf"|\b(?:khi|luc|hoi|chung nao|bao gio|den khi|chung|sau khi)\b(?: \w+){{0,4}}? {_COME}\b|\b(?:nhan|lay|giao) (?:hang|ho so|giay|do|xong)\b"
    rf"|\b{_COME}\b(?:[ ,]+\w+){{0,4}}?[ ,]+(?:thi|roi|xong|moi|la)\b(?: \w+){{0,3}}? {_PAY}\b"
    rf"|\b{_COME}\b(?: \w+){{0,3}}? {_PAY}\b(?! truoc)|\bmoi {_PAY}\b"
    rf"|\b{_PAY}\b(?: \w+){{0,4}}? (?:buu ta|shipper|nguoi giao|nguoi lay|tai nha|tan tay|anh giao|chu giao|nguoi ta)\b"
    r"|\b(?:tai nha|tai cho|tan tay|gap mat|toi dau|tung lan|buu ta (?:den|toi)|shipper (?:den|toi))\b"
)
_BANK = re.compile(
    r"\b(?:before|ck|chuyen khoan|online|momo|zalopay|vnpay|viettel money|quet ma|qr|banking|bank|qua mang|vi dien tu"
    r"|internet banking|the ngan hang|qua ngan hang|tren mang|bang the)\b"
)
_BEFOREHAND = re.compile(
    r"\b(?:tra|thanh toan|dong|ck|chuyen khoan|chuyen|gui|dua|nop|ung)(?: \w+){0,2}? truoc\b|\btruoc\b(?! (?:nha|cong|cua|mat|day|gio|khi nhan roi)\b)"
)
_NOT_BEFORE = re.compile(r"\b(?:khong|khoi|dung|chua|chang)(?: \w+){0,3}? truoc\b|\bnhan truoc\b|\btra truoc thi (?:khong|thoi)\b")
_AT_ONCE = re.compile(rf"\b{_PAY}(?: tien| cuoc| phi)? (?:luon|lien|ngay|bay gio)\b")


def payment(text: str) -> str | None:
    """Return "on_receipt" or "before" when `text` says how the postage is paid."""
    plain = normal_text(text)
    denied = _NOT_BEFORE.search(plain)
    rest = _NOT_BEFORE.sub(" ", plain)
    if _BEFOREHAND.search(rest) and not re.search(r"\btra sau\b", rest):
        return "before"
    if _LATER.search(rest):
        return "on_receipt"
    if _BANK.search(rest) or _AT_ONCE.search(rest):
        return "before"
    return "on_receipt" if denied else None


# Said in one breath with all the rest: "trước" alone may be the place before a house.
_PAYMENT_SAID = re.compile(
    rf"\b(?:tra|thanh toan|ck|chuyen khoan|dong)(?: (?:tien|cuoc|phi|buu dien|luon|cho|em))* (?:truoc|khi|luc|sau)\b"
    rf"|\b(?:khi|luc|chung) (?:nao )?(?:\w+ ){{0,3}}?(?:nhan|toi|den|lay|giao)(?: \w+){{0,4}}? (?:tra|thanh toan|dua tien|gui tien)\b"
    rf"|\b(?:nhan|toi|den) (?:noi |hang |nha )?(?:roi|thi|xong)(?: \w+){{0,2}} (?:tra|thanh toan|dua tien)\b"
)


def payment_said(text: str) -> str | None:
    """Return how the postage is paid when `text` says so beyond doubt, whatever else it says."""
    match = _PAYMENT_SAID.search(normal_text(text))
    return None if match is None else "before" if match[0].endswith("truoc") else "on_receipt"


# --- yes or no to what was read out ---

_YES = re.compile(
    r"\b(?:dong y|ok|oke|okay|okla|oki|uk|um|u|uh|uhm|vang|duoc|dung|chuan|chot|nhat tri|xac nhan|yes|dat (?:di|luon|giup)|hop ly"
    r"|chinh xac|lam di|gui di|tien hanh|chap nhan|cho phep|tan thanh|y vay|roi)\b"
)
_NO = re.compile(r"\b(?:khong|chua|khoi|thoi|huy|dung lai|khoan|sai|nham|dung co|cho da|tu choi)\b")
_LONGEST_YES = 12


def agrees(text: str) -> bool:
    """Tell whether a short text is a yes and no word of it is a no."""
    plain = normal_text(text)
    plain = re.sub(r"\b(?:khong|chua|chang)(?: (?:co|con|thay|can))* (?:sai|thieu|nham|sua|gi)(?: \w+){0,2}?(?= ,|$)", " ", plain)
    said_so = _YES.search(plain) or "dongy" in fold(text)
    return len(plain.split()) <= _LONGEST_YES and bool(said_so) and not _NO.search(plain)


def disagrees(text: str) -> bool:
    """Tell whether the text refuses what was read out: "không đồng ý", "chưa đồng ý đâu"."""
    return bool(re.search(r"\b(?:khong|chua|chang) (?:co )?(?:dong y|chap nhan|nhat tri|cho phep)\b|\btu choi\b", normal_text(text)))


# --- nobody stands in ---

_SELF = r"(?:toi|tui|tao|em|minh|m|t|anh|chi|co|chu|bac|ong|ba|con|chau|cau|di|me|ma|bo|chi day|chinh)"
_HANDS = r"(?:nhan|giao|dua|lay|gui|nop|lo|ky|ra|gap|cam|trao|chuyen)"
_ALONE = re.compile(
    rf"\b(?:tu|dich than|truc tiep|chinh)(?: {_SELF}| tay| minh| dung ra| di| o nha)* (?:{_HANDS}|minh|di|toi|em|tui|lam)\b"
    rf"|\b(?:{_SELF}(?: la)?(?: nguoi)? dung ten|co (?:minh|moi) {_SELF}|chi (?:co )?(?:minh )?{_SELF} thoi)\b"
    rf"|\b(?:chinh chu|mot minh|minh {_SELF}|tu minh|ban than|chinh (?:toi|tui|em|minh|anh|chi|chu|bac|co|ong|ba)|dich than|truc tiep)\b"
    r"|\b(?:khong|khoi|chang|chua|hong|hem|hok)(?: (?:can|co|phai|muon))* (?:nho|uy quyen|ai|nguoi|thay)\b|\btu (?:nhan|giao|dua|lo|toi|tui|em)\b"
    rf"|(?:^|[,.] |\b(?:khong|da|vang|thoi|de|hom do|luc do|thi|co|nen|tai|vi)\b )(?:{_SELF})(?: (?:se|cung|luon|van|deu|ra|di|o nha|tan tay))* (?:{_HANDS}|o nha|co nha|co mat|ranh)\b"
)
_NOBODY = re.compile(r"^(?:(?:da|a|u|thoi|ua|vay|chac)[ ,]+)*(?:khong|khoi|thoi(?=$| (?:khoi|khong|em|anh|chi|a|nha)\b| ?[,.])|hong|hem|hk|kg|khg|no|chang)\b")


def alone(text: str) -> bool:
    """Tell whether `text` says that nobody stands in: "tự nhận", "tôi nhận luôn", "khỏi nhờ"."""
    return bool(_ALONE.search(normal_text(text)))


def nobody(text: str) -> bool:
    """Tell whether the answer to "does somebody stand in?" begins with a no."""
    return bool(_NOBODY.search(normal_text(text)) or fold(text).strip(" .!") in ("k", "ko", "o"))
