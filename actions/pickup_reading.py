"""The facts that a message inside the booking form holds: the one asked for, and any other given out of turn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from actions.pickup_message import LEAVING, OLD_ADDRESS, SHORT, Message, wants_editing
from actions.turn import Turn
from bot.dossiers.proof import factors
from bot.pickups import neighbours, slots
from bot.pickups.form import draft, reading, reading_people
from bot.text import words

LIST_OF_FACTS = 3  # parts between commas: a whole booking in one breath


def read(message: Message) -> dict[str, Any]:
    """Return the facts in the message by name; texts still as written for `commune` and `procedure`."""
    found: dict[str, Any] = {}
    if message.turn.intent in LEAVING:
        return found
    if message.gives:
        found.update(_given(message))
    found.update(_out_of_turn(message))
    if province := _other_province(message, found):
        found["commune"] = draft.OUTSIDE + province
    if message.asked and message.asked not in found:
        # "0912…" given where a place was asked for is a phone, and no place of that name.
        elsewhere = message.asked in ("commune", "procedure") and bool(found.keys() & {"phone", "date", "window"})
        value = None if elsewhere else _ANSWERS.get(message.asked, _nothing)(message)
        if value is not None:
            found[message.asked] = value
    if message.asked == "proxy" and "recipient_name" in found:
        found["proxy"] = found.pop("recipient_name")
    mended = message.mended
    if mended and message.is_strict_answer:
        for name, value in _mendings(message, mended).items():
            found.setdefault(name, value)
    pending = str(message.turn.slots.get("pending") or "")
    before = pending.removeprefix(OLD_ADDRESS) if pending.startswith(OLD_ADDRESS) else message.fields.get("address")
    if found.get("address") and before:
        found["address"] = reading_people.mended_address(before, found["address"])
    # A consent covers what was shown: it does not count together with a change.
    if len(found) > 1:
        found.pop("consent", None)
    return found


def _given(message: Message) -> dict[str, Any]:
    """Return what understanding marked, wherever it stands."""
    turn = message.turn
    found: dict[str, Any] = {
        "phone": reading.phone(turn.entity("phone") or ""),
        "commune": turn.entity("commune"),
        "address": _address_entity(message) or _address_part(message.text),
        "date": _iso(" ".join(str(e["value"]) for e in turn.entities if e["entity"] == "date")),
        "window": _window_entity(message),
        "recipient_name": turn.entity("person"),
    }
    booking = turn.intent in ("book_delivery", "book_collection") and not reading.is_vague(message.text)
    if booking and not message.fields.get("service"):
        found["service"] = "deliver" if turn.intent == "book_delivery" else "collect"
    if message.fields.get("service") != "deliver" and found.get("service") != "deliver":
        found["procedure"] = turn.entity("procedure")
    return {name: value for name, value in found.items() if value}


def _out_of_turn(message: Message) -> dict[str, Any]:
    """Return how to pay and "tự nhận", given while something else was asked; no question of form is them."""
    turn = message.turn
    starts = turn.intent in ("book_delivery", "book_collection")
    if not message.text or not (starts or message.is_strict_answer) or reading.is_question(message.text):
        return {}
    found = {
        "payment": reading.payment_said(message.text),
        "proxy": draft.SELF if reading.alone(message.text) else None,
    }
    return {name: value for name, value in found.items() if value and name != message.asked}


def _other_province(message: Message, found: dict[str, Any]) -> str | None:
    """Return the province beyond ours that the message sends the result to; a commune of ours wins."""
    if not (message.gives or message.is_strict_answer) or message.asked in ("address", "recipient_name", "proxy"):
        return None
    if found.get("commune") and neighbours.find_units(str(found["commune"])):
        return None
    text = "" if message.asked == "commune" and neighbours.find_units(message.text) else message.text
    return neighbours.other_province(text, asked=message.asked == "commune") if text else None


def _mendings(message: Message, rest: str) -> dict[str, Any]:
    """Return what a correction says in its own words: understanding often marks nothing in it."""
    found = {
        "phone": reading.phone(rest),
        "date": _iso(rest),
        "window": reading.window(rest) if message.fields.get("window") else None,
        "address": reading_people.address(rest) if message.fields.get("address") else None,
        "payment": reading.payment(rest) if message.fields.get("payment") else None,
    }
    if found["phone"] or found["date"]:
        found["address"] = None  # digits of another kind
    return {name: value for name, value in found.items() if value}


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
    return found + (reading_people.landmark(message.text, int(marked.get("end") or 0)) if message.text else "")


def _address_part(text: str) -> str | None:
    """Return the part of a long message, between commas, that begins with a house number."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) < LIST_OF_FACTS:
        return None
    houses = [part for part in parts if reading_people.has_house_number(part)]
    return next((part for part in houses if not (reading.day(part) or factors.named(part))), None)


