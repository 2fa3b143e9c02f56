"""Reading what is chosen: how the postman is paid, whether nobody stands in, yes or no.

All patterns read the normal form of the text (`bot.normalise`): abbreviations written out, no marks.
"""

from __future__ import annotations

import re

from bot.pickups.form.plain import plain_text
from bot.text import fold, words

# --- how he is paid ---

_COME = r"(?:toi|den|len|qua|ghe|lai|ra|vo|xuong|nhan|lay|giao|ship|gap|cam|co|dua|mang|dem|tan noi)"
_PAY = r"(?:tra|dua|gui|goi|thanh toan|tinh|dong|bao|chi|boi)"
_LATER = re.compile(
    r"\b(?:tra sau|nhan truoc tra sau|cod|tien mat|thu ho|tai cho|on_receipt|on receipt|tien tuoi)\b"
    r"|^(?:khi|luc|hoi) (?:do|ay|no)\b|\b(?:khi|luc|hoi) (?:do|ay)$"
    rf"|\b(?:khi|luc|hoi|chung nao|bao gio|den khi|chung|sau khi)\b(?: \w+){{0,4}}? {_COME}\b|\b(?:nhan|lay"
    rf"|giao) (?:hang|ho so|giay|do|xong)\b"
    rf"|\b{_COME}\b(?:[ ,]+\w+){{0,4}}?[ ,]+(?:thi|roi|xong|moi|la)\b(?: \w+){{0,3}}? {_PAY}\b"
    rf"|\b{_COME}\b(?: \w+){{0,3}}? {_PAY}\b(?! truoc)|\bmoi {_PAY}\b"
    rf"|\b{_PAY}\b(?: \w+){{0,4}}? (?:buu ta|shipper|nguoi giao|nguoi lay|tai nha|tan tay|anh giao|chu giao|nguoi ta)\b"
    r"|\b(?:tai nha|tai cho|tan tay|gap mat|toi dau|tung lan|truc tiep|dua tay|buu ta (?:den|toi)"
    r"|shipper (?:den|toi))\b"
    rf"|^(?:mat|tm)$|\b(?:no|ong|ba|vo|chong|me|ma|bo|con|anh ay|chi ay|nguoi nha)(?: (?:toi|tui|em|minh|do|se|moi))*"
    r" (?:tra|thanh toan|(?:gui|dong) tien)\b(?! truoc)|\bdua tien\b(?! truoc)"
    rf"|\b(?:hom|bua|ngay|buoi) (?:do|ay|giao|lay|nhan)\b(?: \w+){{0,2}} {_PAY}\b"
)
_BANK = re.compile(
    r"\b(?:before|ck|chuyen khoan|online|momo|zalopay|vnpay|viettel money|quet ma|qr|banking|bank|qua mang|vi dien tu"
    r"|internet banking|the ngan hang|qua ngan hang|tren mang|bang the)\b"
)
_BEFOREHAND = re.compile(
    r"\b(?:tra|thanh toan|dong|ck|chuyen khoan|chuyen|gui|dua|nop|ung)(?: \w+){0,2}? truoc\b|\btruoc\b(?! (?:nha|cong"
    r"|cua|mat|day|gio|cho|chua|truong|uy ban|benh|tiem|quan|san)\b)"
)
_NOT_BEFORE = re.compile(
    r"\b(?:khong|khoi|dung|chua|chang)(?: \w+){0,3}? truoc\b|\bnhan truoc\b|\btra truoc thi (?:khong|thoi)\b"
)
_AT_ONCE = re.compile(rf"\b{_PAY}(?: tien| cuoc| phi)? (?:luon|lien|ngay|bay gio)\b")


