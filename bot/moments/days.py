"""Days as people say them: "mốt", "thứ 6 tuần sau", "25/11", "ngày 3 tây", and those that name no sure day.

Everything is found in folded text; where folding makes two words one ("một" and "mốt", "sáu" and "sau"), the
marks decide if the writer typed any, and the words around if not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.moments.calendar_days import iso, lone, numeric, spelled
from bot.moments.named import FLAGS, WEEK, Named, Unsure
from bot.moments.near_days import near
from bot.moments.spoken import LONG_NUMBER, NUMBER, Found, Places, typed
from bot.moments.week_days import weekdays
from bot.text import fold

__all__ = ["Unsure", "find_days", "unsure_day"]

# Nothing of all this stands in a text without one of these.
_HINT = re.compile(
    r"\d|\b(?:mai|moi|mot|kia|[bh]\w{1,2} (?:nay|qua|wa|qa|ni)|hqua|hnay|nay|th?u [a-z]|chu nh|chua nh|cn|ngay"
    r"|mung|mong|ram"
    r"|tuan|thang|tet|gieng|(?:bua|hom|luc|khi|sao|lich|cang|som) )",
    FLAGS,
)
_LUNAR = re.compile(
    r"\b(?:ngay\s)?ram\b(?:\sthang\s\w+)?"
    rf"|\b(?:ngay\s|mung\s|mong\s)?{LONG_NUMBER}(?:\s?/\s?\d{{1,2}}|\sthang\s(?:\d{{1,2}}"
    rf"|[a-z]+))?\s?\(?am\b(?!\s(?:tham|nhac|i|u|muu))(?:\slich)?"
    rf"|\b(?:ngay\s)?(?:mung\s|mong\s)?{NUMBER}\s(?:thang\s)?(?:chap|gieng|tet)\b"
    r"|\b(?:mung|mong)\s(?:1|mot)\b(?!\sthang|\s?/)|\bthang\s(?:chap|gieng)\b|\bra gieng\b|\bgiao thua\b",
    FLAGS,
)
_VAGUE = re.compile(
    rf"\b(?:(?:dau|giua|cuoi)\s)?(?:{WEEK})\b|\b(?:dau|giua|cuoi)\s(?:tuan|thang|nam)\b(?:\s(?:nay|sau|toi)\b)?"
    r"|\bthang\s(?:sau|toi|nay|truoc|roi)\b|\bmot tuan nua\b|\btuan nua\b"
    r"|\b(?:mai mot|mai kia|nay mai|ngay mot ngay hai|mot hai bua nua|hom bua|bua hom|bua truoc|hom truoc"
    r"|bua no|hom no|bua kia)\b"
    r"|\b(?:vai|may|it|\d\s?-?\s?\d|(?:mot|hai|ba)\s(?:hai|ba|bon))\s(?:ngay|bua|hom|tuan)\s(?:nua|toi|sau)\b"
    r"|\b(?:bua|hom|ngay|luc|khi|sao|khi nao|lich|gio)(?:\snao)?\s(?:nao\s)?(?:cung|thi|cx)\s?(?:duoc|dc|ok|oke"
    r"|dk|xong|ranh)\b"
    r"|\b(?:bua|hom|khi|luc)\snao\s(?:ranh|tien|di ngang|co nguoi)\b|\b(?:cang som cang tot|som nhat|som som)\b"
    r"|\b(?:sau|qua|truoc|ra|an)\stet\b",
    FLAGS,
)


def find_days(text: str, today: date) -> list[Found]:
    """Return the days that `text` names, as ISO dates; offsets count characters of `text` (NFC).

    A day without its year is the nearest such day, in the past only where the words say so. What names no one
    day of the calendar is left out: see `unsure_day`.
    """
    return [
        Found(named.start, named.end, named.means.isoformat())
        for named in _read(text, today)
        if isinstance(named.means, date)
    ]


def unsure_day(text: str, today: date) -> Unsure | None:
    """Return how `text` speaks of a day that is no one day of our calendar; None when it names a sure one, or none."""
    named = _read(text, today)
    if any(isinstance(found.means, date) for found in named):
        return None
    return next((found.means for found in named if isinstance(found.means, Unsure)), None)


def _read(text: str, today: date) -> list[Named]:
    folded = fold(text)
    if not _HINT.search(folded):
        return []
    taken: list[Named] = []
    places = Places(len(text))
    for finder in (_lunar, iso, numeric, spelled, weekdays, _vague_pairs, near, lone, _vague):
        taken += [named for named in finder(text, folded, today) if places.take(named.start, named.end)]
    return sorted(taken, key=lambda named: named.start)


def _lunar(text: str, folded: str, today: date) -> Iterator[Named]:
    for match in _LUNAR.finditer(folded):
        said = typed(text, match)
        # "ấm", "ẩm", "ram" of a computer, "tết" are told by their marks; "11h am" is the morning of the English.
        if re.search(r"[ấầẩẫậ]m\b|\brám\b|\bràm\b", said) or "chấp" in said:
            continue
        yield Named(match.start(), match.end(), Unsure.LUNAR)


def _vague_pairs(text: str, folded: str, today: date) -> Iterator[Named]:
    """Yield "mai mốt" (some day) and "2 3 bữa nữa" before their parts are read as days."""
    for match in re.finditer(
        r"\b(?:mai mot|mai kia|nay mai|mot mai)\b|\b\d\s?-?\s?\d\s(?:ngay|bua|hom)\s(?:nua|toi)\b", folded, FLAGS
    ):
        if "một" not in typed(text, match):
            yield Named(match.start(), match.end(), Unsure.VAGUE)


def _vague(text: str, folded: str, today: date) -> Iterator[Named]:
    for match in _VAGUE.finditer(folded):
        if re.search(r"(?:tháng|thang) (?:sáu|tôi|tối)$|tuần (?:tôi|tối|sáu)$|sớm nhật", typed(text, match)):
            continue
        yield Named(match.start(), match.end(), Unsure.VAGUE)
