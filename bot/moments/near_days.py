"""Days told from today: "mai", "ngày mốt", "hôm qua", "3 ngày nữa"; not "mai táng", "chị Mai" or "một"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.moments.named import END, FLAGS, Named, Unsure
from bot.moments.spoken import has_marks, number, typed

_NEAR = re.compile(
    r"\b(?P<same>(?:hom|bua|hum|ngay)\.?\s?nay|h\.?nay|(?:hom|bua|ngay)\sni)\b"
    r"|(?:(?<=\bsang\s)|(?<=\btrua\s)|(?<=\btoi\s)|(?<=\bchieu\s))(?P<part>nay)\b"
    r"|^\W*(?P<today>nay)(?=\s(?:luon|giao|co lam|co mo|ranh|qua|lay|nghi)\b)|\bphai\s(?P<not>nay)\b(?=\W*$)"
    r"|\b(?P<next>(?:ngay\s|bua\s)?mai|(?:ngay|sang|trua|chieu|bua)\smoi)\b"
    r"|\b(?P<after>(?:ngay\s|bua\s)?mot|ngay\skia)\b"
    r"|\b(?P<last>(?:hom|hum|bua|ngay)\s(?:qua|wa|qa)|hqua|hqa|hwa)\b|\b(?P<before>(?:hom|ngay)\skia(?:\skia)?)\b"
    r"|\b(?P<count>\d{1,2}|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi)\s(?:ngay|bua|hom)\s(?P<way>nua|truoc)\b",
    FLAGS,
)
_SPAN_BEFORE = re.compile(r"\b(?:may|vai|muoi|hai|ba|bon|nam|sau|bay|tam|chin|chuc|nhung|\d+)\s$", FLAGS)
_IN_VAIN = re.compile(r"\b(?:lam|doi|cho|goi|tim|bam|nhap|tai|hen|keu|load|gui|hoi)\s$", FLAGS)
_NO_RESULT = re.compile(r"\s(?:khong|ko|k|kh|chua|hong|hok|ma|van)\b", FLAGS)
_NO_MAI_AFTER = re.compile(r"\s(?:tang|tang phi|am|moi|mieng|vang|nay|sau|hau|an tieng|thuy|phuong|thi|tho)\b", FLAGS)
_NAME_BEFORE = re.compile(
    r"\b(?:ten|thi|ngoc|thanh|phuong|tuyet|xuan|hoang|quynh|truc|hong|bach|nhu|yen|ban|hoa|cay|ho|be|ten la"
    r"|(?:toi|em|minh|tui|ten) la)\s$",
    FLAGS,
)
_TITLE_BEFORE = re.compile(r"\b(?:chi|co|ba|bac|me|ma|di|thim|mo)\s$", FLAGS)
_DOING_AFTER = re.compile(
    rf"(?:\s(?:moi|ranh|se|qua|ra|di|len|giao|lay|co|ve|o nha|ban|duoc|dc|nop|toi|den|lam|nghi|tra|goi|hen|thi"
    rf"|ghe|gui)\b|{END})",
    FLAGS,
)
_MOT_AROUND = re.compile(
    rf"\s(?:giao|qua|lay|ranh|nha|nhe|di|nghen|em (?:ranh|qua|o nha)|toi (?:ranh|qua|lay|o nha|nop)"
    rf"|hay"
    rf"|hoac"
    rf"|duoc khong|dc ko"
    rf"|ghe|cho nguoi)\b|{END}",
    FLAGS,
)
_MOT_BEFORE = re.compile(r"(?:^|[,.;!?\n]\s?|\b(?:sang|chieu|trua|toi|qua ngay|hay|hoac|den|hen|giao|ngay)\s)$", FLAGS)


def near(text: str, folded: str, today: date) -> Iterator[Named]:
    """Yield days told from today: "mai", "ngày mốt", "hôm qua", "3 ngày nữa"."""
    marks = has_marks(text)
    for match in _NEAR.finditer(folded):
        kind = match.lastgroup or ""
        said = typed(text, match)
        if kind == "way":
            yield from _counted_days(folded, match, today)
            continue
        ahead = {"same": 0, "part": 0, "today": 0, "not": 0, "next": 1, "after": 2, "last": -1, "before": -2}[kind]
        if not _is_near(kind, said, marks, text, folded, match):
            continue
        if "kìa" in said:
            ahead += 1 if ahead > 0 else -1
        start = match.start(kind) if kind in ("today", "not") else match.start()
        if kind == "next" and match["next"].endswith("moi") and not said.startswith(("ngày", "ngay", "bữa", "bua")):
            start = match.end() - 3  # "sáng mơi": the half-day is another matter
        if kind in ("next", "after", "before") and re.match(r"ngay\s", folded[start:]):
            start += 5  # "ngày mai": the word "ngày" is no part of it
        if kind == "before" and match["before"].startswith("ngay"):
            ahead = 3 if "kìa" in said else 2
        yield Named(start, match.end(), today + timedelta(days=ahead))


def _counted_days(folded: str, match: re.Match[str], today: date) -> Iterator[Named]:
    count = number(match["count"])
    if count is None or (match["way"] == "truoc" and re.match(r"\s(?:khi|luc|ngay)\b", folded[match.end() :])):
        return
    before = folded[max(0, match.start() - 12) : match.start()]
    if re.search(r"(?:\d|\b(?:hai|ba|bon|tam|khoang|tam|co|chung|vai|may))[\s\-]*$", before):
        yield Named(match.start(), match.end(), Unsure.VAGUE)
        return
    yield Named(match.start(), match.end(), today + timedelta(days=count if match["way"] == "nua" else -count))


def _is_near(kind: str, said: str, marks: bool, text: str, folded: str, match: re.Match[str]) -> bool:
    if kind == "same":
        if _SPAN_BEFORE.search(folded[max(0, match.start() - 10) : match.start()]):
            return False  # "mấy bữa nay"
        return not re.match(r"(?:h|ngay)\.?\s?nay", match.group()) or said in (
            "ngày nay",
            "ngay nay",
            "h nay",
            "hnay",
            "h.nay",
        )
    if kind in ("part", "today", "not"):
        return said in ("nay", "này")
    if kind == "next":
        return _is_tomorrow(said, text, folded, match)
    if kind == "after":
        return _is_after_tomorrow(said, marks, folded, match)
    if kind == "last":
        return said.split()[-1] in ("qua", "wa", "qa", "hqua", "hqa", "hwa") and not (
            match.group().startswith(("bua", "ngay")) and not re.match(END, folded[match.end() :])
        )
    return said.split()[-1] in ("kia", "kìa")


def _is_tomorrow(said: str, text: str, folded: str, match: re.Match[str]) -> bool:
    """Tell tomorrow from a burial ("mai táng"), a name ("chị Mai") and a flower."""
    if match.group().endswith("moi"):
        return said.endswith("mơi")
    if not said.endswith("mai"):
        return False
    if " " in match.group():
        return True
    before, rest = folded[max(0, match.start() - 16) : match.start()], folded[match.end() : match.end() + 40]
    if re.search(r"\b(?:sang|chieu|trua|toi|som|ngay|khuya|rang)\s$", before):
        return True
    if _NO_MAI_AFTER.match(rest) and "mới" not in text[match.end() : match.end() + 5].lower():
        moi = re.match(r"\s(?:moi|nay)\b", rest)
        return bool(moi) and "mối" not in text[match.end() : match.end() + 5].lower() and rest.startswith(" moi")
    capital = text[match.start()] == "M" and text[match.start() + 1 : match.end()] == "ai"
    if _NAME_BEFORE.search(before) or (_IN_VAIN.search(before) and _NO_RESULT.match(rest) and not has_marks(text)):
        return False  # "gọi mãi không được" without its marks
    if capital and before.strip() and before.rstrip()[-1] not in ".!?\n;:,":
        return False
    return not _TITLE_BEFORE.search(before) or bool(_DOING_AFTER.match(rest) and not capital)


def _is_after_tomorrow(said: str, marks: bool, folded: str, match: re.Match[str]) -> bool:
    """Tell "mốt" from "một"; a writer without marks means the day only where one stands."""
    word = said.split()[-1]
    before, rest = folded[max(0, match.start() - 16) : match.start()], folded[match.end() : match.end() + 24]
    if word in ("kia", "kìa"):
        return True
    if word == "mốt":
        return not re.search(r"\b(?:hai|ba|bon|nam|sau|bay|tam|chin|muoi|\d)\s$", before)
    if word != "mot":
        return False
    if " " in match.group():
        return True
    return bool(_MOT_BEFORE.search(before) and _MOT_AROUND.match(rest))
