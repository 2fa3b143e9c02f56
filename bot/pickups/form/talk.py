"""Hearing how something is said: as a question, as a proposal, as a correction of what was said before."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.normalise import normal_text
from bot.text import fold

_WHO = "(?:em|anh|chi|con|chau|toi|tui|minh|ban|co|chu|bac|ong|ba|ad|shop|cac ban)"
_SOFT = rf"(?:a|nha|nhe|nghe|nghen|hen|vay|the|luon|ta|ne|di|do|oi|nua|roi|{_WHO})"
# A question is never an answer, whatever it contains. Read in the normal form: "bn", "dc k" are written out.
_ASKING = (
    "bao nhieu|bao lau|may (?:gio|ngay|chuc|tien|dong|tram|nghin|buoi|lan|loai|ban)|o dau|cho nao|dau roi|toi dau"
    "|den dau|ra sao",
    "(?:nhu )?the nao|ntn|(?:tinh|lam|la|vay|the) sao|sao (?:lai|phai|vay|the|khong|chua)|tai sao|vi sao",
    "la gi|lam gi|can gi|gom gi|nhung gi|giay to gi|gi (?:vay|the|khong|nua|a)|nao (?:vay|the)|ai vay|hay sao",
    rf"(?:duoc|dung|phai|ok|co) (?:khong|chua|hong|chu)(?: {_SOFT})*$|^(?:co|phai|da|duoc) .{{1,60}} (?:khong|chua|hong)(?: {_SOFT})*$",
    rf"\b(?:co|phai) (?!ai\b|nguoi\b)(?:[^,.;]){{1,40}}? (?:khong|chua)(?: {_SOFT})*$|\b(?:hay chua|hay khong|khong nhi)(?: {_SOFT})*$",
    rf"(?:can|giay|lam|phai|mang|dem|xai|dung|bang|loai|cai|ten|to|kieu) gi(?: {_SOFT})*$|(?:cach|bang|kieu|noi|ben|ngay|cai|loai|buoi|hom|so|cho|nguoi|xa|phuong) nao(?: {_SOFT})*$",
    r"\b(?:nguoi|may|robot|ai) (?:that )?hay (?:la )?(?:nguoi|may|robot|bot|ai)\b",
    rf"\bcho {_WHO}(?: {_WHO})? (?:xin )?hoi\b|\bhoi (?:chut|ti|xiu|them|thu|cai|ve|ty|mot)\b|\b(?:muon|can|xin|tinh) (?:hoi|biet)\b",
)
_QUESTION = re.compile("|".join(rf"(?:\b(?:{part}))(?!\w)" for part in _ASKING))
_WHEN = re.compile(r"\b(?:khi|chung|luc|bao|hoi|bua|hom) (?:nao|gio)\b")
# "khi nào tới lấy thì trả" tells, it does not ask; so does "ở đâu cũng được".
_TELLING = re.compile(
    r"\b(?:khi|chung|luc|bao|hoi|bua|hom) (?:nao|gio)\b(?= [^,.;?]{2,40}\b(?:thi|moi|la)\b"
    r"| [^.;?]{2,40}\b(?:tra|dua|gui|thanh toan|tinh)\b)"
    r"|\b(?:toi|den) dau(?= (?:thi )?(?:tra|tinh|dua))|\b(?:bao nhieu|o dau|the nao|(?:khi|luc|gio|bao|cho|hom|bua|ngay|buoi|cach) (?:nao|gio)) (?:cung|thi|cx)\b"
)
# "thứ sáu được không em?": the day is said, and only put politely.
_MAY_I = re.compile(
    rf"[ ,]*(?:\b(?:co )?(?:duoc|dc|ok|oke|tien)(?: {_WHO})? (?:khong|hong|ko|k|hok|hem|chu|hay khong)|\b(?:nha|nhe|nghe|nghen|hen|ha|chu))"
    rf"(?: {_SOFT})*[ ?!.]*$"
)
# The ward La Gi is no "là gì".
_LA_GI = re.compile(r"^la gi$|\b(?:[Pp]hường|phuong|[Xx]ã|xa|tx|p\.?|ở|o|thuộc) la gi\b|\bLa Gi\b")
_LONGEST_PROPOSAL, _LONGEST_PAUSE = 10, 10
_PAUSE = re.compile(
    rf"^(?:(?:da|a|u|ua|oi|em|{_WHO})[ ,]+)*(?:cho|doi|khoan|tu tu|de)(?: {_WHO})?(?: (?:da|xiu|ti|chut|lat|teo|mot (?:xiu|ti|chut|lat)|may phut))\b"
    r"|^(?:khoan|tu tu|khoan da)[ .,!]*$"
)

# Marks count when they are written: "đồi" (a hill) is no "đổi".
_SORRY = (
    *("dạ", "à", "ủa", "ờ", "ơ", "ý", "ấy", "á", "ui", "úi", "ấy chết", "chết", "thôi", "mà", "quên", "xin lỗi", "sorry"),
    *("khoan đã", "khoan", "không", "chờ chút", "đợi chút", "hồi nãy", "lúc nãy", "nãy", "vậy", "rồi", "cho"),
    *("em", "tôi", "tui", "mình", "con", "cháu", "anh", "chị", "cô", "chú", "bác", "ông", "bà", "e", "m", "ơi", "bị"),
)
_MENDING = (
    *("ghi nhầm", "gõ nhầm", "viết nhầm", "nói nhầm", "đọc nhầm", "nhập nhầm", "bấm nhầm", "đưa nhầm", "lấy nhầm"),
    *("ghi lộn", "gõ lộn", "viết lộn", "nói lộn", "đọc lộn", "nhập lộn", "ghi sai", "gõ sai", "nói sai", "đọc sai"),
    *("viết sai", "nhập sai", "nhầm", "lộn", "sai", "đúng ra", "đính chính", "nhầm nhọt", "nhầm nhập", "lộn xộn"),
    *("sửa lại", "sửa giùm", "sửa dùm", "sửa giúp", "sửa", "đổi sang", "đổi qua", "đổi lại", "đổi", "thay lại"),
    *("chuyển sang", "chuyển qua", "dời sang", "dời qua", "dời lại"),
)
_FILLING = ("rồi", "lại", "chút", "thành", "là", "giúp", "giùm", "dùm", "em", "tôi", "tui", "mất", "nha")


def _either_way(spoken: Iterable[str]) -> str:
    """Return a pattern for any of these words, with and without their marks."""
    forms = dict.fromkeys(form for word in spoken for form in (word, fold(word)))
    return "|".join(sorted(forms, key=len, reverse=True))


_CORRECTION = re.compile(
    rf"^(?:(?:{_either_way(_SORRY)})\b[ ,.!:]+)*"
    rf"(?:(?:{_either_way(_MENDING)})\b[ ,.:]*(?:(?:{_either_way(_FILLING)})\b[ ,:]*)*)+",
    re.IGNORECASE,
)
_NOTHING_WRONG = re.compile(r"\b(?:khong|ko|k|chua|hong) (?:co |thay |bi )?(?:gi )?(?:sai|nham|lon|sua|doi)\b")
# Said anywhere: "… chiều mới đúng", "đổi ngày qua thứ sáu".
_CHANGED = re.compile(
    r"\b(?:đổi|doi|dời|chuyển|chuyen|sửa|sua|lùi|dịch|hoãn|thay)(?: (?!sang\b|qua\b|lại\b|lai\b)[^\W\d]+){0,3}?"
    r" (?:sang|qua|lại|lai|thành|thanh|xuống|xuong|tới|đến|vào)\b[ ,:]*(?:là |la |cho |ngày |ngay )?",
    re.IGNORECASE,
)
_RATHER = re.compile(
    r"\b(?:mới (?:đúng|phải|chính xác)|moi (?:dung|phai|chinh xac)|đúng (?:là|ra)|dung (?:la|ra)|(?:chứ|chu) (?:không|khong|ko|k)"
    r" (?:phải|phai)|nhầm|nham|lộn|lon)\b",
    re.IGNORECASE,
)
# "hả", "nhỉ": without their marks they end names as well, so then a sentence must go before them.
_AM_I_ASKED = re.compile(r"\b(?:hả|hử|hở|nhỉ|thì sao)\b[^,.;]{0,12}$|(?:\S+ ){5,}(?:ha|nhi|thi sao)(?: \w+)?[ .]*$", re.IGNORECASE)
_DENIED = re.compile(
    r"[ ,]*\b(?:chu )?(?:khong|ko|hong|hok|k|dau|chang) (?:phai|con)(?: la| o)?\b (?:[^,.;\n]{1,40}?(?= ma(?: la)?\b)|[^,.;\n]{1,40})"
)
_FINE = re.compile(r"[ ,]*\b(?:moi (?:dung|phai|chinh xac)|nha|nhe|nghe|nghen|a)[ .!]*$")

_FIELD_WORDS = (
    ("proxy", r"\b(?:nhan thay|giao thay|di thay|lam thay|uy quyen|nguoi (?:duoc )?nho|nho nguoi)\b"),
    ("phone", r"\b(?:so dien thoai|dien thoai|sdt|so phone|so dt|dt|so di dong)\b"),
    ("dossier", r"\b(?:ma ho so|ho so|ma so|ma(?= (?:la|dung|cua|h\d)))\b"),
    ("recipient_name", r"\b(?:ho ten|ten|nguoi nhan|nguoi giao)\b"),
    ("address", r"\b(?:dia chi|so nha|duong|cho o|thon|hem)\b"),
    ("commune", r"\b(?:xa|phuong)\b"),
    ("date", r"\b(?:ngay|bua|hom)\b"),
    ("window", r"\b(?:buoi|gio|khung gio)\b"),
    ("payment", r"\b(?:tra tien|thanh toan|tra cuoc|tien cuoc|cach tra|cuoc)\b"),
    ("procedure", r"\b(?:thu tuc)\b"),
)


def is_question(text: str) -> bool:
    """Tell whether the text asks something."""
    plain = _TELLING.sub(" ", normal_text(_LA_GI.sub(" ", text)))
    return "?" in text or bool(_QUESTION.search(plain) or _WHEN.search(plain) or _AM_I_ASKED.search(text))


def is_pause(text: str) -> bool:
    """Tell whether somebody only asks to wait: "khoan đã", "chờ chị xíu tìm giấy"."""
    plain = normal_text(text)
    return len(plain.split()) <= _LONGEST_PAUSE and bool(_PAUSE.search(plain)) and not is_question(text)


def proposal(text: str) -> str | None:
    """Return what a short question proposes ("thứ sáu được không em?" → "thứ sáu"), or None for any other text."""
    match = _MAY_I.search(fold(text))
    rest = text[: match.start()] if match else ""
    return rest if rest and len(rest.split()) <= _LONGEST_PROPOSAL and not is_question(rest) else None


def correction(text: str) -> str | None:
    """Return what follows a "nhầm", "đổi sang", "sửa lại"; "" for nothing, None when nothing is corrected."""
    match = None if _NOTHING_WRONG.search(fold(text)) else _CORRECTION.match(text)
    return text[match.end() :].strip() if match else None


def mends(text: str) -> bool:
    """Tell whether the text puts something right, at its beginning or later: "… chiều mới đúng"."""
    if _NOTHING_WRONG.search(fold(text)):
        return False
    return correction(text) is not None or bool(_CHANGED.search(text) or _RATHER.search(text))


def without_denied(text: str) -> str:
    """Return `text` without what it says is not so: "chứ không phải 12", "không phải xã Đơn Dương"."""
    return _cut(text, _DENIED)


def changed_to(text: str) -> str:
    """Return what follows the last "đổi … sang", or the whole text."""
    last = None
    for last in _CHANGED.finditer(text):
        pass
    rest = text[last.end() :] if last else ""
    return rest if rest.strip(" .,!") else text


def without_praise(text: str) -> str:
    """Return `text` without the "mới đúng nha" at its end."""
    match = _FINE.search(fold(text))
    while match:
        text = text[: match.start()]
        match = _FINE.search(fold(text))
    return text


def field_named(text: str) -> str | None:
    """Return the field of the booking that `text` speaks about first ("sửa số điện thoại" → phone)."""
    folded = fold(text)
    named = [(match.start(), field) for field, pattern in _FIELD_WORDS if (match := re.search(pattern, folded))]
    return next((field for _, field in named if field == "proxy"), min(named)[1] if named else None)


def _cut(text: str, pattern: re.Pattern[str]) -> str:
    """Return `text` without the places where its folded form matches."""
    parts, end = [], 0
    for match in pattern.finditer(fold(text)):
        parts.append(text[end : match.start()])
        end = match.end()
    return "".join([*parts, text[end:]]).strip(" ,")