def payment(text: str) -> str | None:
    """Return "on_receipt" or "before" when `text` says how the postage is paid."""
    plain = plain_text(text)
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
    r"\b(?:tra|thanh toan|ck|chuyen khoan|dong)(?: (?:tien|cuoc|phi|buu dien|luon|cho|em))* (?:truoc|khi|luc|sau)\b"
    r"|\b(?:khi|luc|chung) (?:nao )?(?:\w+ ){0,3}?(?:nhan|toi|den|lay|giao)(?: \w+){0,4}? (?:tra|thanh toan|dua tien"
    r"|gui tien)\b"
    r"|\b(?:nhan|toi|den) (?:noi |hang |nha )?(?:roi|thi|xong)(?: \w+){0,2} (?:tra|thanh toan|dua tien)\b"
)


def payment_said(text: str) -> str | None:
    """Return how the postage is paid when `text` says so beyond doubt, whatever else it says."""
    match = _PAYMENT_SAID.search(plain_text(text))
    return None if match is None else "before" if match[0].endswith("truoc") else "on_receipt"


# --- yes or no to what was read out ---

_YES = re.compile(
    r"\b(?:dong (?:y|i)|d ?\. ?y|bang long|dy|ok|oke|okay|okla|oki|okey|okie|chuan|chot|nhat tri|xac nhan|yes|hop ly"
    r"|dat (?:di|luon|giup)|chinh xac|lam di|gui di|tien hanh|chap nhan|cho phep|tan thanh|y vay)\b"
)
# These say other things further on: "ai xem được số của tôi".
_YES_FIRST = re.compile(
    r"^(?:(?:da|vay|the|thi|a|o|em|thoi|r|y|la|cung)[ ,]+)*(?:duoc|dung|uk|um|u|uh|uhm|vang|ung|roi)\b"
)
_NO = re.compile(r"\b(?:khong|chua|khoi|thoi|huy|dung lai|khoan|sai|nham|dung co|cho da|tu choi)\b")
_LONGEST_YES = 12


# Alone they are a yes; in a sentence they say many things.
_YES_ALONE = re.compile(
    r"(?:(?:da|a|u|vay|the|em|r|roi|la)[ ,]+)*(?:on|xong|duyet|hop le|y|c|co|chinh no|vay di)(?: (?:roi"
    r"|a|nha|nhe|em|luon|do|day|thoi|ban|ad))*[ .!]*"
)
_THUMBS = frozenset("👍👌✅🆗🙆")
_NOTHING_WRONG = re.compile(
    r"\b(?:khong|chua|chang)(?: (?:co|con|thay|can|phai))* (?:sai|thieu|nham|lon|sua|doi|gi)\b(?: \w+){0,3}?(?= ?,|$)"
)


def agrees(text: str) -> bool:
    """Tell whether a short text is a yes and no word of it is a no."""
    plain = plain_text(text)
    rest = _NOTHING_WRONG.sub(" ", plain)
    said_so = (
        _YES.search(rest)
        or _YES_FIRST.search(rest)
        or "dongy" in fold(text)
        or _YES_ALONE.fullmatch(rest)
        or _THUMBS.intersection(text)
        or (rest != plain and not rest.strip(" .,!"))  # "không sai gì hết"
    )
    return len(words(plain)) <= _LONGEST_YES and bool(said_so) and not _NO.search(rest)


def disagrees(text: str) -> bool:
    """Tell whether the text refuses what was read out: "không đồng ý", "chưa đồng ý đâu"."""
    return bool(
        re.search(
            r"\b(?:khong|chua|chang) (?:co )?(?:dong y|chap nhan|nhat tri|cho phep)\b|\btu choi\b", plain_text(text)
        )
    )


# --- nobody stands in ---

