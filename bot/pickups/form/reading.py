"""Reading the facts of a booking that have a form of their own: digits, days, half-days, ordinals.

Understanding has usually marked them already; these functions check what it marked, and cope alone when it
marked nothing. They read one text and know no conversation.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot import clock
from bot.moments import days, half_days
from bot.moments.days import Unsure
from bot.moments.spoken import LONG_NUMBER, number
from bot.pickups.form.corrections import changed_to
from bot.pickups.form.plain import plain_text
from bot.pickups.form.suiting import suiting
from bot.text import fold, words

_PHONE = re.compile(r"(?<![\d.])(?:\+?84|0)[ .-]?([35789](?:[ .-]?\d){8})(?![.-]?\d)")
_WRITTEN_DAY = re.compile(r"(?<![\d/])\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?(?![\d/])")
_SHORT_ANSWER = 5  # words
_FEWEST_CHOICES = 3  # a number up to this picks one of the days offered
_ONE_PART = ((half_days.MORNING, "sáng"), (half_days.AFTERNOON, "chiều|chieu|chìu"))
_UNSURE_DAYS = {
    Unsure.LUNAR: "Dạ, mình dùng ngày dương lịch giúp em nha, ví dụ 25/11.",
    Unsure.VAGUE: "Dạ, anh/chị chọn giúp em một ngày cụ thể nha, ví dụ 25/11.",
}

_FIRST_DAY = re.compile(
    r"\b(?:som nhat|gan nhat|dau tien|cang som cang tot|som nhat co the|nhanh nhat|cang nhanh cang tot"
    r"|som duoc ngay nao hay ngay|ngay dau|bua dau|hom dau)\b(?! (?:tuan|thang))"
)


# Fingers that land beside: "o900…", "09l2…". Each letter takes the place of one digit.
_LETTER_DIGITS = re.compile(r"(?<![^\W\d])[oO](?=[35789](?:[ .-]?[\doOlI]){8})|(?<=\d)[oOlI](?=[\doOlI ]*\d)")
_NO_ZERO = re.compile(r"(?<![\d.])([35789](?:[ .-]?\d){8})(?![.-]?\d)")


def phone(text: str) -> str | None:
    """Return the mobile number in `text` as ten digits, or None."""
    match = _PHONE.search(text)
    return "0" + re.sub(r"\D", "", match[1]) if match else None


def last_phone(text: str) -> str | None:
    """Return the last of the mobile numbers in `text`: the right one comes after the wrong one."""
    found = list(_PHONE.finditer(text))
    return "0" + re.sub(r"\D", "", found[-1][1]) if found else None


def phone_answer(text: str, *, last: bool) -> str | None:
    """Return the number that the answer to "which phone?" gives, slips and a missing zero included."""
    text = _LETTER_DIGITS.sub(lambda match: "0" if match[0] in "oO" else "1", text)
    found = last_phone(text) if last else phone(text)
    if found is None and (bare := _NO_ZERO.search(text)):
        found = "0" + re.sub(r"\D", "", bare[1])
    return found


def without_phones(text: str) -> str:
    """Return `text` without the phone numbers in it."""
    return _PHONE.sub(" ", text)


def tries_a_phone(text: str) -> bool:
    """Tell whether somebody tried to write a phone number: seven digits or more."""
    return len(re.findall(r"\d", text)) >= 7


def day(text: str) -> date | None:
    """Return the day meant by `text` (ISO, 25/11, mai, thứ sáu tuần sau), or None; the first that is not past."""
    today = clock.today()
    found = days.find_days(text, today)
    written = [each for each in found if re.search(r"\d\s?[/.-]\s?\d|\bthang\b", fold(text[each.start : each.end]))]
    named = [date.fromisoformat(each.value) for each in written or found]  # "thứ 4 ngày 9/12": the date says which
    return next((day for day in named if day >= today), named[0] if named else None)


# Without its mark "mốt" is a one; as the whole answer to "which day?" it is the day after tomorrow.
_AFTER_TOMORROW = re.compile(r"(?:(?:thoi|vay|de|da|a) )*mot(?: (?:vay|di|nha|nhe|em|giup em|luon|a))*")
_BARE_DAY = re.compile(
    rf"(?:\b(?:ng|ngay|hom|bua|chieu|sang|lay|chon|la)[ .]*|^\W*)(?P<day>{LONG_NUMBER})(?!\w|[/.-]\d|\s?(?:gio|h|g)\b)",
    re.ASCII,
)
# "hai bảy" is a 27.
_SHORT_TWENTY = re.compile(r"(?<!thu )\bhai (?=(?:ba|bon|tu|lam|sau|bay|tam|chin)\b)")


def day_answer(text: str) -> date | None:
    """Return the day that the answer to "which day?" means: "26" is one of the month, "hôm thứ năm đó" to come."""
    return suiting(text, _day_meant)


def _day_meant(text: str) -> date | None:
    found = day(text)
    if found is None and _AFTER_TOMORROW.fullmatch(plain_text(text).strip(" .!,")):
        return clock.today() + timedelta(days=2)
    if found and found < clock.today():
        found = day(re.sub(r"\b(?:hôm|hom|bữa|bua)\s+", "", text, flags=re.IGNORECASE)) or found
    if found is None or found < clock.today():
        text = _SHORT_TWENTY.sub("hai muoi ", fold(text))
        bare = _BARE_DAY.search(text)
        which = number(bare["day"]) if bare else None
        if bare and which and which > _FEWEST_CHOICES:
            found = day(f"ngày {which} {text[bare.end() :]}") or day(f"ngày {which}") or found
    return found


def last_day(text: str) -> date | None:
    """Return the last day named in `text` that is still to come: a correction names the right one last."""
    today = clock.today()
    changed = changed_to(text)
    if changed != text and (first := day(changed)):
        return first  # "đổi qua thứ ba, thứ hai má đi khám": what follows the change, not its reason
    named = [date.fromisoformat(found.value) for found in days.find_days(text, today)]
    return next((found for found in reversed(named) if found >= today), named[-1] if named else None)


def names_date(text: str) -> bool:
    """Tell whether a day is named by its date or its week: "1/12", "thứ ba tuần sau"."""
    return bool(re.search(r"\d\s?[/.-]\s?\d|\b(?:tuan|thang|ngay \d)", fold(text)))


def counts_choices(text: str) -> bool:
    """Tell whether "thứ 2" means the second of what was offered, and no Monday."""
    return bool(
        re.search(
            r"\b(?:danh sach|lua chon|cai thu|muc|o tren|phia tren|nut|dong thu|ngay thu (?:hai|ba) (?:tren|em|chi"
            r"|anh|ban|do))\b",
            plain_text(text),
        )
    )


def wants_first_day(text: str) -> bool:
    """Tell whether the earliest day is wanted, and no week is named that would move it."""
    plain = plain_text(text)
    return bool(_FIRST_DAY.search(plain)) and not re.search(r"\b(?:tuan|thang) (?:sau|toi|nay)\b", plain)


def unsure_day(text: str) -> str | None:
    """Return what to say to a lunar, vague or impossible day ("rằm", "tuần sau", "30/2"); None when there is none."""
    unsure = days.unsure_day(text, clock.today())
    if unsure is None and (written := _WRITTEN_DAY.search(text)):
        return f"Dạ, ngày {written[0]} không có trong lịch, anh/chị xem lại giúp em nha."
    return _UNSURE_DAYS[unsure] if unsure else None


def window(text: str) -> str | None:
    """Return "morning" or "afternoon" when `text` means one of them."""
    return text if text in (half_days.MORNING, half_days.AFTERNOON) else half_days.half_day(text)


_MISSPELT = re.compile(
    r"\b(?:(?P<afternoon>ch|chiu|chiw|cheu|chjeu|chieuf|xe trua|dau gio chieu|(?:sau|qua)(?: gio)?(?: nghi)? trua|pm"
    r"|ngu trua (?:day|xong)|^chi$)|(?P<morning>sg|^s(?: (?:nha|nhe|di|a|em))?$|sag|sagn|xang|sangs|am"
    r"|(?:truoc|gan)(?: gio)? trua"
    r"|som som|cang som|som))\b"
)


def window_answer(text: str) -> str | None:
    """Return the half-day that the answer to "morning or afternoon?" means, slips of the finger included."""
    return suiting(text, _window_meant)


def _window_meant(text: str) -> str | None:
    parts = {part for part, word in _ONE_PART if re.search(rf"\b(?:{word})\b", text.lower())}
    if any_window(text) and (not parts or {"sang", "chieu"} <= set(words(text))):
        return None
    found = window(text)
    if found is None and len(text.split()) <= _SHORT_ANSWER:
        plain = plain_text(text)
        slip = _MISSPELT.search(plain)
        found = window(plain) or (slip.lastgroup if slip else None) or _around_noon(plain, text)
    if found is None and len(text.split()) <= 2 * _SHORT_ANSWER and len(parts) == 1:
        found = parts.pop()
    return found


def _around_noon(plain: str, text: str) -> str | None:
    """Return the half-day of "trước 11 giờ trưa", "1h trưa"; twelve is neither."""
    hour = re.search(r"\b(\d{1,2})\s?(?:h|g|gio|giờ)", text.lower())
    if not hour or "trua" not in plain:
        return None
    before = " truoc " in f" {plain} "
    at = int(hour[1])
    return (
        half_days.MORNING
        if 9 <= at < 12 or (before and at == 12)
        else half_days.AFTERNOON
        if at in (1, 2, 13, 14)
        else None
    )


def any_window(text: str) -> bool:
    """Tell whether both half-days will do: "buổi nào cũng được", "sáng chiều gì cũng được"."""
    plain = plain_text(text)
    return bool(
        re.search(
            r"\b(?:nao|gi|sao|deu|cung)(?: \w+){0,2} (?:cung )?(?:duoc|ok|ranh|tien|o nha|co nha)\b|\btuy\b(?! (?:theo"
            r"|nhien))|\b(?:ca|nguyen|suot) ngay\b|\bkhong quan trong\b|\bdeu (?:duoc|ok|o nha)\b",
            plain,
        )
    )


_FIRST_OF_TWO = re.compile(r"\b(?:cai|y|buoi|muc|ve|phan|lua chon|phuong an) (?:dau|truoc|tren|thu nhat)\b")
_LAST_OF_TWO = re.compile(r"\b(?:cai|y|buoi|muc|ve|phan|lua chon|phuong an) (?:sau|cuoi|duoi|con lai|kia|thu hai)\b")


def ordinal(text: str, size: int) -> int | None:
    """Return which of `size` choices "2" or "last" means, counted from 0; None when it is none of them."""
    if text == "last" and size:
        return size - 1
    return int(text) - 1 if text.isascii() and text.isdigit() and 1 <= int(text) <= size else None


def placed(text: str, size: int) -> int | None:
    """Return which of two choices is meant by its place: "cái sau", "buổi đầu"."""
    if size != 2 or len(text.split()) > _SHORT_ANSWER:
        return None
    folded = fold(text)
    return 0 if _FIRST_OF_TWO.search(folded) else 1 if _LAST_OF_TWO.search(folded) else None
