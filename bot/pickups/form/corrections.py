"""Hearing that something said before is put right, and what the words say instead."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.text import fold

# Marks count when they are written: "đồi" (a hill) is no "đổi".
_SORRY = (
    *(
        "dạ",
        "à",
        "ủa",
        "ờ",
        "ơ",
        "ý",
        "ấy",
        "á",
        "ui",
        "úi",
        "ấy chết",
        "chết",
        "thôi",
        "mà",
        "quên",
        "xin lỗi",
        "sorry",
    ),
    *("khoan đã", "khoan", "không", "chờ chút", "đợi chút", "hồi nãy", "lúc nãy", "nãy", "vậy", "rồi", "cho"),
    *("em", "tôi", "tui", "mình", "con", "cháu", "anh", "chị", "cô", "chú", "bác", "ông", "bà", "e", "m", "ơi", "bị"),
)
_MENDING = (
    *("ghi nhầm", "gõ nhầm", "viết nhầm", "nói nhầm", "đọc nhầm", "nhập nhầm", "bấm nhầm", "đưa nhầm", "lấy nhầm"),
    *("ghi lộn", "gõ lộn", "viết lộn", "nói lộn", "đọc lộn", "nhập lộn", "ghi sai", "gõ sai", "nói sai", "đọc sai"),
    *(
        "viết sai",
        "nhập sai",
        "bấm lộn",
        "bấm sai",
        "lấy lộn",
        "đưa lộn",
        "nhầm",
        "lộn",
        "sai",
        "đúng ra",
        "đính chính",
        "nhầm nhọt",
        "nhầm nhập",
        "lộn xộn",
    ),
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
    r"\b(?:mới (?:đúng|phải|chính xác)|moi (?:dung|phai|chinh xac)|đúng (?:là|ra)|dung (?:la|ra)|(?:chứ|chu) (?:không"
    r"|khong|ko|k)"
    r" (?:phải|phai)|nhầm|nham|lộn|lon)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"[ ,]*\b(?:chu )?(?:khong|ko|hong|hok|k|dau|chang) (?:phai|con)(?: la| o)?\b (?:[^,.;\n]{1,40}?(?= ma(?: la)?\b)"
    r"|[^,.;\n]{1,40})"
)
_FINE = re.compile(r"[ ,]*\b(?:moi (?:dung|phai|chinh xac)|nha|nhe|nghe|nghen|a)[ .!]*$")
_BEGINS_WITH_NO = re.compile(
    r"(?:(?:da|a|ua|y|khoan)[ ,]+)*(?:khong|ko|k|hong|hok|sai|chua)(?: (?:em|anh|chi|oi|a|roi))*[ ,.]+\S+ \S"
)

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


def correction(text: str) -> str | None:
    """Return what follows a "nhầm", "đổi sang", "sửa lại"; "" for nothing, None when nothing is corrected."""
    match = None if _NOTHING_WRONG.search(fold(text)) else _CORRECTION.match(text)
    return text[match.end() :].strip() if match else None


# Runs of signs are bounded: two open ones side by side keep a processor busy for hours over a message of commas.
_SLIP = re.compile(
    r"(?:[ ,.…]{1,9}|^)(?:(?:y|a|ua|o|e)[ ,]{1,9})?(?:a|ua|y|o|thoi|quen|xin loi|khong)?[ ,]{0,9}"
    r"\b(?:(?<=a )khong|(?<=a, )khong|(?<=ua )khong|nham|lon|quen|khong phai|noi nham|ghi nham)(?: roi)?[ ,:]+(?=\S)"
)


def after_slip(text: str) -> str:
    """Return what follows a slip in the middle of a message ("kết hôn… à không, khai tử"), or the whole text."""
    found = list(_SLIP.finditer(fold(text)))
    rest = text[found[-1].end() :] if found and found[-1].start() else ""
    return rest or text


def finds_nothing_wrong(text: str) -> bool:
    """Tell whether the text says that nothing is to be put right: "không sửa gì nữa"."""
    return bool(_NOTHING_WRONG.search(fold(text)))


def begins_with_no(text: str) -> bool:
    """Tell whether the text begins with a no and goes on."""
    return bool(_BEGINS_WITH_NO.match(fold(text)))


def mends(text: str) -> bool:
    """Tell whether the text puts something right, at its beginning or later: "… chiều mới đúng"."""
    if _NOTHING_WRONG.search(fold(text)):
        return False
    return correction(text) is not None or bool(_CHANGED.search(text) or _RATHER.search(text))


def says_wrong(text: str) -> bool:
    """Tell whether the wrong value may stand before the right one: "7/12 nhầm, 9/12 mới đúng"."""
    return bool(_RATHER.search(text)) and not _CHANGED.search(text)


def without_denied(text: str) -> str:
    """Return `text` without what it says is not so: "chứ không phải 12", "không phải xã Đơn Dương"."""
    return _cut(text, _DENIED)


def changed_to(text: str) -> str:
    """Return what follows the last "đổi … sang", or the whole text."""
    ends = [match.end() for match in _CHANGED.finditer(text)]
    rest = text[ends[-1] :] if ends else ""
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
