"""The facts that a message inside the booking form holds: the one asked for, and any other given out of turn."""

from __future__ import annotations

from typing import Any

from actions.pickup_answers import answer, iso
from actions.pickup_mending import mendings
from actions.pickup_message import OLD_ADDRESS, Message
from bot import clock
from bot.pickups import neighbours
from bot.pickups.form import choices, draft, reading, reading_people, reading_places, talk
from bot.text import fold

# Said as an answer to these, words are taken as they stand: what understanding marks among them is chance.
_TAKEN_WHOLE = frozenset({"recipient_name", "address", "proxy"})

_FREE = _TAKEN_WHOLE | {"commune", "procedure"}


def read(message: Message) -> dict[str, Any]:
    """Return the facts in the message by name; texts still as written for `commune` and `procedure`."""
    found: dict[str, Any] = {}
    if message.leaves:
        return found
    if message.gives:
        found.update(_given(message))
    found.update(_out_of_turn(message))
    if province := _other_province(message, found):
        found["commune"] = draft.OUTSIDE + province
    mended = message.mended is not None and message.is_strict_answer
    corrected = mendings(message) if mended else {}
    # A correction that names another fact is no answer to the question: "à nhầm, số đúng là 09…" is no commune.
    if message.asked and not (message.asked in _FREE and corrected and message.asked not in corrected):
        _answer(message, found)
    if mended:
        found.update({name: value for name, value in corrected.items() if name not in found or name != message.asked})
    if message.asked == "proxy" and "recipient_name" in found and "recipient_name" not in corrected:
        found.setdefault("proxy", found.pop("recipient_name"))
    pending = str(message.turn.slots.get("pending") or "")
    before = pending.removeprefix(OLD_ADDRESS) if pending.startswith(OLD_ADDRESS) else message.fields.get("address")
    if found.get("address") and before:
        found["address"] = reading_places.mended_address(before, found["address"])
    # A consent covers what was shown: it does not count together with a change.
    if len(found) > 1:
        found.pop("consent", None)
    return found


def _answer(message: Message, found: dict[str, Any]) -> None:
    """Add the answer to what was asked; it wins over what understanding marked, except for choices on buttons."""
    asked = message.asked or ""
    # "0912…" given where a place was asked for is a phone, and no place of that name.
    if asked in ("commune", "procedure") and found.keys() & {"phone", "date", "window"} and asked not in found:
        return
    prefers_own = bool(message.text) and asked in _TAKEN_WHOLE | {"date", "window", "payment", "commune", "service"}
    if asked in found and not prefers_own:
        return
    if asked == "commune" and str(found.get("commune", "")).startswith(draft.OUTSIDE):
        return
    value = answer(message)
    if value is None:
        return
    found[asked] = value
    if asked in _TAKEN_WHOLE and message.mended is None:
        keeps_time = (asked == "address" and _spoken_time(message)) or value == draft.SELF
        for name in ("recipient_name", "address", "date", "window", "procedure", "service"):
            if name != asked and not (name in ("date", "window") and keeps_time):
                found.pop(name, None)
    outside = str(found.get("commune", "")).startswith(draft.OUTSIDE)
    if asked == "address" and message.mended is None and not outside and not _names_commune(message):
        found.pop("commune", None)


def _spoken_time(message: Message) -> bool:
    """Tell whether a time beside an address is one, and no house number "27/4"."""
    folded = f" {fold(message.text)} "
    return any(f" {word} " in folded for word in ("thu", "ngay", "hom", "bua", "sang", "chieu", "mai", "tuan"))


def _names_commune(message: Message) -> bool:
    """Tell whether an address names another commune than the one given before, by its kind."""
    if message.fields.get("commune") is None:
        return True
    marked = [e for e in message.turn.entities if e["entity"] == "commune"]
    known = message.fields["commune"]
    for entity in marked:
        start = max((entity.get("start") or 0) - 12, 0)
        around = fold(message.text[start : entity.get("end") or 0])
        units = [code for code, _ in neighbours.find_units(str(entity["value"]))]
        if known in units:
            return False
        if any(kind in around for kind in ("xa ", "phuong ", "thi tran ", "dac khu ")):
            return True
    return False


