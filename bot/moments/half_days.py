"""Half-days as people say them: "sáng", "đầu giờ chiều", "9h", "2-4h chiều", "sau 13h".

Only the morning and the afternoon are offered; noon, evening and a whole day are found as none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.moments.spoken import FILLERS, Found, Places, has_marks, number, typed
from bot.text import fold

MORNING, AFTERNOON = "morning", "afternoon"
_OPENS, _NOON, _CLOSES = 6, 12, 17

_FLAGS = re.ASCII
_HINT = re.compile(r"\d\s?(?:h|g|:|ruoi)|\bsang\b|\bchieu\b|chieu\b|\bgio\b|\bruoi\b|\d(?:sang|chieu)|sang\d", _FLAGS)

_HOUR_WORD = r"muoi mot|muoi hai|muoi|mot|hai|ba|bon|nam|sau|bay|tam|chin"
_MINUTES = r"(?:\s?(?:[0-5]\d)(?!\d|\s?[/.\-])(?:\s?(?:p|phut)\b)?|\s?(?:ruoi|kem \w+)\b)"
_PART = r"(?:\s?(?:buoi\s|gio\s)?(?P<part>sang|chieu|trua|toi|dem|khuya)\b)"
_CLOCK = re.compile(
    r"(?<![\w/.,\-:+])"
    r"(?:(?P<lead>buoi sang|buoi chieu|sang|chieu)\s(?:luc\s|vao\s|tu\s)?)?"
    r"(?P<how>\b(?:truoc|sau|khoang|tam|co|tu|qua)\s(?:luc\s|khoang\s|tam\s)?)?"
    rf"(?P<first>\d{{1,2}}|\b(?:{_HOUR_WORD})\b)"
    rf"(?:\s?(?:h|g(?=\s?\d\d|\s?(?:sang|chieu)\b)|gio)(?![a-z])(?!\d{{3}}){_MINUTES}?|(?P<colon>:[0-5]\d)"
    rf"|(?P<half>\s?ruoi\b)"
    rf"|(?=\s?(?:-|den|toi)\s?\d{{1,2}}\s?(?:h|g|gio)(?![a-z])))"
    rf"(?:(?:\s?(?:sang|chieu))?\s?(?:-|~|den|toi|cho toi)\s?(?P<last>\d{{1,2}})\s?(?:h|g"
    rf"|gio)(?![a-z]){_MINUTES}?)?"
    rf"{_PART}?",
    _FLAGS,
)
_WORD = re.compile(
    r"(?:\b(?P<lead>(?:dau gio buoi|cuoi gio buoi|dau buoi|cuoi buoi|giua buoi|buoi|bủoi|ban|dau gio|cuoi gio"
    r"|dau|xe|cuoi|gan)\s)|(?<![a-z]))"
    r"(?P<part>sang|chieu)(?=\b|\d)(?P<tail>\s(?:som|muon|tre)\b)?",
    _FLAGS,
)
_NO_HOUR_AFTER = re.compile(
    r"\s?(?:dong ho|tieng|lien|sau\b(?!\s\d)|nua|roi(?=\s(?:ma|van|chua))|moi ngay|mot ngay|/\s?(?:ngay|24|7)"
    r"|\s?hanh chinh)",
    _FLAGS,
)
_LASTING_BEFORE = re.compile(
    r"\b(?:mat|het|suot|trong|keo dai|them|doi|toan|trong vong|cho|tre|cham|ton|cach)\s$", _FLAGS
)

# "sang" is the morning and also "over to": by what follows, and by what was said before.
_TO_BEFORE = re.compile(
    r"\b(?:doi|chuyen|doi lich|nhuong|mua|ban|dich|chuyen doi|nhay|bay|ghi|in|ghe|du|di|chay|dang|bien|cuoc)\s$", _FLAGS
)
_TO_EARLIER = re.compile(r"\b(?:doi|chuyen|dich|lui|hoan|thay|sua|keo|don)\b[^,.;!?\n]{0,40}$", _FLAGS)
_TO_AFTER = re.compile(
    r"\s(?:ten|nhuong|nam|so|xa|phuong|cho|con|vo|chong|me|bo|cha|anh|chi|em|co|lai|tay|tu|quan|nguoi|ngang|ben"
    r"|dat|sdt|dia chi|hom|ngay khac"
    r"|bua khac|gio khac"
    r"|chieu|buoi|sang|trua|toi|vneid|nha|ho|chu|may|day|do|nuoc|my|han|nhat|trang|tinh|mau|khu|thon)\b",
    _FLAGS,
)
_NO_MORNING_AFTER = re.compile(
    r"\s(?:gio\b|tao|lap|kien|sua|suot|mat|da\b|ngoi|bung|hon\b|h\b|chieu thu|den gio|toi gio|ngay ra)", _FLAGS
)
_NO_MORNING_BEFORE = re.compile(
    r"\b(?:anh|den|dien|chieu|van|minh|quang|phat|thap|toa|chao|chuc|xuat|ong|chu|chup)\s(?:buoi\s)?$", _FLAGS
)
_DAY_AFTER = re.compile(
    r"\s?(?:mai|nay|mot|moi|thu\s?(?:[2-7]|hai|ba|tu|nam|sau|bay)|t[2-7]|cn|chu nhat|chua nhat|ngay|hom|mung"
    r"|som|\d{1,2}\s?[/\-.]\s?\d{1,2}|\d{1,2}h)\b",
    _FLAGS,
)
_NEAR_AFTER = re.compile(r"\s(?:mai|nay|mot|som)\b", _FLAGS)
_END = re.compile(rf"{FILLERS}\s*(?:$|[,.;:!?)\n/])", _FLAGS)
_TIME_BEFORE = re.compile(
    r"(?:^|[,.;:!?(\n]\s?|\b(?:buoi|luc|vao|hoi|moi|qua|ca|sang|gio|la|hoac|hay|chon|lay|giao|hen|den|cho|nop"
    r"|nha|muon|ranh|di|xin|tu|dat|thich|vay|thi|roi|da|u|mai|nay|mot|\d{4}|[2-7]|cn)\s)$",
    _FLAGS,
)
_NO_AFTERNOON_BEFORE = re.compile(
    r"\b(?:doi|mot|hai|1|2|nhieu|trinh|ho|phim|rong|nuong|nguoc|cung|theo|chieu|chao|da|noi)\s$", _FLAGS
)
_NO_AFTERNOON_AFTER = re.compile(
    r"\s(?:rong|dai|cao|ngang|theo|long|di(?=\s\d)|khan|sau(?=\s\d*\s?m\b)|chuong|y|toi\b|chuan|huong|sau\sm)", _FLAGS
)


def find_half_days(text: str) -> list[Found]:
    """Return the half-days that `text` names, "morning" or "afternoon"; offsets count characters of `text` (NFC)."""
    folded = fold(text)
    if not _HINT.search(folded):
        return []
    places = Places(len(text))
    found = [
        Found(start, end, value or "")
        for start, end, value in (*_clocks(text, folded), *_parts(text, folded))
        if places.take(start, end)
    ]
    return sorted((half for half in found if half.value), key=lambda half: half.start)


def half_day(text: str) -> str | None:
    """Return the one half-day that `text` means, or None when it names none or both."""
    values = {found.value for found in find_half_days(text)}
    return values.pop() if len(values) == 1 else None


def _clocks(text: str, folded: str) -> Iterator[tuple[int, int, str | None]]:
    """Yield hours: (start, end, half-day); None for the half-day takes the place all the same."""
    for match in _CLOCK.finditer(folded):
        first = number(match["first"])
        before, rest = folded[max(0, match.start() - 16) : match.start()], folded[match.end() : match.end() + 14]
        if first is None or first > 24 or _NO_HOUR_AFTER.match(rest):
            continue
        spoken = not match["first"].isdigit()
        if (
            spoken
            and (said := typed(text, match, "first")) in ("bây", "bay", "sau", "nam", "tam")
            and (said == "bây" or not match["part"])
        ):
            continue  # "bây giờ"
        if spoken and not match["part"] and not match["how"] and not match["lead"]:
            continue  # "ba giờ" alone may be three hours
        if match["half"] and not (match["part"] or match["lead"] or match["how"]):
            continue  # "3 rưỡi": half past three, or three and a half million
        if match["lead"] and match["lead"] == "sang" and not _is_morning_typed(text, folded, match):
            continue
        waiting = not before.endswith("cho ") or (
            text[: match.start()].lower().endswith("chờ ") or (not has_marks(text) and " roi" in rest)
        )
        if _LASTING_BEFORE.search(before) and waiting and not match["part"] and not match["how"]:
            yield match.start(), match.end(), None  # "chờ 2h", "trong 24h"
            continue
        start, end = match.start(), match.end()
        how = (match["how"] or "").split()[:1]
        if how == ["sau"] and typed(text, match, "how").startswith("sáu"):
            how, start = [], match.start("first")  # "thứ sáu 10 giờ"
        part = match["part"]
        if part and typed(text, match, "part") in ("tôi", "tới", "sang", "đêm") and _wrong_part(text, match):
            end, part = match.start("part"), None
            end -= len(folded[:end]) - len(folded[:end].rstrip())
        if match["how"] and match["how"].split()[0] in ("tu", "co", "qua") and not match["last"]:
            skipped = match["how"]
            start = match.start("how") + len(skipped) if not match["lead"] else start
        lead = (match["lead"] or "").split()[-1:] or [None]
        yield start, end, _half_of(first, match["last"], how, part or lead[0])


def _is_morning_typed(text: str, folded: str, match: re.Match[str]) -> bool:
    said = typed(text, match, "lead")
    if said.endswith("sáng"):
        return True
    return (
        said == "sang"
        and not has_marks(text)
        and not _TO_EARLIER.search(folded[max(0, match.start() - 48) : match.start()])
    )


def _wrong_part(text: str, match: re.Match[str]) -> bool:
    """Tell "9h tôi ra", "9h sang nhà" from a part of the day."""
    said = typed(text, match, "part")
    return said in ("tôi", "tới") or (said == "sang" and has_marks(text))


def _half_of(first: int, last: str | None, how: list[str], part: str | None) -> str | None:
    """Return the half-day of an hour or a span of hours, None when it is outside of what is offered."""
    after, until = how == ["sau"], how == ["truoc"]
    if part in ("trua", "toi", "dem", "khuya"):
        return None
    if last is not None:
        return _half_of_span(first, int(last), part)
    if part == "sang":
        return MORNING if _OPENS - 1 <= first < _NOON else None
    hour = first + 12 if first < _OPENS or (part == "chieu" and first < _NOON) else first
    if part == "chieu" and first == _NOON:
        return None
    if after:
        return None if hour >= _CLOSES or hour == _NOON - 1 else AFTERNOON if hour >= _NOON else MORNING
    if until and first == _OPENS and part is None:
        return None
    if until:
        return MORNING if hour <= _NOON else AFTERNOON if hour <= _CLOSES + 1 else None
    if hour == _NOON or not _OPENS <= hour <= _CLOSES:
        return None
    return MORNING if hour < _NOON else AFTERNOON


def _half_of_span(first: int, last: int, part: str | None) -> str | None:
    if part == "chieu" or last < _OPENS:
        last += 12 if last < _NOON else 0
        first += 12 if first < _OPENS else 0
    if last <= _NOON and first < _NOON:
        return MORNING
    return AFTERNOON if first >= _NOON and last <= _CLOSES + 1 else None


def _parts(text: str, folded: str) -> Iterator[tuple[int, int, str | None]]:
    marks = has_marks(text)
    for match in _WORD.finditer(folded):
        morning = match["part"] == "sang"
        said = typed(text, match, "part")
        start = match.start()
        lead = (match["lead"] or "").strip()
        if lead in ("dau", "cuoi", "gan", "xe", "ban") and morning and lead != "ban":
            start, lead = match.start("part"), ""
        if lead == "cuoi" or (lead == "dau" and typed(text, match, "lead").strip() == "đâu"):
            start, lead = match.start("part"), ""
        before, rest = folded[max(0, start - 40) : start], folded[match.end() : match.end() + 24]
        if morning:
            good = _is_morning(said, lead, before, rest, marks, text, match)
        else:
            good = said in ("chiều", "chieu", "chìu", "chiêù") and _is_afternoon(lead, before, rest)
        if good:
            yield start, match.end(), MORNING if morning else AFTERNOON


def _is_morning(said: str, lead: str, before: str, rest: str, marks: bool, text: str, match: re.Match[str]) -> bool:
    if said not in ("sáng", "sang") or _NO_MORNING_AFTER.match(rest) or _NO_MORNING_BEFORE.search(before):
        return False
    if (
        text[match.start("part")] == "S"
        and before
        and before[-1:] == " "
        and text[: match.start("part")].rstrip()[-1:].isalpha()
    ):
        return False  # a name: "anh Sang"
    if said == "sáng" or lead or match["tail"]:
        return True
    if re.search(r"\b(?:sang|qua|tu)\s$", before) and (_DAY_AFTER.match(rest) or _END.match(rest)):
        return True  # "đổi sang sang": over to the morning
    if _TO_BEFORE.search(before) or _TO_EARLIER.search(before):
        return False
    if _DAY_AFTER.match(rest):
        return not marks or bool(_NEAR_AFTER.match(rest))  # "hẹn sang thứ 6": a writer of marks means "over to"
    if _END.match(rest):
        return bool(_TIME_BEFORE.search(before))
    return (
        not marks
        and bool(_TIME_BEFORE.search(before))
        and not _TO_AFTER.match(rest)
        and before.endswith(("buoi ", "luc ", "vao ", "hoi ", "moi ", "ca ", "trong "))
    )


def _is_afternoon(lead: str, before: str, rest: str) -> bool:
    if lead:
        return not _NO_AFTERNOON_BEFORE.search(before) or lead != "buoi" or not before.endswith("chao ")
    if _NO_AFTERNOON_AFTER.match(rest) and not re.match(r"\s(?:toi|sau|y)\s(?:lay|qua|ranh|o nha|em|giao)", rest):
        return False
    if _NO_AFTERNOON_BEFORE.search(before):
        return bool(_DAY_AFTER.match(rest)) and bool(re.search(r"\b(?:doi|mot|hai)\s$", before))
    return True