def _iso(text: str) -> str | None:
    day = reading.day(text) if text else None
    return day.isoformat() if day else None


def _nothing(message: Message) -> None:
    return None


def _service(message: Message) -> str | None:
    choice = message.chosen(2)
    if choice is not None:
        return ("deliver", "collect")[choice]
    by_intent = {"book_delivery": "deliver", "book_collection": "collect"}.get(message.turn.intent)
    return reading.service(message.text) if message.is_strict_answer and message.text else by_intent


def _name(message: Message) -> str | None:
    offered = draft.owner(message.turn.session, message.fields) and not message.turn.slots.get("pending")
    if offered and message.turn.intent == "affirm":
        return draft.OWNER
    text = reading.without_phones(message.text).strip(" ,;.-")
    return reading_people.name(text) if message.is_free_answer else None


def _phone(message: Message) -> str | None:
    if not message.is_strict_answer:
        return None
    found = reading.phone(message.text)
    # A number with a digit too few is an answer as well, only a wrong one.
    return found or (message.text if reading.tries_a_phone(message.text) else None)


def _commune(message: Message) -> str | None:
    options = message.turn.slots.get("unit_options") or []
    choice = message.chosen(len(options))
    if choice is not None:
        return str(options[choice])
    return message.text if message.is_free_answer and len(words(message.text)) <= SHORT * 2 else None


def _procedure(message: Message) -> str | None:
    options = message.turn.slots.get("procedure_options") or []
    choice = message.chosen(len(options))
    if choice is not None:
        return str(options[choice])
    if not message.is_free_answer or message.turn.intent in ("greet", "thank"):
        return None
    return message.turn.entity("procedure") or message.text or None


def _address(message: Message) -> str | None:
    if not message.is_free_answer and not (message.is_strict_answer and reading_people.has_house_number(message.text)):
        return None
    text = message.text
    if len(words(text)) <= SHORT and (reading.alone(text) or reading.payment_said(text)):
        return None
    for entity in sorted(message.turn.entities, key=lambda found: -(found.get("start") or 0)):
        if entity["entity"] == "commune" and entity.get("end"):
            text = text[: entity.get("start") or 0].rstrip(" ,") + text[entity["end"] :]
    return reading_people.address(text, asked=message.turn.intent == "inform")


def _date(message: Message) -> str | None:
    office = _office(message)
    days = slots.next_days(message.turn.session, office) if office else []
    choice = message.chosen(len(days))
    if choice is not None:
        return days[choice].isoformat()
    return _iso(message.text) if message.is_strict_answer else None


def _window(message: Message) -> str | None:
    windows = _open_windows(message)
    choice = message.chosen(len(windows))
    if choice is not None:
        return windows[choice]
    if message.turn.intent == "affirm" and len(windows) == 1:
        return windows[0]
    return reading.window(message.text) if message.is_strict_answer else None


def _proxy(message: Message) -> str | None:
    if message.turn.intent == "deny" or (message.is_strict_answer and reading.alone(message.text)):
        return draft.SELF
    if not message.is_free_answer or message.turn.intent == "affirm":
        return None
    return reading_people.name(message.text)


def _payment(message: Message) -> str | None:
    choice = message.chosen(2)
    if choice is not None:
        return ("on_receipt", "before")[choice]
    return reading.payment(message.text) if message.is_strict_answer else None


def _consent(message: Message) -> str | None:
    choice = None if message.is_editing else message.chosen(3)
    if wants_editing(message):
        return None  # "không, sửa lại số nhà": a no to the words, not to the booking
    if message.turn.intent == "affirm" or choice == 0:
        return "yes"
    return "no" if message.turn.intent == "deny" or choice == 2 else None


def _office(message: Message) -> str | None:
    return draft.office(message.turn.session, message.fields)


def _open_windows(message: Message) -> list[str]:
    office, day = _office(message), _iso(message.fields.get("date") or "")
    if not office or not day:
        return []
    return [slot.window for slot in slots.open_slots(message.turn.session, office, date.fromisoformat(day))]


_ANSWERS: dict[str, Callable[[Message], str | None]] = {
    "service": _service,
    "procedure": _procedure,
    "recipient_name": _name,
    "phone": _phone,
    "commune": _commune,
    "address": _address,
    "date": _date,
    "window": _window,
    "proxy": _proxy,
    "payment": _payment,
    "consent": _consent,
}
