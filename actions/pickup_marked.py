"""What understanding marked in a message of the booking form, as far as it can be believed there."""

from __future__ import annotations

import re
from typing import Any

from actions.pickup_answers import iso
from actions.pickup_message import Message
from bot import clock
from bot.pickups import neighbours
from bot.pickups.form import corrections, kin, reading, reading_people, reading_places, services
from bot.pickups.form.plain import plain_text
from bot.text import fold, words

_UNIT = re.compile(r"(?:cho |o )?(?:phuong|xa|thi tran|tinh|huyen|thanh pho)\b(?!.*\d+[a-z]? \w)|.*\btinh \w")
_ANEW = re.compile(r"\b(?:lam|dang ky|khai|cap|duoc) lai\b")  # "dk" is written out as "được"


def marked(message: Message) -> dict[str, Any]:
    """Return what understanding marked, wherever it stands."""
    turn = message.turn
    found: dict[str, Any] = {
        "phone": reading.phone(turn.entity("phone") or "") if message.asked != "dossier" else None,
        "commune": _commune_entity(message),
        "address": _address_entity(message)
        or (None if message.mended else reading_places.part_with_house(message.text)),
        "date": _date_entity(message),
        "window": _window_entity(message),
        "recipient_name": _person(message),
    }
    booking = turn.intent in ("book_delivery", "book_collection") and not services.is_vague(message.text)
    if booking and not message.fields.get("service"):
        found["service"] = services.service(message.text) or (
            "deliver" if turn.intent == "book_delivery" else "collect"
        )
    service = found.get("service") or message.fields.get("service")
    if service != "deliver" and not (message.fields.get("procedure") and message.asked != "procedure"):
        found["procedure"] = _procedure_entity(message)
    return {name: value for name, value in found.items() if value}


def _procedure_entity(message: Message) -> str | None:
    """Return the procedure that was marked; "làm lại giấy khai sinh" is another one than "giấy khai sinh"."""
    marked = _last_said(message, "procedure")
    if marked and _ANEW.search(plain_text(message.text)):
        core = re.sub(r"^lại ", "", marked)
        anew = neighbours.find_procedures(message.turn.session, f"đăng ký lại {core}")
        same = [
            (len(words(name)), code)
            for code, name in anew
            if "lai" in words(name) and {*words(core)} <= {*words(name), "giay"}
        ]
        if same:
            return min(same)[1]  # not the one "có yếu tố nước ngoài"
    if marked is None and message.asked is None:
        return _procedure_named_alone(message)
    return marked


def _procedure_named_alone(message: Message) -> str | None:
    """Return the code of the procedure that one part of the opening names: "lấy hồ sơ tại nhà: khai tử"."""
    for part in re.split(r"[.:;,\n]+", message.text):
        named = neighbours.find_procedures(message.turn.session, part) if len(part.split()) > 1 else []
        if len(named) == 1:
            return named[0][0]
    return None


def _last_said(message: Message, name: str) -> str | None:
    """Return the first value marked after a slip of the tongue, else the first of all: "kết hôn… à không, khai tử"."""
    rest = fold(corrections.after_slip(message.text))
    values = [str(e["value"]) for e in message.turn.entities if e["entity"] == name]
    return next((value for value in values if fold(value) in rest), values[0] if values else None)


def _person(message: Message) -> str | None:
    """Return the person that was marked: out of turn only where the words around say whose name it is."""
    marked = message.turn.entity("person")
    if not message.text or message.asked in ("recipient_name", "proxy"):
        return (reading_people.name(message.text) if message.text else None) or marked
    if kin.stands_in(message.text, sure=True) or (message.asked and kin.of_kin(message.text)):
        return None
    return reading_people.said_name(message.text)


def _commune_entity(message: Message) -> str | None:
    """Return the commune that was marked and is not denied; several together tell one place: "phường 2 ở Bảo Lộc"."""
    marked = [e for e in message.turn.entities if e["entity"] == "commune"]
    if message.text and len(marked) > 1 and message.asked == "commune":
        return None  # the answer's reader looks at the whole text
    text = fold(corrections.without_denied(message.text))
    for entity in marked:
        start, end = entity.get("start") or 0, entity.get("end") or 0
        raw = fold(message.text[start:end])
        edges = (message.text[end - 1 : end + 1], message.text[max(start - 1, 0) : start + 1])
        if any(len(edge) == 2 and edge.isalnum() for edge in edges):
            continue  # the "P6" of the secret "P6S2"
        if not message.text or not raw or raw in text:
            return str(entity["value"])
    return None


def _date_entity(message: Message) -> str | None:
    """Return the day that was marked; out of turn a day that is past is what has happened, not when to come."""
    marked = [e for e in message.turn.entities if e["entity"] == "date"]
    dated = [e for e in marked if reading.names_date(message.text[e.get("start") or 0 : e.get("end") or 0])]
    found = iso(" ".join(str(e["value"]) for e in dated or marked))  # "thứ tư 2/12": the date says which
    past = found is not None and found < clock.today().isoformat()
    return None if past and message.asked != "date" else found


def _window_entity(message: Message) -> str | None:
    """Return the half-day as marked; "đổi sang chiều" holds a "sang" that the words around it tell from "sáng"."""
    marked = reading.window(message.turn.entity("time_window") or "")
    return (reading.window(message.text) or marked) if marked else None


def _address_entity(message: Message) -> str | None:
    """Return the address as marked, with the landmark that follows it: "12 Hùng Vương, gần chợ" is one address."""
    marked = next((e for e in message.turn.entities if e["entity"] == "address" and e.get("value")), None)
    if marked is None:
        return None
    found = str(marked["value"]).strip(" ,.")
    if message.asked != "address" and reading_places.is_vague(found):
        return None  # the question brings the house or a landmark
    if not any(len(word) > 1 and word.isalpha() for word in found.split()):
        return None  # "1 3 5 7"
    if message.asked == "commune" and not reading_places.has_address_word(found):
        return None
    if reading_places.is_of_a_proof(found):
        return None
    if _UNIT.match(fold(found)) or neighbours.other_province(found, asked=False):
        return None  # "chỗ phường 9 cũ", "Ninh Thuận cũ, tức tỉnh Khánh Hòa": where, and no house
    return found + (reading_places.landmark(message.text, int(marked.get("end") or 0)) if message.text else "")
