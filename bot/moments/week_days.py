"""Days of the week: "thứ 6 tuần sau", "t5", "cn"; not "con thứ 2", "thu 2 triệu" or "giấy cn"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.moments.named import END, FLAGS, SINCE, SURE_PAST, TILL_NOW, WEEK, Named
from bot.moments.spoken import has_marks, typed

_WEEKDAY = {
    "hai": 0, "2": 0, "ba": 1, "3": 1, "tu": 2, "4": 2, "nam": 3, "5": 3, "sau": 4, "6": 4, "bay": 5, "7": 5,
}  # fmt: skip
_SPELLINGS = {
    "hai": ("hai",), "ba": ("ba",), "tu": ("tư", "tu"), "nam": ("năm", "nam"), "sau": ("sáu", "sau"),
    "bay": ("bảy", "bẩy", "bay"),
}  # fmt: skip
_WEEKDAYS = re.compile(
    rf"\b(?:(?P<before>(?:dau\s|cuoi\s|giua\s)?(?:{WEEK}),?\s))?"
    r"(?:(?P<word>thu|th|t)(?P<gap>[\s.]?)(?P<name>hai|ba|tu|nam|sau|bay|[2-7])|(?P<sunday>chu nhat|chua nhat"
    r"|chu nhut|chunhat|cn))\b"
    rf"(?P<after>\s(?:(?:dau\s|cuoi\s|giua\s)?(?:{WEEK})|nay|toi|sap toi|ke tiep|ke|tiep theo|vua roi|vua qua|roi)\b)?",
    FLAGS,
)
_COUNTED_THING = re.compile(
    r"\b(?:con|kien|lan|cai|nguoi|ben|ban|vo|dua|thua|trang|chuong|khoan|y|(?<!ho )so|dong|buoc|muc|lop|hang|vi|giai|be"
    r"|phan|doi|tap|cau"
    r"|lua chon|phuong an|quyen|tam|chiec|may|ten|dot|ky|quy|loai|to|gai|trai"
    r"|(?<!ve )(?<!tai )(?<!\bo )(?<!den )(?<!toi )(?<!tan )nha|chau|doi|le phi|tien"
    r"|phi|thuc|mua"
    r"|nguon|tong|benh|hoc ky|option|cap)\s$",
    FLAGS,
)
_ORDER_AFTER = re.compile(r"\s(?:cac|cua|lam|sao|buoc|thuc hien|uu tien|nhu|giay to|nop|ra sao)\b", FLAGS)
_MONEY_AFTER = re.compile(
    r"\s?(?:trieu|tr|tram|chuc|nghin|ngan|k|dong|ty|muoi|lan|bo|nguoi|xe|can cuoc|hien|lan|phan|loai|cai)\b|[.,]?\d|/",
    FLAGS,
)
_PLACE_AFTER = re.compile(
    r"\s(?:khu|nha(?!\s*$)|dia chi|so|cho|truong|xa|thon|phuong|cong|lay|giao|day|gap|o|ben|duong|ap|ubnd"
    r"|trung tam|gio)\b",
    FLAGS,
)
_SUNDAY_NEAR = re.compile(
    r"(?:\b(?:sang|chieu|toi|trua|ngay|vao|hom|bua|va|qua|sang|t7|thu 7|thu bay|den|hoac|hay|tu|giao|lay|nghi"
    r"|hen|mo|lam)\s|^|[,/&\-+]\s?)$",
    FLAGS,
)
_SUNDAY_NEXT = re.compile(
    rf"(?:\s(?:nay|toi|tuan|sau|co|lam|giao|di|duoc|dc|nghi|mo|qua|ranh|em|e|minh|thi|moi|khong|ko|k|van|nay"
    rf"|la)\b|{END})",
    FLAGS,
)
_NO_THIS = re.compile(r"\s(?:chua|van|da|con|moi|giao|cung|ma|thi|la)\b", FLAGS)


def weekdays(text: str, folded: str, today: date) -> Iterator[Named]:
    """Yield days of the week, with the week that is said: "thứ 6 tuần sau", "tuần sau thứ 5"."""
    marks = has_marks(text)
    for match in _WEEKDAYS.finditer(folded):
        if match["sunday"]:
            if not _is_sunday(text, folded, match):
                continue
        elif not _is_weekday(text, folded, match):
            continue
        end, after = match.end(), (match["after"] or "").strip()
        if after and not _belongs(after, text, folded, match, marks):
            end, after = match.start("after"), ""
        weekday = 6 if match["sunday"] else _WEEKDAY[match["name"]]
        week = (match["before"] or after).strip(" ,")
        before = folded[max(0, match.start() - 24) : match.start()]
        rest = folded[end : end + 20]
        past = bool(SURE_PAST.search(before) or (SINCE.search(before) and TILL_NOW.match(rest)))
        yield Named(match.start(), end, _weekday(weekday, week, past, today))


def _is_sunday(text: str, folded: str, match: re.Match[str]) -> bool:
    if match["sunday"] != "cn":
        return typed(text, match, "sunday").replace(" ", "") in (
            "chủnhật", "chunhat", "chúanhật", "chuanhat", "chủnhựt", "chunhut", "chủnhât", "chủnhat", "chunhật",
        )  # fmt: skip
    near = _SUNDAY_NEAR.search(folded[max(0, match.start() - 12) : match.start()])
    return bool(match["before"] or match["after"] or (near and _SUNDAY_NEXT.match(folded[match.end("sunday") :])))


def _is_weekday(text: str, folded: str, match: re.Match[str]) -> bool:
    """Tell "thứ tư" from "thư từ", "con thứ tư", "thu 2 triệu" and "t6" for June."""
    word, name = match["word"], match["name"]
    start = match.start("word")
    if word != "thu" and not (name.isdigit() and not match["gap"]):
        return False  # "t6", "th6"; but "th ba" is nothing
    if word == "thu" and typed(text, match, "word") not in ("thứ", "thu"):
        return False
    if not name.isdigit() and typed(text, match, "name") not in _SPELLINGS[name]:
        return False
    if word == "thu" and not name.isdigit() and has_marks(text) and typed(text, match, "word") == "thu":
        return False  # a writer of marks who means the weekday writes "thứ"
    if match.group("word", "name") == ("thu", "tu") and _ORDER_AFTER.match(folded[match.end("name") :]):
        return False  # "thứ tự các bước"
    before = folded[max(0, start - 14) : start]
    moved = text[max(0, start - 4) : start].strip().lower() in ("đổi", "dời", "doi")  # to that day
    if word == "thu" and _COUNTED_THING.search(before) and not moved:
        return False
    return not _MONEY_AFTER.match(folded[match.end("name") : match.end("name") + 10])


def _belongs(after: str, text: str, folded: str, match: re.Match[str], marks: bool) -> bool:
    """Tell whether the word after a weekday still speaks of it: "thứ 6 tới", and not "thứ 6 tôi ở nhà"."""
    said, rest = typed(text, match, "after").strip(), folded[match.end() :]
    if after == "toi" and _PLACE_AFTER.match(rest):
        return False  # "thứ tư tới khu dân cư"
    if after == "toi":
        return said == "tới" or (said == "toi" and not marks and bool(re.match(END, rest)))
    if after == "nay":
        return said in ("này", "nay", "nầy") and not _NO_THIS.match(rest)
    if after == "ke":
        return said in ("kế", "ke")
    if after == "roi":
        return bool(
            re.search(r"\b(?:hom|bua|nop|hen|tu)\s(?:ngay\s)?$", folded[max(0, match.start() - 12) : match.start()])
        )
    return True


def _weekday(weekday: int, week: str, past: bool, today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    if "tuan" in week or week == "tsau":
        if "sau nua" in week:
            return monday + timedelta(days=14 + weekday)
        if re.search(r"nay$", week):
            return monday + timedelta(days=weekday)
        ahead = -7 if re.search(r"truoc$|roi$|qua$", week) else 7
        return monday + timedelta(days=ahead + weekday)
    if past or week in ("roi", "vua roi", "vua qua"):
        return today - timedelta(days=(today.weekday() - weekday) % 7 or 7)
    ahead = (weekday - today.weekday()) % 7
    return today + timedelta(days=ahead if week == "nay" else ahead or 7)