_SELF = r"(?:toi|tui|tao|em|minh|m|t|anh|chi|co|chu|bac|ong|ba|con|chau|cau|di|me|ma|bo|chi day|chinh)"
_HANDS = r"(?:nhan|giao|dua|lay|gui|nop|lo|ky|ra|gap|cam|trao|chuyen)"
_NEEDS_NOBODY = r"\b(?:khong|khoi|chang|chua|hong|hok|hem)(?: (?:can|co|phai|muon))* (?:nho|uy quyen|ai|nguoi|thay)\b"
_ALONE = re.compile(
    rf"(?<!thu )\b(?:tu|dich than|truc tiep|chinh)(?: {_SELF}| tay| minh| dung ra| di| o nha)* (?:{_HANDS}|minh|di|toi"
    rf"|em|tui|lam)\b"
    rf"|\b(?:{_SELF}(?: la)?(?: nguoi)? dung ten|co (?:minh|moi) {_SELF}|chi (?:co )?(?:minh )?{_SELF} thoi)\b"
    rf"|\b(?:chinh chu|mot minh|minh {_SELF}|tu minh|ban than|chinh (?:toi|tui|em|minh|anh|chi|chu|bac|co|ong|ba)"
    rf"|dich than|truc tiep)\b"
    rf"|{_NEEDS_NOBODY}"
    r"|\btu (?:nhan|giao|dua|lo|toi|tui|em)\b"
    rf"|(?:^|[,.] |\b(?:khong|da|vang|thoi|de|hom do|luc do|thi|co|nen|tai|vi)\b )(?:{_SELF})(?: (?:se|cung|luon|van"
    rf"|deu|ra|di|o nha|tan tay))* (?:{_HANDS})\b"
)
_AT_HOME = re.compile(rf"\b(?:{_SELF})(?: (?:se|cung|luon|deu))* (?:o nha|co nha|co mat|ranh)\b")
_NOBODY = re.compile(
    r"^(?:(?:da|a|u|thoi|ua|vay|chac)[ ,]+)*(?:khong|khoi|thoi(?=$| (?:khoi|khong|em|anh|chi|a|nha)\b| ?[,.])|hong"
    r"|hem|hk|kg|khg|no|chang)\b"
)


def alone(text: str, *, asked: bool = False) -> bool:
    """Tell whether `text` says that nobody stands in: "tự nhận", "tôi nhận luôn", "khỏi nhờ".

    Only when it was `asked` for, "buổi sáng tôi có nhà" says so, too.
    """
    plain = plain_text(text)
    return bool(_ALONE.search(plain) or (asked and _AT_HOME.search(plain)))


_SAME = re.compile(
    r"\b(?:chinh |cung |van |la |de )*nguoi (?:do|ay|nay|tren|nhan|giao|dung ten)(?: (?:luon|thoi|tu|do|se|ra|roi))*"
    r" ?(?:nhan|giao|lay|dua|a|nha|em|roi)?$|^(?:nhu|giong) tren\b|\bchinh nguoi\b"
    rf"|^(?:(?:da|thi|khong|co)[ ,]+)*(?:toi|tui|em|minh|con|chau) {_HANDS} (?:thay|giup|ho)\b"
)


def surely_alone(text: str) -> bool:
    """Tell whether a text says that nobody stands in where nobody asked: a "tôi gửi" alone is no such word."""
    return bool(
        re.search(
            rf"{_NEEDS_NOBODY}|\b(?:chinh chu|(?<!thu )tu (?:toi|tui|em|minh)?(?: ra)? ?(?:nhan|giao|dua))\b",
            plain_text(text),
        )
    )


def needs_nobody(text: str) -> bool:
    """Tell whether the text says that nobody need stand in: "khỏi nhờ"."""
    return bool(re.search(_NEEDS_NOBODY, plain_text(text)))


_ONLY_ME = re.compile(
    r"(?:(?:da|a|thi|chi|co|la) )*(?:toi|tui|em|minh|con|chau|tao|(?:anh|chi|co|chu|bac|ong|ba)(?= (?:luon|thoi"
    r"|chu)))(?: (?:luon|thoi|a|nha|chu ai|day|ne))*"
)


