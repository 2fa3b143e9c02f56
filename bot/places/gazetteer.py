"""Finds communes in free text as people type it: without marks, abbreviated, with old and district names.

Pure: no database, the index is built once. `find` costs some tens of microseconds a message.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from bot.places.names import Entry, Reading
from bot.places.spelling import GAP, Tokens, capitals, entries, marked, spelling
from bot.text import compose

SHORT_ANSWER = 5  # words up to which an answer to "which commune?" is only that
MOST_PLACES = 40  # in one message; each is compared with every other, and nobody names more
_COMMUNE_LEVEL = frozenset({"xã", "phường", "thị trấn", "đặc khu"})
UNIT_WORDS: dict[tuple[str, ...], frozenset[str]] = {
    ("xa",): frozenset({"xã"}),
    ("phuong",): frozenset({"phường"}),
    ("thi", "tran"): frozenset({"thị trấn"}),
    ("dac", "khu"): frozenset({"đặc khu"}),
    ("huyen",): frozenset({"huyện"}),
    ("thi", "xa"): frozenset({"thị xã"}),
    ("thanh", "pho"): frozenset({"thành phố"}),
}
# Short unit words also mean other things ("p" phải, "tt" thanh toán, "h" giờ), so they prove less.
SHORT_WORDS: dict[str, frozenset[str]] = {
    "x": frozenset({"xã"}),
    "p": frozenset({"phường"}),
    "f": frozenset({"phường"}),
    "tt": frozenset({"thị trấn"}),
    "tx": frozenset({"thị xã"}),
    "tp": frozenset({"thành phố"}),
    "h": frozenset({"huyện"}),
}
# A commune does not follow these: a street, a hamlet, a province, a family name ("Lê Hồng Phong").
_NOT_AFTER = frozenset({"duong", "pho", "tinh", "quan", "thon", "buon", "bon", "ap", "deo", "cu"}) | frozenset(
    {
        "nguyen",
        "tran",
        "pham",
        "huynh",
        "hoang",
        "le",
        "phan",
        "dang",
        "bui",
        "dinh",
        "trinh",
        "truong",
        "doan",
    }
)
# Family names that are common words without their capital, and the two middle names.
_NAME_BEFORE = frozenset(
    {
        "Thị",
        "Văn",
        "Thi",
        "Van",
        "Vũ",
        "Võ",
        "Đỗ",
        "Hồ",
        "Ngô",
        "Lý",
        "Mai",
        "Lương",
        "Tô",
        "Cao",
        "Tạ",
        "Dương",
    }
)
_IN = frozenset({"o", "thuoc"})


@dataclass(frozen=True)
class Match:
    """A place found in a text; `text` is what stands between `start` and `end`.

    Several `codes` mean that the name is ambiguous; `old` that it is no name of today.
    """

    start: int
    end: int
    text: str
    codes: tuple[str, ...]
    old: bool
    district: bool  # it can only be a former district, town or city


@dataclass(frozen=True)
class _Found:
    first: int  # tokens
    last: int
    readings: tuple[Reading, ...]
    district: _Found | None = None  # the old district named right after it


def find(text: str, *, expecting: bool = False) -> list[Match]:
    """Return the places in `text`, in order; offsets count the characters of `text` as given.

    With `expecting` (we have just asked for the commune) a short text may be a name of everyday words.
    """
    composed, offsets = compose(text)
    message = Tokens.of(composed)
    expecting = expecting and len(message.keys) <= SHORT_ANSWER
    found = _narrowed(_scan(message, expecting))
    return [_match(text, offsets, message, place) for place in found]


def best(text: str, *, expecting: bool = False) -> list[Match]:
    """Return the places that `text` is about: a district that only explains another place is left out."""
    matches = find(text, expecting=expecting)
    return [match for match in matches if not any(other is not match and _explains(match, other) for other in matches)]


def candidates(text: str) -> tuple[str, ...]:
    """Return the codes that a commune written by a person may mean; none when there is no such place.

    Of several places the clearest counts: of an address one commune is left, not its old district.
    """
    matches = best(text, expecting=True)
    return min(matches, key=lambda match: (match.district, len(match.codes))).codes if matches else ()


def _scan(message: Tokens, expecting: bool) -> list[_Found]:
    found: list[_Found] = []
    at = 0
    while at < len(message.keys) and len(found) < MOST_PLACES:
        place = _with_unit_word(message, at, expecting) or _bare(message, at, expecting)
        if place is None:
            at += 1
        else:
            found.extend((place, place.district) if place.district else (place,))
            at = found[-1].last + 1
    return found


def _with_unit_word(message: Tokens, at: int, expecting: bool) -> _Found | None:
    words = message.folded
    for unit_word in (tuple(words[at : at + 2]), (words[at],)):
        kinds = UNIT_WORDS.get(unit_word)
        length = len(unit_word)
        if kinds and (length == 1 or message.gap(at, at + 1) == " "):
            name = at + length
            if words[name : name + 1] == ["so"] and words[name + 1 : name + 2] and words[name + 1].isdigit():
                name += 1  # "phường số 4"
            return _named(message, at, name, kinds, strong=True, sure=expecting)
    kinds = SHORT_WORDS.get(words[at])
    if kinds and at + 1 < len(words):
        dotted = message.gap(at, at + 1).startswith(".")
        glued = at > 0 and message.gap(at - 1, at) == ""  # "4x6"
        number = words[at + 1].isdigit()
        misread = (number and words[at] not in "fp") or (words[at] == "f" and not number)
        if glued or misread or (words[at] == "h" and not dotted):
            return None
        return _named(message, at, at + 1, kinds, strong=dotted, sure=expecting)
    return None


def _named(message: Tokens, first: int, at: int, kinds: frozenset[str], *, strong: bool, sure: bool) -> _Found | None:
    """Return the place whose name begins at token `at`, after a unit word at `first`."""
    if at >= len(message.keys) or not GAP.fullmatch(message.gap(at - 1, at)):
        return None
    for end, entry in entries(message, at):
        written = spelling(message, at, end, entry)
        meant = sure or written == "exact" or capitals(message, at, end)
        if not meant and (written == "other" or (entry.everyday and not strong)):
            continue
        possible = entry.written(message.marks(at, end))
        readings = _of_kind(possible, kinds, loose=meant or not entry.everyday)
        if readings:
            return _extended(message, first, end, readings)
    return None


def _bare(message: Tokens, at: int, expecting: bool) -> _Found | None:
    for end, entry in entries(message, at):
        if message.keys[at].isdigit():
            continue
        place = _extended(message, at, end, entry.written(message.marks(at, end)))
        # "lien hiep duc trong": the district behind it makes a place of common words.
        located = place.district is not None and spelling(message, at, end, entry) != "other"
        if located or _plausible(message, at, end, entry, expecting):
            return place
    return None


def _plausible(message: Tokens, at: int, end: int, entry: Entry, expecting: bool) -> bool:
    """Return whether a name without a unit word is meant as a place."""
    written = spelling(message, at, end, entry)
    before = message.folded[at - 1] if at and message.gap(at - 1, at).strip(" .") == "" else ""
    if before and (before in _NOT_AFTER or message.token(at - 1) in _NAME_BEFORE):
        return False
    capital = capitals(message, at, end)
    if written == "other":
        return capital and not entry.everyday
    if expecting or not (entry.everyday or entry.never_bare):
        return True
    if entry.never_bare:
        return False
    after = end + 1 < len(message.keys) and message.gap(end, end + 1) == " "
    if capital and after and message.token(end + 1)[:1].isupper():
        return False  # "Đinh Văn Hùng" is a person
    return capital or (written == "exact" and marked(message, at, end)) or before in _IN


def _of_kind(readings: tuple[Reading, ...], kinds: frozenset[str], *, loose: bool) -> tuple[Reading, ...]:
    """Return the readings that go with a unit word; `loose`: people mix the words up."""
    commune = bool(kinds & _COMMUNE_LEVEL)
    fitting = [reading for reading in readings if reading.kind in kinds or (commune and reading.kind is None)]
    if not fitting and loose:
        fitting = [reading for reading in readings if commune or reading.is_district]
    return tuple(fitting)


def _extended(message: Tokens, first: int, last: int, readings: tuple[Reading, ...]) -> _Found:
    """Take what follows a name into account: its old district ("phường 4 Đà Lạt") and "cũ"."""
    after = last + 1
    if after >= len(message.keys) or message.gap(last, after).strip(" -–") != "":
        return _Found(first, last, readings)
    for end, entry in entries(message, after):
        districts = tuple(reading for reading in entry.readings if reading.key)
        inside = _inside(readings, {reading.key for reading in districts})
        if not inside or spelling(message, after, end, entry) == "other":
            continue
        if message.keys[last].isdigit():  # a number is no name without its town
            return _Found(first, end, inside)
        return _Found(first, last, inside, _Found(after, end, districts))
    word = message.token(after).lower()
    if word in ("cũ", "cu"):
        readings = tuple(reading for reading in readings if not reading.current) or readings
    elif word == "mới":
        readings = tuple(reading for reading in readings if reading.current) or readings
    return _Found(first, last, readings)


def _inside(readings: Iterable[Reading], districts: Collection[str | None]) -> tuple[Reading, ...]:
    """Return the communes among `readings` that lay in one of the districts."""
    return tuple(
        reading for reading in readings if not reading.key and any(key in districts for key in reading.districts)
    )


def _narrowed(found: list[_Found]) -> list[_Found]:
    """Let the districts in a text explain its ambiguous names: "Tân Hà bên Đức Linh"."""
    narrowed = []
    for place in found:
        keys = {reading.key for other in found if other is not place for reading in other.readings if reading.key}
        inside = _inside(place.readings, keys)
        narrowed.append(replace(place, readings=inside) if inside else place)
    return narrowed


def _explains(district: Match, other: Match) -> bool:
    return set(other.codes) < set(district.codes) or (
        district.codes == other.codes and district.district and not other.district
    )


def _match(text: str, offsets: list[int], message: Tokens, place: _Found) -> Match:
    start = offsets[message.spans[place.first][0]]
    end = offsets[message.spans[place.last][1]]
    ordered = sorted(place.readings, key=lambda reading: (not reading.current, reading.is_district))
    codes = tuple(dict.fromkeys(code for reading in ordered for code in reading.codes))
    return Match(
        start=start,
        end=end,
        text=text[start:end],
        codes=codes,
        old=not any(reading.current for reading in place.readings),
        district=all(reading.is_district for reading in place.readings),
    )
