"""Whether the centres work on a day: Saturdays, holidays, days made up, out of the calendar of working days."""

from __future__ import annotations

import re
from datetime import date

from bot import clock, working_days
from bot.messages import Message
from bot.moments.days import find_days
from bot.places.hours import USUAL_HOURS
from bot.places.office_answers import TALK, place
from bot.text import fold

_OPEN = re.compile(
    r"\b(?:lam viec|lam ko|lam khong|lam k|mo cua|mo ko|mo khong|mo lai|dong cua|nghi|tiep dan|truc|lam den|lam toi"
    r"|co lam)\b"
)
_NOON = re.compile(r"\b(?:nghi trua|trua|may gio)\b")
# Holidays by the names people give them; each finds its days in the calendar by what is written there.
_NAMED = (
    (re.compile(r"\btet (?:duong|tay|duong lich)\b"), "Tết Dương lịch"),
    (re.compile(r"\b(?:tet|am lich|nguyen dan|mung 1|mung mot)\b"), "Tết Nguyên đán"),
    (re.compile(r"\b(?:gio to|hung vuong|10/3)\b"), "Giỗ Tổ"),
    (re.compile(r"\b(?:ngay van hoa|le van hoa)\b"), "Ngày Văn hóa"),
    (re.compile(r"\b(?:quoc khanh)\b"), "Quốc khánh"),
    (re.compile(r"\b(?:quoc te lao dong)\b"), "Ngày Quốc tế Lao động"),
)
_ANY_HOLIDAY = re.compile(r"\b(?:ngay le|nghi le|le tet|dip le|le nay|le)\b")
_WEEKEND = re.compile(r"\b(?:thu bay|thu 7|t7|cuoi tuan|chu nhat|cn)\b")
_SHOWN = 3


def answer(text: str) -> Message | None:
    """Return whether people can come on the day that `text` asks about; None when it asks about no day."""
    folded = fold(text)
    if not _OPEN.search(folded) or _NOON.search(folded):
        return None
    today = clock.today()
    for pattern, name in _NAMED:
        if pattern.search(folded):
            return _holiday(name, today)
    if _WEEKEND.search(folded):
        return _weekend(today)
    days = find_days(text, today)
    if days:
        return _day(date.fromisoformat(days[0].value))
    return _coming(today) if _ANY_HOLIDAY.search(folded) else None


def _day(day: date) -> Message:
    said = clock.say_date(day)
    off = working_days.day_off(day)
    if not working_days.is_working_day(day):
        why = f" là ngày nghỉ lễ, {off}" if off else " là ngày nghỉ cuối tuần"
        next_one = working_days.add_working_days(day, 1)
        text = f"Dạ, {said}{why}, các trung tâm không làm việc. Ngày làm việc kế tiếp: {clock.say_date(next_one)}."
        return _said(f"{text}{_maybe(day, next_one)}")
    made_up = " (làm bù)" if day.weekday() >= working_days.SATURDAY else ""
    return _said(f"Dạ, {said} là ngày làm việc{made_up}.{_maybe(day)}\nGiờ làm việc: {USUAL_HOURS}.")


def _weekend(today: date) -> Message:
    return _said(
        "Dạ, thứ bảy và chủ nhật là ngày nghỉ. Vài nơi có trực sáng thứ bảy nhưng em chưa có danh sách, anh/chị gọi "
        f"hỏi trước khi đi giúp em.\nNgày làm việc gần nhất: {clock.say_date(_from(today))}."
    )


def _holiday(name: str, today: date) -> Message:
    days = [day for day in working_days.days_off(today) if (working_days.day_off(day) or "").startswith(name)]
    if not days:
        return _coming(today)
    first = [day for day in days if day.year == days[0].year]
    opens = working_days.add_working_days(first[-1], 1)
    span = clock.say_date(first[0]) + (f" đến {clock.say_date(first[-1])}" if len(first) > 1 else "")
    return _said(f"Dạ, {name} nghỉ {span}. Làm việc lại: {clock.say_date(opens)}.{_maybe(*first, opens)}")


def _coming(today: date) -> Message:
    days = list(working_days.days_off(today))[:_SHOWN]
    told = "; ".join(f"{clock.say_date(day)} ({working_days.day_off(day)})" for day in days)
    return _said(f"Dạ, ngày lễ các trung tâm nghỉ. Sắp tới: {told or 'em chưa có lịch'}.{_maybe(*days)}")


def _from(day: date) -> date:
    return day if working_days.is_working_day(day) else working_days.add_working_days(day, 1)


def _maybe(*days: date) -> str:
    """Return the warning that the plan of the year is not official yet."""
    if days and working_days.is_estimate(*days):
        return " Lịch nghỉ năm này mới là ước tính, anh/chị hỏi lại gần ngày giúp em."
    return ""


def _said(text: str) -> Message:
    return place(text, [], [], TALK)
