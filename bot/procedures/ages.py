"""How old somebody is, and whom a procedure is for: "con em 10t" is for the card of those under 14."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot import clock
from bot.key_phrases import plain
from bot.moments.spoken import NUMBER, number

OLDEST = 130
# "10t" and "10 tui" are short for it, but "ba tui" is somebody's father.
_DIGIT = "mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin"
_YEARS = re.compile(
    rf"\b(?:(?P<ten>{_DIGIT}) (?:muoi )?(?P<one>{_DIGIT}|muoi)|(?P<years>1[0-2]\d|{NUMBER})) ?tuoi\b"
    r"|\b(?P<short>\d{1,3}) ?(?:t|tui)\b"
)
_MONTHS = re.compile(
    rf"\b{NUMBER} (?:thang|ngay|tuan) tuoi\b|\b(?:con|be|chau)(?: \w+){{0,3}} duoc {NUMBER} (?:thang|tuan)\b"
)
_BORN = re.compile(r"\b(?:sinh|sn|sanh) (?:nam )?(?P<year>(?:19|20)\d\d)\b")
# "Từ 6 đến dưới 14 tuổi", "dưới 06 tuổi", "từ đủ 14 tuổi trở lên".
_FROM = re.compile(r"\b(?:tu|tren)(?: du)? (?P<from>\d{1,3})(?: tuoi)?\b")
_UNDER = re.compile(r"\b(?:duoi|chua du) (?P<under>\d{1,3}) tuoi\b")
_BOUND = re.compile(r"(?:\b(?:tu|tren|duoi|chua|qua|hon)(?: du)?|\bden) $")


# Who it is, and how one says it.
_AROUND = frozenset(
    "con be chau em e dua nho lon nhoc ut trai gai nha toi tui minh anh chi co chu ba ong me bo ma noi ngoai no thang "
    "dau moi duoc dc r roi la thi vay con da a nha nhe cua cho hai kia nay do hon gan du tron thoi".split()
)


@dataclass(frozen=True)
class Bounds:
    """From which age on, and under which one."""

    least: int
    under: int

    def hold(self, age: int) -> bool:
        """Return whether somebody of this age is meant."""
        return self.least <= age < self.under


def said(text: str) -> int | None:
    """Return how old somebody in `text` is in full years; None when it does not say, or names a bound."""
    told = plain(text)
    if _MONTHS.search(told):
        return 0
    if born := _BORN.search(told):
        return max(0, clock.today().year - int(born["year"]))
    for found in _YEARS.finditer(told):
        age = _age(found)
        if age is not None and age <= OLDEST and not _BOUND.search(told[: found.start()]):
            return age
    return None


def only(text: str) -> bool:
    """Return whether a message tells an age and no more: "bé nhà em 8t", and not that the child has a fever."""
    told = plain(text)
    rest = _MONTHS.sub(" ", _BORN.sub(" ", _YEARS.sub(" ", told)))
    return rest != told and not set(rest.split()) - _AROUND


def _age(found: re.Match[str]) -> int | None:
    """Return the number of a match: "tám lăm" and "tám mươi lăm" are 85, "tám mươi" is 80."""
    if found["ten"]:
        ten, one = number(found["ten"]) or 0, 0 if found["one"] == "muoi" else number(found["one"]) or 0
        return ten * 10 + one
    return number(found["years"] or found["short"])


def bounds(name: str) -> Bounds | None:
    """Return the ages that a name or a case speaks of; None when it speaks of none."""
    told = plain(name)
    if " tuoi" not in told:
        return None
    least, under = _FROM.search(told), _UNDER.search(told)
    if least is None and under is None:
        return None
    return Bounds(int(least["from"]) if least else 0, int(under["under"]) if under else OLDEST + 1)


def fitting(age: int, names: Iterable[str]) -> int | None:
    """Return the place of the one among `names` that is made for this age, the closest one; None when none is."""
    made = [
        (found.under - found.least, place)
        for place, found in enumerate(map(bounds, names))
        if found and found.hold(age)
    ]
    return min(made)[1] if made else None
