"""What is said about a commune: what an old name is called now, and which one is meant."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.messages import Button, Message, button, lines
from bot.places.content import communes, full_name
from bot.places.gazetteer import Match
from bot.places.names import TOKEN, district_key, normal
from bot.places.office_answers import TALK, near, office_fields, place
from bot.text import clean, fold

STILL_VALID = "Giấy tờ ghi tên cũ vẫn còn giá trị, không phải đổi chỉ vì sáp nhập."
MERGED = "từ 01/07/2025"


def unit_answer(*matches: Match) -> Message:
    """Return what a place named without ambiguity is today; several matches are names of the same commune."""
    code = matches[0].codes[0]
    name = full_name(code)
    if matches[0].old:
        said = " và ".join(dict.fromkeys(_said(match) for match in matches))
        text = f"Dạ, {said} nay thuộc {name}, {MERGED}.\n{STILL_VALID}"
    else:
        text = f"Dạ, {name} là tên hiện nay, gồm {_parts(code)} trước đây.\n{STILL_VALID}"
    return place(text, [code], [], _office_button(code))


def choices(match: Match, intent: str) -> Message:
    """Return the question back for an ambiguous name, with a button for each commune it may mean."""
    count = len(match.codes)
    if match.district:
        text = (
            f"Dạ, {MERGED} không còn cấp huyện; {_district(match)} trước đây nay thuộc {count} xã, phường. "
            "Anh/chị hỏi nơi nào ạ?"
        )
    elif _is_split(match):
        text = (
            f"Dạ, {_said(match)} trước đây được chia về {count} nơi, tùy thôn. "
            "Nhà anh/chị thuộc nơi nào ạ? Nếu chưa rõ, em chuyển nhân viên xem giúp."
        )
    else:
        text = f"Dạ, tên “{_name(match)}” ứng với {count} nơi bây giờ. Anh/chị hỏi nơi nào ạ?"
    options = [_option(code, match) for code in match.codes]
    buttons = [button(_title(code), intent, commune=code) for code in match.codes]
    if _is_split(match):
        buttons.append(TALK)
    return place(lines(text, options), list(match.codes), [], *buttons)


def chosen_answer(session: Session, code: str) -> Message:
    """Return the answer after a choice: the commune, what it was, and where to go."""
    office = near(session, code, "centre")
    text = f"Dạ, {full_name(code)} gồm {_parts(code)} trước đây.\n{STILL_VALID}"
    fields = [] if office is None else [office_fields(office, code)]
    return place(text, [code], fields, _office_button(code))


def _office_button(code: str) -> Button:
    return button("Địa chỉ, giờ làm việc", "ask_office", commune=code)


def _title(code: str) -> str:
    name = full_name(code)
    return name[0].upper() + name[1:]


def _parts(code: str) -> str:
    """Return what a commune was made of: "thị trấn Di Linh, xã Tân Châu (huyện Di Linh)"."""
    commune = communes()[code]
    districts: dict[str, list[str]] = {}
    for former in commune.former:
        districts.setdefault(former.district, []).append(f"{former.kind} {former.name}")
    return "; ".join(f"{', '.join(names)} ({district})" for district, names in districts.items())


def _key(text: str) -> str:
    return " ".join(normal(token) for token in TOKEN.findall(fold(clean(text))))


def _origins(code: str, text: str) -> list[str]:
    """Return the former units of a commune that `text` may name, with their districts."""
    said = f" {_key(text)} "
    return [
        f"{former.kind} {former.name}, {former.district}"
        for former in communes()[code].former
        if f" {_key(former.name)} " in said
    ]


def _said(match: Match) -> str:
    """Return the former unit that a match names, as people wrote it where they wrote it in full, else as it is spelled.

    "xa Tan Ha" and "tân hà" are not echoed: the right spelling is a part of the answer.
    """
    for former in communes()[match.codes[0]].former:
        right = {*former.name.split(), *former.kind.split(), *former.district.split(), former.kind.capitalize()}
        if _key(former.name) in _key(match.text) and set(match.text.split()) <= right and _has_unit_word(match.text):
            return match.text
    return next(iter(_origins(match.codes[0], match.text)), match.text)


def _name(match: Match) -> str:
    """Return an ambiguous name as it is spelled; as it was typed where several spellings read alike without marks."""
    said, names = f" {_key(match.text)} ", set()
    for code in match.codes:
        commune = communes()[code]
        for kind, name in ((commune.kind, commune.name), *((former.kind, former.name) for former in commune.former)):
            if f" {_key(name)} " in said:
                names.add(f"{kind} {name}" if name.isdigit() else name)
    longest = max(map(len, names), default=0)
    closest = {name for name in names if len(name) == longest}
    return closest.pop() if len(closest) == 1 else match.text


def _district(match: Match) -> str:
    """Return the former district that a match names, as it is spelled."""
    said = f" {_key(match.text)} "
    districts = {former.district for code in match.codes for former in communes()[code].former}
    return next((district for district in sorted(districts) if f" {district_key(district)} " in said), match.text)


def _option(code: str, match: Match) -> str:
    origins = [] if match.district or _is_split(match) else _origins(code, match.text)
    before = f" (trước là {'; '.join(origins)})" if origins else ""
    return f"{_title(code)}{before}"


def _is_split(match: Match) -> bool:
    """Return whether all the communes of a match come out of one and the same former unit."""
    if match.district or len(match.codes) < 2:
        return False
    origins = [set(_origins(code, match.text)) for code in match.codes]
    return bool(set.intersection(*origins))


def _has_unit_word(text: str) -> bool:
    """Return whether a name begins with what kind of unit it was."""
    folded = fold(text)
    return folded.startswith(("xa ", "phuong ", "thi tran ", "huyen ", "thanh pho ", "thi xa "))
