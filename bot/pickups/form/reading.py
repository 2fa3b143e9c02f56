"""Reading the facts of a booking out of what people write: digits, days, times and choices.

Understanding has usually marked them already; these functions check what it marked, and cope alone when it
marked nothing. They read one text and know no conversation. Names and addresses: `reading_people`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from bot import clock
from bot.moments import days, half_days
from bot.moments.days import Unsure
from bot.text import fold, words

_PHONE = re.compile(r"(?<![\d.])(?:\+?84|0)[ .-]?([35789](?:[ .-]?\d){8})(?![.-]?\d)")
_WRITTEN_DAY = re.compile(r"(?<![\d/])\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?(?![\d/])")
_UNSURE_DAYS = {
    Unsure.LUNAR: "Dạ, mình dùng ngày dương lịch giúp em nha, ví dụ 25/11.",
    Unsure.VAGUE: "Dạ, anh/chị chọn giúp em một ngày cụ thể nha, ví dụ 25/11.",
}

# A question is never an answer, whatever it contains.
_ASKING = (
    "bao nhieu|bao lau|bao gio|khi nao|chung nao|o dau|the nao|ntn|tai sao|sao lai|vi sao|la sao|la gi",
    "lam gi|may gio|may ngay|nao vay|duoc (?:khong|ko|k|hong)|(?:co|phai) .{1,40} (?:khong|ko|hong|chua)",
)
_QUESTION = re.compile(rf"\?|\b(?:{'|'.join(_ASKING)})\b")

_BEFORE = re.compile(r"\b(?:truoc|chuyen khoan|ck|before|online)\b")
_PAID_THERE = (
    "khi nhan|luc nhan|nhan hang|tien mat|cod|tai nha|buu ta|tra sau|on_receipt",
    "(?:luc|khi) (?:giao|den|toi)",
)
_ON_RECEIPT = re.compile(rf"\b(?:{'|'.join(_PAID_THERE)})\b")
# Said in one breath with all the rest: "trước" alone may be the place before a house.
_PAYMENT_SAID = re.compile(
    r"\btra (?:tien |cuoc )?truoc\b|\btra (?:tien |cuoc )?(?:khi|luc|sau)\b|\b(?:khi|luc) (?:buu ta|nhan)\b"
)
_ALONE = re.compile(
    r"\btu (?:minh|nhan|toi|em|tui|di|ra|lay|giao)\b|\b(?:toi|tui|em|minh|chinh chu|dich than) (?:nhan|tu|ra|o nha)\b"
    r"|\b(?:khong|ko|khoi|k|hong) (?:can )?nho\b"
)
_BOTH = re.compile(r"\b(?:ca hai|ca 2|both)\b")
_VAGUE = frozenset(
    "dat hen len lich buu dien ta giup em toi tui minh anh chi muon can cho voi nhe nha a oi dich vu xin mot".split()
)
_COLLECT = re.compile(r"\b(?:lay|nop|gom|collect)\b(?!.*\bket qua\b)")
_DELIVER = re.compile(r"\b(?:giao|ship|ket qua|kq|nhan|deliver)\b")

# Marks count when they are written: "đồi" (a hill) is no "đổi".
_SORRY = ("dạ", "à", "ủa", "ờ", "khoan", "không", "ấy chết")
_MENDING = (
    *(
        "ghi nhầm",
        "gõ nhầm",
        "viết nhầm",
        "nãy nhầm",
        "nói nhầm",
        "nhầm",
        "lộn",
        "sai",
        "đúng ra",
        "đính chính",
    ),
    *("sửa lại", "sửa", "đổi sang", "đổi qua", "đổi lại", "đổi", "chuyển sang", "chuyển qua"),
)
_FILLING = ("rồi", "lại", "chút", "thành", "là", "giúp", "giùm", "em")


def _either_way(spoken: Iterable[str]) -> str:
    """Return a pattern for any of these words, with and without their marks."""
    return "|".join(dict.fromkeys(form for word in spoken for form in (word, fold(word))))


_CORRECTION = re.compile(
    rf"^(?:(?:{_either_way(_SORRY)})[ ,]+)*"
    rf"(?:(?:{_either_way(_MENDING)})\b[ ,:]*(?:(?:{_either_way(_FILLING)})\b[ ,:]*)*)+",
    re.IGNORECASE,
)

_FIELD_WORDS = (
    ("recipient_name", r"\b(?:ho ten|ten|nguoi nhan|nguoi giao)\b"),
    ("phone", r"\b(?:so dien thoai|dien thoai|sdt|so phone|dt)\b"),
    ("commune", r"\b(?:xa|phuong)\b"),
    ("address", r"\b(?:dia chi|so nha|duong|cho o)\b"),
    ("date", r"\b(?:ngay|bua|hom)\b"),
    ("window", r"\b(?:buoi|gio|khung gio)\b"),
    ("proxy", r"\b(?:nhan thay|giao thay|di thay|uy quyen|nho nguoi)\b"),
    ("payment", r"\b(?:tra tien|thanh toan|tra cuoc|tien cuoc)\b"),
    ("dossier", r"\b(?:ma ho so|ho so|ma so|ma)\b"),
    ("procedure", r"\b(?:thu tuc)\b"),
)


def is_question(text: str) -> bool:
    """Tell whether the text asks something."""
    return bool(_QUESTION.search(fold(text)))


def phone(text: str) -> str | None:
    """Return the mobile number in `text` as ten digits, or None."""
    match = _PHONE.search(text)
    return "0" + re.sub(r"\D", "", match[1]) if match else None


def without_phones(text: str) -> str:
    """Return `text` without the phone numbers in it."""
    return _PHONE.sub(" ", text)


def tries_a_phone(text: str) -> bool:
    """Tell whether somebody tried to write a phone number: seven digits or more."""
    return len(re.findall(r"\d", text)) >= 7


def day(text: str) -> date | None:
    """Return the day meant by `text` (ISO, 25/11, mai, thứ sáu tuần sau), or None; the first that is not past."""
    today = clock.today()
    named = [date.fromisoformat(found.value) for found in days.find_days(text, today)]
    return next((found for found in named if found >= today), named[0] if named else None)


def unsure_day(text: str) -> str | None:
    """Return what to say to a lunar, vague or impossible day ("rằm", "tuần sau", "30/2"); None when there is none."""
    unsure = days.unsure_day(text, clock.today())
    if unsure is None and (written := _WRITTEN_DAY.search(text)):
        return f"Dạ, ngày {written[0]} không có trong lịch, anh/chị xem lại giúp em nha."
    return _UNSURE_DAYS[unsure] if unsure else None


def window(text: str) -> str | None:
    """Return "morning" or "afternoon" when `text` means one of them."""
    return text if text in (half_days.MORNING, half_days.AFTERNOON) else half_days.half_day(text)


def payment(text: str) -> str | None:
    """Return "on_receipt" or "before" when `text` says how the postage is paid."""
    folded = fold(text)
    if _BEFORE.search(folded):
        return "before"
    return "on_receipt" if _ON_RECEIPT.search(folded) else None


def payment_said(text: str) -> str | None:
    """Return how the postage is paid when `text` says so beyond doubt, whatever else it says."""
    match = _PAYMENT_SAID.search(fold(text))
    return None if match is None else "before" if "truoc" in match[0] else "on_receipt"


def alone(text: str) -> bool:
    """Tell whether `text` says that nobody stands in: "tự nhận", "tôi nhận luôn", "khỏi nhờ"."""
    return bool(_ALONE.search(fold(text)))


def service(text: str) -> str | None:
    """Return what the postman should do: "deliver", "collect" or "both"."""
    folded = fold(text)
    if _BOTH.search(folded):
        return "both"
    collect, deliver = _COLLECT.search(folded), _DELIVER.search(folded)
    if bool(collect) == bool(deliver):
        return None
    return "collect" if collect else "deliver"


def is_vague(text: str) -> bool:
    """Tell whether `text` asks for the postman without saying what for: "đặt lịch bưu điện giúp em"."""
    said = words(text)
    return bool(said) and not text.startswith("/") and _VAGUE.issuperset(said)


def correction(text: str) -> str | None:
    """Return what follows a "nhầm", "đổi sang", "sửa lại"; "" for nothing, None when nothing is corrected."""
    match = _CORRECTION.match(text)
    return text[match.end() :].strip() if match else None


def field_named(text: str) -> str | None:
    """Return the field of the booking that `text` speaks about ("sửa số điện thoại" → phone)."""
    folded = fold(text)
    return next((field for field, pattern in _FIELD_WORDS if re.search(pattern, folded)), None)


def ordinal(text: str, size: int) -> int | None:
    """Return which of `size` choices "2" or "last" means, counted from 0; None when it is none of them."""
    if text == "last" and size:
        return size - 1
    return int(text) - 1 if text.isascii() and text.isdigit() and 1 <= int(text) <= size else None
