"""What somebody answers to a question of the quick check, in their own words: "tui 68 tuổi", "co roi", "k biet"."""

from __future__ import annotations

import re

from bot import clock
from bot.accounts.readiness import Choice, Question, questions
from bot.accounts.yes_no import unsure
from bot.key_phrases import plain, score

LONGEST = 14  # words; a longer message is a story, or a question of its own
_CERTAIN = 7  # letters of a phrase that outweigh a "không biết" beside it
_OLDEST = 120
_DIGIT = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9}
_ONES = "|".join(_DIGIT)
_SPELLED = re.compile(rf"\b(?:(?P<tens>{_ONES}) )?(?P<ten>muoi)(?: (?P<ones>{_ONES}))?\b|\b(?P<one>{_ONES}) tuoi\b")
_YEAR = re.compile(r"\b(?:sinh(?: nam)?|nam sinh|sn|nam)? ?((?:19|20)\d\d)\b")
_CLASS = re.compile(r"\blop \d+\b")
_MONTHS = re.compile(r"\b\d{1,2} thang\b")
_AGE = re.compile(r"\b(\d{1,3}) ?(?:tuoi|t)\b|^\D{0,30}\b(\d{1,3})\b\D{0,20}$")
_LOOK = r"\b(?:kiem tra|ktra|check|test|xem|coi|thu|biet|hoi)\b"
_ABLE = r"\b(?:(?:lam|dung|xai|nop|dang nhap) duoc|du dieu kien|san sang|(?:du|on|duoc) chua|duoc khong)\b"
_IT = r"\b(?:vneid|dinh danh|tai khoan|dich vu cong)\b"
_WHO = r"\b(?:toi|tui|em|minh|con|chau|bac|me|ba|ma|bo|co|chu)\b"
_START = re.compile(
    rf"{_LOOK}.{{0,40}}{_ABLE}.{{0,40}}{_IT}"
    rf"|{_LOOK}.{{0,30}}\b(?:vneid|dinh danh)\b.{{0,30}}\b(?:chua|duoc khong|san sang|on khong)\b"
    rf"|{_WHO}.{{0,25}}\b(?:lam duoc|du dieu kien lam)\b.{{0,20}}\b(?:vneid|dinh danh)\b.{{0,12}}\b(?:chua|khong)\b"
    rf"|\b(?:vneid|dinh danh)\b.{{0,25}}{_WHO}.{{0,15}}\b(?:nop|xai|dung|lam)\b.{{0,12}}\bduoc chua\b"
    r"|^(?:\w+ ){0,3}(?:kiem tra|ktra|check) nhanh\b"
)
_HOW = re.compile(r"\b(?:the nao|lam sao|ra sao|cach|ho so|bien so)\b")


def wants_check(text: str) -> bool:
    """Return whether a message asks for the quick check: "kiểm tra xem tôi làm được VNeID chưa"."""
    said = plain(text)
    return bool(_START.search(said)) and not _HOW.search(said)


def choice(question: Question, text: str, ordinal: str | None = None) -> Choice | None:
    """Return the choice that a message makes; None when it fits none."""
    said = plain(text)
    if len(said.split()) > LONGEST:
        return None
    if question.reads == "age" and (age := years(text)) is not None:
        return _by_age(question, age)
    if question.reads != "age" and (by_number := _numbered(question, said, ordinal)):
        return by_number
    # Of two equally long phrases the later choice: an obstacle is the news in "có, mà hết hạn".
    most, at = max((score(said, option.says), at) for at, option in enumerate(question.choices))
    if unsure(text) and most < _CERTAIN:
        return question.unsure
    return question.choices[at] if most else None


def says(question: Question, text: str) -> bool:
    """Return whether a message says hardly more than one of the choices, word for word."""
    said = plain(text)
    return 2 * max(score(said, option.says) for option in question.choices) > len(said)


def volunteered(question: Question, text: str, *, whole: bool = True) -> list[Choice]:
    """Return the choices that a message makes for a question and the next one: "tui 68 tuổi" is a citizen, too.

    Not `whole`: the message says other things as well, so only what it surely tells counts.
    """
    said = plain(text)
    others = [option for option in question.choices if option.id != question.assume]
    told = [option for option in others if score(said, option.says) >= _CERTAIN]
    if told:
        return told[:1]
    first, age = question.choice(question.assume or ""), years(text)
    if first is None or first.next is None or age is None or (whole and len(said.split()) > LONGEST):
        return []
    return [first, _by_age(questions().questions[first.next], age)]


def years(text: str) -> int | None:
    """Return the age in a message, in years; None when there is none. A year of birth counts too."""
    said = _CLASS.sub("", plain(text))
    if _MONTHS.search(said) and "tuoi" in said:
        return 0
    if born := _YEAR.search(said):
        age = clock.today().year - int(born[1])
        return age if 0 <= age <= _OLDEST else None
    if found := _AGE.search(said):
        age = int(found[1] or found[2])
        return age if age <= _OLDEST else None
    if (spelled := _SPELLED.search(said)) and ("tuoi" in said or len(said.split()) <= LONGEST // 3):
        if spelled["one"]:
            return _DIGIT[spelled["one"]]
        return 10 * _DIGIT.get(spelled["tens"] or "mot", 1) + _DIGIT.get(spelled["ones"] or "", 0)
    return None


def _by_age(question: Question, age: int) -> Choice:
    return max((c for c in question.choices if age >= (c.least or 0)), key=lambda c: c.least or 0)


def _numbered(question: Question, said: str, ordinal: str | None) -> Choice | None:
    """Return the choice that a number picks: "2", "cái cuối"."""
    if ordinal == "last":
        return question.choices[-1]
    number = said if said.isdecimal() else ordinal or ""
    return (
        question.choices[int(number) - 1] if number.isdecimal() and 0 < int(number) <= len(question.choices) else None
    )
