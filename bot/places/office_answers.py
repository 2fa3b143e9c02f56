"""What is said about offices: where one is, when it is open, and what to do where no address is known."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy.orm import Session

from bot.messages import Button, Message, button, lines, say
from bot.places import offices
from bot.places.contacts import contacts
from bot.places.content import full_name
from bot.places.hours import USUAL_HOURS
from bot.places.models import Office
from bot.text import fold

ANYWHERE = "Hồ sơ nộp được ở bất kỳ trung tâm phục vụ hành chính công nào trong tỉnh, trừ vài thủ tục có nơi nộp riêng."
TALK = button("Gặp nhân viên", "talk_to_human")
# As the crow flies: nobody is sent farther than this while every commune has a centre of its own.
NEAR_KM = 20.0
_COUNCIL = re.compile(r"\b(?:ubnd|uy ban|uy ban nhan dan)\b")


def asks_for_post(text: str) -> bool:
    """Return whether a question about an office means the post office."""
    return "buu dien" in fold(text) or "buu cuc" in fold(text)


def asks_for_council(text: str) -> bool:
    """Return whether a question about an office means the people's committee itself: "ubnd xã Di Linh sđt"."""
    return bool(_COUNCIL.search(fold(text)))


def asks_for_police(text: str) -> bool:
    """Return whether a question about an office means the police."""
    return "cong an" in fold(text)


def office_answer(session: Session, code: str | None, *, post: bool = False, council: bool = False) -> Message:
    """Return where to go in a commune, or (without `code`) the centre of the province and a question back.

    `council`: the people's committee was asked for, not the one-stop centre.
    """
    kind = "post" if post else "centre"
    if code is None:
        return _province_answer(session, kind)
    office = near(session, code, kind)
    name = full_name(code)
    if office is None:
        return place(_unknown(name, post=post, council=council), [code], [], TALK)
    what = "bưu điện" if post else "trung tâm phục vụ hành chính công"
    if office.unit_code == code:
        first = f"Dạ, ở {name} có {office.name}:"
    else:
        first = f"Dạ, em chưa có địa chỉ {what} ở {name}. Nơi gần nhất em có thông tin là {office.name}:"
    last = "" if post else ANYWHERE
    return place(lines(first, _office_lines(office, code), last), [code], [office_fields(office, code)], TALK)


def near(session: Session, code: str, kind: str) -> Office | None:
    """Return the office of a commune, or one near by; None when the nearest that is known is far away."""
    office = offices.serving(session, code, kind=kind)
    if office is None or office.unit_code == code:
        return office
    far = offices.distance_km(office, code)
    return office if far is not None and far <= NEAR_KM else None


def _unknown(name: str, *, post: bool, council: bool) -> str:
    """Return what to do where no address near by is known: who else may know it."""
    if post:
        return f"Dạ, em chưa có địa chỉ của bưu điện ở {name}. Anh/chị gọi {contacts()['vnpost'].say()} để hỏi giúp em."
    ask = f"Cần hỏi trước qua điện thoại, anh/chị gọi {contacts()['centre'].say()}."
    kind = name.partition(" ")[0]
    if council:
        said = (
            f"Dạ, em chưa có địa chỉ, số điện thoại của UBND {name}. Hồ sơ thì nộp ở Trung tâm Phục vụ hành chính công"
        )
        return f"{said} ngay tại {kind}.\n{ask}"
    return (
        f"Dạ, Trung tâm Phục vụ hành chính công của {name} ở ngay tại {kind}, em chưa có địa chỉ. "
        f"Anh/chị hỏi UBND {kind} giúp em.\n{ask}\nGiờ làm việc: {USUAL_HOURS}.\n{ANYWHERE}"
    )


def police_answer(code: str | None) -> Message:
    """Return that the police station's address is not in our records, and where else one may go."""
    where = f" {full_name(code)}" if code else ""
    text = (
        f"Dạ, em chưa có địa chỉ, số điện thoại của công an{where}. Riêng làm VNeID mức 2 thì đến công an "
        "xã, phường nào cũng được, không cần đúng nơi thường trú."
    )
    return place(text, [code] if code else [], [], TALK)


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
    return place(body, [], [office_fields(office, None)], TALK, asks_location=True)


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


def office_fields(office: Office, code: str | None) -> dict[str, Any]:
    """Return an office as machines read it, with its distance from a commune."""
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