def _given(message: Message) -> dict[str, Any]:
    """Return what understanding marked, wherever it stands."""
    turn = message.turn
    found: dict[str, Any] = {
        "phone": reading.phone(turn.entity("phone") or ""),
        "commune": _commune_entity(message),
        "address": _address_entity(message) or reading_places.part_with_house(message.text),
        "date": _date_entity(message),
        "window": _window_entity(message),
        "recipient_name": _person(message),
    }
    booking = turn.intent in ("book_delivery", "book_collection") and not choices.is_vague(message.text)
    if booking and not message.fields.get("service"):
        found["service"] = choices.service(message.text) or ("deliver" if turn.intent == "book_delivery" else "collect")
    service = found.get("service") or message.fields.get("service")
    if service != "deliver" and not (message.fields.get("procedure") and message.asked != "procedure"):
        found["procedure"] = turn.entity("procedure")
    return {name: value for name, value in found.items() if value}


def _person(message: Message) -> str | None:
    """Return the person that was marked: out of turn only where the words around say whose name it is."""
    marked = message.turn.entity("person")
    if not message.text or message.asked in ("recipient_name", "proxy"):
        return (reading_people.name(message.text) if message.text else None) or marked
    if reading_people.stands_in(message.text, sure=True):
        return None
    return reading_people.said_name(message.text)


def _commune_entity(message: Message) -> str | None:
    """Return the commune that was marked and is not denied; several together tell one place: "phường 2 ở Bảo Lộc"."""
    marked = [e for e in message.turn.entities if e["entity"] == "commune"]
    if message.text and len(marked) > 1 and message.asked == "commune":
        return None  # the answer's reader looks at the whole text
    text = fold(talk.without_denied(message.text))
    for entity in marked:
        start, end = entity.get("start") or 0, entity.get("end") or 0
        raw = fold(message.text[start:end])
        edges = (message.text[end - 1 : end + 1], message.text[max(start - 1, 0) : start + 1])
        if any(len(edge) == 2 and edge.isalnum() for edge in edges):
            continue  # the "P6" of the secret "P6S2"
        if not message.text or not raw or raw in text:
            return str(entity["value"])
    return None


def _out_of_turn(message: Message) -> dict[str, Any]:
    """Return what was said while something else was asked, in words that leave no doubt."""
    text = message.text
    starts = message.turn.intent in ("book_delivery", "book_collection")
    if not text or not (starts or message.is_strict_answer) or (message.asked and talk.is_question(text)):
        return {}
    found: dict[str, Any] = {"payment": choices.payment_said(text)}
    if message.asked not in ("dossier", "phone"):
        found["phone"] = reading.last_phone(text) if talk.mends(text) else reading.phone(text)
    if reading_people.stands_in(text, sure=True):
        found["proxy"] = reading_people.name(text)
    elif (message.asked is None or message.fields.get("proxy") or message.asked != "recipient_name") and choices.alone(
        text
    ):
        found["proxy"] = draft.SELF
    return {name: value for name, value in found.items() if value and name != message.asked}


def _other_province(message: Message, found: dict[str, Any]) -> str | None:
    """Return the province beyond ours that the message names as its place; a commune of ours wins."""
    if not message.is_strict_answer and message.asked is not None:
        return None
    if message.asked in ("recipient_name", "proxy", "payment"):
        return None
    text = talk.without_denied(message.text)
    if not text:
        return None
    by_parts = (
        _province_in_parts(text)
        if message.asked in ("commune", "address", None) or message.mended is not None
        else None
    )
    if message.asked == "address" and not by_parts:
        return None
    commune = found.get("commune")
    if not by_parts and commune and neighbours.find_units(str(commune)):
        return None
    if by_parts:
        return by_parts
    text = "" if message.asked == "commune" and neighbours.find_units(text) else text
    return neighbours.other_province(text, asked=message.asked == "commune") if text else None


def _province_in_parts(text: str) -> str | None:
    """Return the province that a part of an address names: "phường Nha Trang, tỉnh Khánh Hòa"."""
    folded, parts = fold(text), []
    for word in ("tinh ", "thanh pho ", "tp "):
        at = f" {folded}".find(f" {word}")
        if at >= 0:
            parts.append(text[at:])
    first, *rest = [part.strip(" .") for part in text.split(",")]
    for part in [*rest, *parts]:
        tokens = part.split(",")[0].split()
        for length in range(min(len(tokens), 6), 0, -1):
            if found := neighbours.other_province(" ".join(tokens[:length]), asked=True):
                return found
    return None


def _date_entity(message: Message) -> str | None:
    """Return the day that was marked; out of turn a day that is past is what has happened, not when to come."""
    marked = " ".join(str(e["value"]) for e in message.turn.entities if e["entity"] == "date")
    found = iso(marked)
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
    if not any(len(word) > 1 and word.isalpha() for word in found.split()):
        return None  # "1 3 5 7"
    if message.asked == "commune" and not reading_places.has_address_word(found):
        return None
    return found + (reading_places.landmark(message.text, int(marked.get("end") or 0)) if message.text else "")
