"""Days by their number: "25/11", "ngày 3 tây", "mùng 5 tháng 12"; not a house number, a share or a decree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.moments.named import FLAGS, LUNAR_TALK, SINCE, SURE_PAST, TILL_NOW, Named, Unsure
from bot.moments.spoken import LONG_NUMBER, NUMBER, number, typed

_ISO = re.compile(r"(?<![\w/.\-])(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?![\w/]|[.\-]\d)", FLAGS)
_YEAR_WORD = r"(?P<said>\snam\s(?:ngoai|truoc|roi|nay|sau|toi))?"
_NUMERIC = re.compile(
    r"(?:(?<![\w/.\-+])|(?<=ngay)|(?<=sang)|(?<=chieu)|(?<=\bhom))"
    r"(?P<day>\d{1,2})(?P<sign>\s?[/.\-]\s?)(?P<month>\d{1,2})"
    r"(?:\s?[/.\-]\s?(?P<year>\d{4}|\d{2}))?(?!\d|\s?/|[.,\-]\d|[a-z](?![a-z]))" + _YEAR_WORD,
    FLAGS,
)
_SAID_APART = re.compile(
    r"\b(?:ngay|hom)\s(?P<day>\d{1,2})\s(?P<month>1[0-2]|0[1-9])(?:\s(?P<year>20\d\d))?(?![\w/:.]|\s?(?:h|gio)\b)",
    FLAGS,
)
_MONTH = r"(?:1[0-2]|0?[1-9]|muoi mot|muoi hai|muoi|mot|hai|ba|tu|nam|sau|bay|tam|chin|nay|toi|truoc|roi)"
_SPELLED = re.compile(
    rf"\b(?:(?P<lead>ngay|hom|bua)\s?)?(?P<body>(?P<first>mung\s"
    rf"|mong\s)?(?P<day>{NUMBER})\s?thang\s?(?P<month>{_MONTH})\b"
    rf"(?![/.]\d)(?:,?\s(?:nam\s)?(?P<year>\d{{4}})\b)?{_YEAR_WORD})",
    FLAGS,
)
_SOLAR = re.compile(rf"\b(?:ngay\s|mung\s)?(?P<body>(?P<day>{LONG_NUMBER})\s(?:tay|duong lich|duong|dl))\b", FLAGS)
_LONE = re.compile(
    rf"\b(?P<lead>ngay\s?|hom\s|bua\s)?(?P<body>(?P<first>mung\s|mong\s)?(?P<day>{LONG_NUMBER}"
    rf"|(?<=mung\s){NUMBER}|(?<=mong\s){NUMBER}))"
    r"(?![\w/]|[.,:\-]\d|\sthang\b|\smuoi\b|\sphan\b)",
    FLAGS,
)
_COUNTED = re.compile(
    r"\s?(?:h|g|gio|tieng|phut|ngay|tuan|thang|nam|lan|buoi|ca|bua|nguoi|bo|to|ban|cai|vo|anh|chi|me|ong|cuoc"
    r"|chuyen|tuoi"
    r"|phan|lo|thua|can|dat|trieu|tr|k|ngan|nghin|dong|ty|m2|met|ha|sao|mau|kg|ky|lit|diem|trang|dien tich|nha"
    r"|gia|so|suat"
    r"|ngan|noi|dua|con|thang|gram|loai|muc|buoc|phong|quan|cho|lien|nhan khau|thu)\b",
    FLAGS,
)
# "nhà" and "nha", "số", "chỗ" … only stand after an amount: after a day they begin a new thought.
_AMOUNT_ONLY = re.compile(
    r"\s?(?:to|phan|lo|dien tich|can|dat|thua|gia|cai|bo|ban|trang|m2|met|ha|mau|sao|kg|ky|lit|trieu|tr|ty"
    r"|nguoi|suat|diem"
    r"|ngay|thang|tuan|nam|gio|h|tieng|lan|nghin|ngan|so (?:trang|tien|luong|to))\b(?!\s?(?:nay|mai|mot|kia)\b)",
    FLAGS,
)
# Before digits and a slash: part of an address, of a decree, of a plot of land.
_SHARE_AFTER = re.compile(
    r"\s?(?:to|phan|lo|dien tich|thua|cai|trang|m2|met|mau|sao|kg|ky|lit|trieu|ty|suat|diem|so (?:trang|tien|luong|to)"
    r"|gia|can nha|manh|cuon|xa|phieu)\b",
    FLAGS,
)
_NO_DAY_BEFORE = re.compile(
    r"(?:\b(?:hem|ngo|ngach|kiet|(?<!ho )so|so nha|(?<!ve )(?<!\bo )(?<!tai )(?<!den )(?<!toi )(?<!tan )nha"
    r"|nha so|duong|pho|lo|quoc lo|ql|tl|tinh lo|to|khom|thua|block|can ho|cu xa|hang|xa|ap|thuong tat|ty le|ti le"
    r"|phong|nghi dinh|nd|thong tu|tt|quyet dinh|qd|luat|nghi quyet|nq|dieu|khoan|muc|cong van|thang|quy)"
    r"|[$#])[\s:]*$",
    FLAGS,
)
_STREET_AFTER = re.compile(
    r"[a-z]?\s(?:duong|hem|ngo|kiet|pho|thon|khu pho|to dan pho|nguyen [a-z]+|tran [a-z]+|phan [a-z]+"
    r"|pham [a-z]+|hoang [a-z]+"
    r"|huynh [a-z]+|bui [a-z]+|dinh [a-z]+|truong [a-z]+|ly (?:thuong|thai|tu|nam|chinh)|le (?:loi|lai|hong|dai"
    r"|thanh|quy|duan|van|thi|chan|ngoc|ninh)"
    r"|hung vuong|quang trung"
    r"|ba trieu|hai ba trung|thong nhat|phu dong|hai thuong|cach mang|vo (?:thi|van|nguyen|truong)|ton (?:duc|that)"
    r"|dang (?:tran|thai|van)|ngo (?:quyen|gia|thi|duc|van)|ho (?:tung|xuan|xuan huong|chi minh|thi)|do (?:xuan|nhuan)"
    r"|chu van|bach dang|kim dong|xo viet|yersin|pasteur|chi lang|dien bien|tang bat|luong (?:the|van)"
    r"|mac (?:dinh|thi)|tu do|hoa binh)\b",
    FLAGS,
)
_DAY_BEFORE = re.compile(
    r"\b(?:ngay|hom|bua|sang|chieu|trua|toi|mung|mong|den|tu|qua|lich|hen|vao|nop|sinh|thu \w+|t[2-7]|cn"
    r"|chu nhat|hoi|tra"
    r"|truoc|sau|la|thanh|doi|giao|lay|dip|cuoi|nay|luc|trong|hoac|hay|va|voi|ngay\s\w+)[\s,:(]*$",
    FLAGS,
)
_NAMED_A_DAY = re.compile(r"\b(?:ngay|hom|bua|sang|chieu|mung|sinh|thu \w+|t[2-7]|cn)[\s,:(]*$", FLAGS)
_NO_LONE_BEFORE = re.compile(r"\b(?:moi|mot|1|hang|cac|nhung|may|vai|nhieu|lam|them|duong|so|may)\s$", FLAGS)
_PLANNED = re.compile(r"\b(?:doi|chuyen|giao|hen|lay|ship|lich|ghe|toi|mai)\b", FLAGS)  # "hôm 28 giao": to come
_PAST_AFTER = re.compile(r"\s(?:vua roi|vua qua|truoc do)\b", FLAGS)


def iso(text: str, folded: str, today: date) -> Iterator[Named]:
    """Yield days written like a computer: "2026-11-25"."""
    for match in _ISO.finditer(folded):
        yield Named(match.start(), match.end(), _day(int(match[1]), int(match[3]), int(match[4])))


def numeric(text: str, folded: str, today: date) -> Iterator[Named]:
    """Yield days in digits: "25/11", "25-11-2026", "ngày 25 11"."""
    lunar = bool(LUNAR_TALK.search(folded))
    for match in _NUMERIC.finditer(folded):
        before, end = folded[max(0, match.start() - 24) : match.start()], match.end()
        if not match["said"] and match["year"] is None:
            end = match.end("month")
        means: date | Unsure | None = None
        if _is_a_day(match, folded, before):
            said_year = match["said"].split()[1] if match["said"] else None
            means = _calendar(
                match["day"], match["month"], match["year"], said_year, _tense(before, folded, end), today
            )
            if lunar and match["year"] is None and means:
                means = Unsure.LUNAR
        yield Named(match.start(), end, means)
    for match in _SAID_APART.finditer(folded):
        start = match.start("day")
        means = _calendar(
            match["day"], match["month"], match["year"], None, _tense(folded[:start], folded, match.end()), today
        )
        if means:
            yield Named(start, match.end(), means)


def _is_a_day(match: re.Match[str], folded: str, before: str) -> bool:
    """Tell a day from a house number, a share, a decree or a span of days."""
    if _NO_DAY_BEFORE.search(before):
        return False
    sure, sign, rest = bool(_DAY_BEFORE.search(before)), match["sign"].strip(), folded[match.end() : match.end() + 24]
    if match["year"] and len(match["year"]) == 4:
        return True
    if sign != "/" and (_AMOUNT_ONLY.match(rest) or (_COUNTED.match(rest) and not rest.startswith(" nha"))):
        return False
    if sign == "/" and int(match["day"]) < int(match["month"]) and _SHARE_AFTER.match(rest):
        return False  # "1/2 tờ"
    if _STREET_AFTER.match(rest) and not _NAMED_A_DAY.search(before):
        return False
    if sure:
        return True
    if match["day"] + sign + match["month"] == "24/7":
        return False
    if sign == "/":
        return True
    alone = len(folded) - (match.end() - match.start()) <= 12
    return alone and (sign == "-" or match["year"] is not None or len(match["month"]) == 2)


def spelled(text: str, folded: str, today: date) -> Iterator[Named]:
    """Yield days with their month in words, and solar ones: "25 tháng 11", "3 tây"."""
    for match in _SPELLED.finditer(folded):
        if not match["lead"] and not match["first"] and not match["day"][0].isdigit() and " " not in match["day"]:
            continue  # "hai tháng ba" may be anything
        if not match["lead"] and not match["first"] and match["month"] in ("nay", "toi", "truoc", "roi", "sau"):
            continue  # "bé 4 tháng rồi"
        before, rest = folded[max(0, match.start() - 24) : match.start()], folded[match.end() : match.end() + 12]
        if not match["lead"] and re.match(r"\s(?:ngay|lan|tuoi|thang)\b", rest):
            continue  # "6 tháng 1 lần", "3 tháng 10 ngày"
        if _NO_DAY_BEFORE.search(before) and not match["lead"]:
            yield Named(match.start(), match.end(), None)  # "đường 3 tháng 2"
            continue
        month, year = _spoken_month(text, match, today)
        day = number(match["day"])
        said_year = match["said"].split()[1] if match["said"] else None
        tense = _tense(before + (f"{match['lead']} " if match["lead"] else ""), folded, match.end())
        means = (
            _calendar(str(day), str(month), match["year"] or year, said_year, tense, today) if day and month else None
        )
        yield Named(match.start("body"), match.end("body"), means)
    for match in _SOLAR.finditer(folded):
        said = typed(text, match)
        if re.search(r"đường|(?<!ư)duong$|đuong|tấy|tẩy|tậy", said):
            continue  # "số 12 duong Hùng Vương" is a street
        day = number(match["day"])
        tense = _tense(folded[max(0, match.start() - 24) : match.start("body")], folded, match.end())
        yield Named(match.start("body"), match.end("body"), _with_day(day, tense, today) if day else None)


def _spoken_month(text: str, match: re.Match[str], today: date) -> tuple[int | None, str | None]:
    """Return the month and, for "tháng sau" and the like, its year."""
    word = match["month"]
    moved = {"nay": 0, "toi": 1, "truoc": -1, "roi": -1}.get(word)
    if word == "sau" and typed(text, match, "month") != "sáu":
        moved = 1
    if moved is None:
        return number(word), None
    year, month = divmod(today.year * 12 + today.month - 1 + moved, 12)
    return month + 1, str(year)


def lone(text: str, folded: str, today: date) -> Iterator[Named]:
    """Yield "ngày 25", "hôm 12", "mùng 5": the day of this month or of the next."""
    for match in _LONE.finditer(folded):
        lead, first = (match["lead"] or "").strip(), match["first"]
        if not lead and not first:
            continue
        before, rest = folded[max(0, match.start() - 16) : match.start()], folded[match.end() :]
        if _NO_LONE_BEFORE.search(before) or (_COUNTED.match(rest) and not re.match(r"\s(?:nha|con)\b", rest)):
            continue
        day = number(match["day"])
        if day is None or (lead == "bua" and typed(text, match, "lead").strip() == "bừa"):
            continue
        tense = "near" if _PLANNED.search(folded) else _tense(before + lead + " ", folded, match.end())
        means = _with_day(day, tense, today)
        if means:
            unsure = Unsure.LUNAR if LUNAR_TALK.search(folded) else None
            yield Named(match.start("body"), match.end("body"), unsure or means)


def _tense(before: str, folded: str, end: int) -> str:
    """Return "past", or "near": the nearest such day, when nothing is said."""
    if SURE_PAST.search(before) and not re.match(r"\s(?:nay|toi|sap toi)\b", folded[end : end + 8]):
        return "past"
    if _PAST_AFTER.match(folded, end) or (SINCE.search(before) and TILL_NOW.match(folded, end)):
        return "past"
    return "near"


_MOST_DAYS_AGO = 180


def _calendar(day: str, month: str, year: str | None, said_year: str | None, tense: str, today: date) -> date | None:
    """Return the day; without a year the nearest one: "15/11" said on the 22nd is a week ago, "5/1" is to come."""
    if year is not None:
        full = int(year) if len(year) == 4 else 2000 + int(year)
        if len(year) == 2 and full > today.year + 5:
            full -= 100  # "5/3/90"
        return _day(full, int(month), int(day))
    if said_year:
        return _day(today.year + {"nay": 0, "sau": 1, "toi": 1}.get(said_year, -1), int(month), int(day))
    near = [found for y in (today.year - 1, today.year, today.year + 1) if (found := _day(y, int(month), int(day)))]
    if tense == "past":
        return max((found for found in near if found <= today), default=None)
    return next((found for found in near if (today - found).days <= _MOST_DAYS_AGO), None)


def _with_day(day: int, tense: str, today: date) -> date | None:
    """Return the next such day of a month, or the last one."""
    steps = range(0, -3, -1) if tense == "past" else range(3)
    for step in steps:
        year, month = divmod(today.year * 12 + today.month - 1 + step, 12)
        named = _day(year, month + 1, day)
        if named and (named <= today if tense == "past" else named >= today):
            return named
    return None


def _day(year: int, month: int, day: int) -> date | None:
    if not 1900 <= year <= 2100:
        return None
    try:
        return date(year, month, day)
    except ValueError:  # there is no 31/02
        return None
