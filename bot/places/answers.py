"""What is said about one place: where an office is, when it is open, what an old name is called now."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot.messages import Button, Message, button, lines, say
from bot.places import offices
from bot.places.contacts import contacts
from bot.places.content import communes, full_name
from bot.places.gazetteer import Match
from bot.places.hours import USUAL_HOURS
from bot.places.models import Office
from bot.places.names import TOKEN, normal
from bot.text import clean, fold

ANYWHERE = "Hồ sơ nộp được ở bất kỳ trung tâm phục vụ hành chính công nào trong tỉnh, trừ vài thủ tục có nơi nộp riêng."
STILL_VALID = "Giấy tờ ghi tên cũ vẫn còn giá trị, không phải đổi chỉ vì sáp nhập."
MERGED = "từ 01/07/2025"
TALK = button("Gặp nhân viên", "talk_to_human")


def asks_for_post(text: str) -> bool:
    """Return whether a question about an office means the post office."""
    return "buu dien" in fold(text) or "buu cuc" in fold(text)


def asks_for_police(text: str) -> bool:
    """Return whether a question about an office means the police."""
    return "cong an" in fold(text)


def office_answer(session: Session, code: str | None, *, post: bool = False) -> Message:
    """Return where to go in a commune, or (without `code`) the centre of the province and a question back."""
    kind = "post" if post else "centre"
    if code is None:
        return _province_answer(session, kind)
    office = offices.serving(session, code, kind=kind)
    name = full_name(code)
    what = "bưu điện" if post else "trung tâm phục vụ hành chính công"
    if office is None:
        line = contacts()["vnpost" if post else "centre"].say()
        text = f"Dạ, em chưa có địa chỉ của {what} ở {name}. Anh/chị gọi {line} để hỏi giúp em."
        return place(text, [code], [], TALK)
    if office.unit_code == code:
        first = f"Dạ, ở {name} có {office.name}:"
    else:
        first = f"Dạ, em chưa có địa chỉ {what} ở {name}. Nơi gần nhất em có thông tin là {office.name}:"
    last = "" if post else ANYWHERE
    return place(lines(first, _office_lines(office, code), last), [code], [_office_fields(office, code)], TALK)


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


def police_answer(code: str | None) -> Message:
    """Return that the police station's address is not in our records, and where else one may go."""
    where = f" {full_name(code)}" if code else ""
    text = (
        f"Dạ, em chưa có địa chỉ, số điện thoại của công an{where}. Riêng làm VNeID mức 2 thì đến công an "
        "xã, phường nào cũng được, không cần đúng nơi thường trú."
    )
    return place(text, [code] if code else [], [], TALK)


def choices(match: Match, intent: str) -> Message:
    """Return the question back for an ambiguous name, with a button for each commune it may mean."""
    count = len(match.codes)
    if match.district:
        text = (
            f"Dạ, {MERGED} không còn cấp huyện; {match.text} trước đây nay thuộc {count} xã, phường. "
            "Anh/chị hỏi nơi nào ạ?"
        )
    elif _is_split(match):
        text = (
            f"Dạ, {match.text} trước đây được chia về {count} nơi, tùy thôn. "
            "Nhà anh/chị thuộc nơi nào ạ? Nếu chưa rõ, em chuyển nhân viên xem giúp."
        )
    else:
        text = f"Dạ, tên “{match.text}” ứng với {count} nơi bây giờ. Anh/chị hỏi nơi nào ạ?"
    options = [_option(code, match) for code in match.codes]
    buttons = [button(_title(code), intent, commune=code) for code in match.codes]
    if _is_split(match):
        buttons.append(TALK)
    return place(lines(text, options), list(match.codes), [], *buttons)


def chosen_answer(session: Session, code: str) -> Message:
    """Return the answer after a choice: the commune, what it was, and where to go."""
    office = offices.serving(session, code, kind="centre")
    text = f"Dạ, {full_name(code)} gồm {_parts(code)} trước đây.\n{STILL_VALID}"
    fields = [] if office is None else [_office_fields(office, code)]
    return place(text, [code], fields, _office_button(code))


def _province_answer(session: Session, kind: str) -> Message:
    if kind == "post":
        text = (
            "Dạ, anh/chị đang ở xã, phường nào để em tìm bưu điện gần nhất ạ? "
            f"Anh/chị cũng có thể gọi {contacts()['vnpost'].say()}."
        )
        return place(text, [], [], TALK, asks_location=True)
    ask = "Anh/chị đang ở xã, phường nào để em tìm nơi gần hơn ạ?"
    office = offices.centre(session)
    if office is None:
        return place(f"Dạ, {ANYWHERE[0].lower()}{ANYWHERE[1:]} {ask}", [], [], TALK, asks_location=True)
    body = lines(f"Dạ, {office.name}:", _office_lines(office, None), f"{ANYWHERE} {ask}")
    return place(body, [], [_office_fields(office, None)], TALK, asks_location=True)


def _office_lines(office: Office, code: str | None) -> list[str]:
    items = []
    # What no person has confirmed is marked as such, each line by itself.
    doubt = "" if office.verified_at else " (chưa kiểm chứng)"
    address = office.address and f"{office.address}{doubt}"
    items.append(f"Địa chỉ: {address or 'em chưa có'}")
    if office.unit_code and office.unit_code != code:
        far = offices.distance_km(office, code) if code else None
        away = f", cách khoảng {far:.0f} km đường chim bay" if far is not None else ""
        items.append(f"Thuộc {full_name(office.unit_code)}{away}")
    phone = office.phone and f"{office.phone}{doubt}"
    items.append(f"Điện thoại: {phone or 'em chưa có'}")
    hours = office.hours and f"{office.hours}{doubt}"
    items.append(f"Giờ làm việc: {hours or USUAL_HOURS}")
    if office.verified_at:
        items.append(f"Kiểm tra ngày {office.verified_at:%d/%m/%Y}")
    return items


def _office_fields(office: Office, code: str | None) -> dict[str, Any]:
    far = offices.distance_km(office, code) if code else None
    return {
        "code": office.code,
        "name": office.name,
        "unit_code": office.unit_code,
        "address": office.address,
        "phone": office.phone,
        "hours": office.hours,
        "verified_at": office.verified_at.isoformat() if office.verified_at else None,
        "distance_km": None if far is None else round(far, 1),
    }


def place(
    text: str, codes: list[str], found: list[dict[str, Any]], *buttons: Button, asks_location: bool = False
) -> Message:
    """Return a message of kind `place`; `asks_location` lets a channel offer to share where one is."""
    units = [{"code": code, "name": full_name(code)} for code in codes]
    more = {"asks_location": True} if asks_location else {}
    return say("place", text, *buttons, units=units, offices=found, **more)


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
    if _starts_with_unit_word(match.text):
        return match.text
    return next(iter(_origins(match.codes[0], match.text)), match.text)


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


def _starts_with_unit_word(text: str) -> bool:
    folded = fold(text)
    return folded.startswith(("xa ", "phuong ", "thi tran ", "huyen ", "thanh pho ", "thi xa "))