def nobody(text: str) -> bool:
    """Tell whether the answer to "does somebody stand in?" begins with a no, or is "tui" alone."""
    plain = plain_text(text)
    return bool(
        _NOBODY.search(plain) or _ONLY_ME.fullmatch(plain.strip(" .!")) or fold(text).strip(" .!") in ("k", "ko", "o")
    )


def same_person(text: str) -> bool:
    """Tell whether the answer to "does somebody stand in?" is whoever was named already: "chính người đó nhận"."""
    return bool(_SAME.search(plain_text(text).strip(" .!")))


_MYSELF = re.compile(
    rf"(?:(?:da|a|u|vang)[ ,]+)*(?:(?:giao|dua|gui|trao)(?: cho)? )?(?:chinh )?(?:{_SELF})"
    r"(?: (?:nhan|day|thoi|luon|a|nha))*[ .!]*"
)
_TO_ME = re.compile(
    rf"\b(?:giao|dua|gui|trao|tra)(?: lai)?(?: (?:cho|ve|tan tay))* (?:chinh )?(?:{_SELF})\b(?! \w+ (?:nhan|lay))"
)
_RECORD = r"(?:ho so|giay hen|phieu hen|phieu|don|to khai|bien nhan)"
_OF_DOSSIER = re.compile(
    rf"\b(?:trong|tren|ghi|theo|cua|giong|nhu|dung ten|y)(?: (?:o|trong|tren|ghi))* {_RECORD}\b"
    r"|\b(?:so|sdt|dien thoai)(?: (?:dien thoai|cua|toi|tui|em|minh|ma|num3))* (?:do|ay|kia|cu|dung ten"
    r"|da (?:dang ky|ghi|khai|nop)|dang ky|(?:hoi|luc|ban) (?:nay|dau)|nay gio|(?:vua|moi) (?:roi|noi|doc|ghi|nhac|nay)"
    r"|(?:em|ban|chi|anh|minh|ad) (?:vua |moi |da )?(?:noi|doc|ghi|nhac|hoi))\b"
    r"|\b(?:nhu|giong|y|van) (?:cu|vay|the|tren)\b"
)
_THIS_ONE = re.compile(
    r"\b(?:so|sdt|dien thoai|zalo|may)(?: (?:dien thoai|zalo|cua|toi|tui|em|minh|ma))* (?:nay|day"
    r"|dang (?:nhan|chat|xai|dung|nt|goi)|(?:toi|tui|em|minh|anh|chi) dang \w+)\b"
)


def myself(text: str) -> bool:
    """Tell whether the answer to "who receives?" is the citizen himself: "giao cho tôi"."""
    return bool(text) and bool(_MYSELF.fullmatch(plain_text(text)))


def receives_himself(text: str) -> bool:
    """Tell whether a text somewhere says that the citizen himself receives: "đổi lại giao cho tôi đi"."""
    return bool(_TO_ME.search(plain_text(text)))


def of_dossier(text: str) -> bool:
    """Tell whether the phone that stands on the dossier is meant: "số ghi trong hồ sơ", "số đó luôn"."""
    return not re.search(r"\d{4}", text) and bool(_OF_DOSSIER.search(plain_text(text)))


def this_phone(text: str) -> bool:
    """Tell whether the phone in the citizen's hand is meant, whose number we do not see: "số em đang nhắn"."""
    return not re.search(r"\d{4}", text) and bool(_THIS_ONE.search(plain_text(text)))


def as_in_dossier(text: str) -> bool:
    """Tell whether "who receives?" is answered by the dossier: "như trong hồ sơ", "người đứng tên"."""
    plain = plain_text(text)
    return bool(re.search(rf"\b(?:trong|tren|theo|nhu|giong|y)(?: (?:trong|tren|nhu))* {_RECORD}\b", plain)) or bool(
        re.search(r"\b(?:nguoi|chinh|toi|tui|em|minh|con)(?: la nguoi)? dung ten\b", plain)
    )
