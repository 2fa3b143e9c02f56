"""What a message says inside the booking form: the fact asked for, and any other given out of turn.

A question of another kind must not be taken for an answer, so free text counts only when the message is an
answer by its intent, and everything else needs a form of its own (a number, a day, a place).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions.base import Turn
from bot.dossiers import factors
from bot.pickups import draft, neighbours, numbers, questions, reading, reading_people, slots
from bot.text import words

# Intents whose messages give facts; `book_…` and `change_pickup` do so while they ask for the service.
GIVING = frozenset({"inform", "affirm", "correct_previous", "book_delivery", "book_collection", "change_pickup"})
# Short answers are often taken for something else: a hamlet's name, "trả trước", a person's name.
UNCLEAR = frozenset({"nlu_fallback", "out_of_scope", "greet", "thank", "ask_new_unit", "ask_procedure", "file_online"})
# These want to leave the question, whatever else the message holds.
LEAVING = frozenset(
    {"cancel", "talk_to_human", "emergency", "abuse", "suspect_scam", "repeat", "help", "cancel_pickup"}
)
LIST_OF_FACTS = 3  # parts between commas: a whole booking in one breath
SHORT = 6  # words: a strict fact in so short a message is the answer, whatever its intent was taken for

# Values of the slot `pending` while the form waits for something else than the fact itself: which fact to
# mend, the name of who stands in, the factor again.
EDIT, PROXY_NAME, WRONG_FACTOR = "pickup_edit", "pickup_proxy_name", "pickup_wrong_factor"
OLD_ADDRESS = "pickup_address:"  # then the address that is being mended: "số nhà 45" changes its number only


@dataclass(frozen=True)
class Message:
    """One message of a citizen, with what the form knows so far."""

    turn: Turn
    fields: dict[str, Any]
    asked: str | None  # the fact the form asked for

    @property
    def text(self) -> str:
        """The words of the message; a pressed button has none, only what it means."""
        pressed = self.turn.text.startswith("/") or any(e.get("extractor") == "button" for e in self.turn.entities)
        return "" if pressed else self.turn.text

    @property
    def is_editing(self) -> bool:
        """Whether the form has just asked which fact is to be mended."""
        return self.turn.slots.get("pending") == EDIT

    @property
    def gives(self) -> bool:
        """Whether the message gives facts, by its intent."""
        return self.turn.intent in GIVING

    @property
    def is_free_answer(self) -> bool:
        """Whether free text in this message is the answer to what was asked."""
        return self.turn.intent in GIVING | UNCLEAR and not reading.is_question(self.text)

    @property
    def is_strict_answer(self) -> bool:
        """Whether a fact with a form of its own may be taken for the answer."""
        if reading.is_question(self.text) or self.turn.intent in LEAVING:
            return False
        return self.gives or self.turn.intent in UNCLEAR or len(words(self.text)) <= SHORT

    @property
    def mended(self) -> str | None:
        """What follows a "à nhầm"; None when nothing is corrected."""
        found = reading.correction(self.text)
        mending = self.turn.intent in ("correct_previous", "change_pickup") and not numbers.find(self.text)
        return self.text if found is None and mending else found

    def text_means(self, *folded: str) -> bool:
        """Return whether one of these folded words stands in the text."""
        padded = f" {' '.join(words(self.text))} "
        return any(f" {word} " in padded for word in folded)

    def chosen(self, size: int) -> int | None:
        """Return which of `size` choices was picked, counted from 0."""
        number = self.turn.entity("ordinal") or self.text.strip(" .")
        return reading.ordinal(number, size)


def read(message: Message) -> dict[str, Any]:
    """Return the facts in the message by name; texts still as written for `commune` and `procedure`."""
    found: dict[str, Any] = {}
    if message.turn.intent in LEAVING:
        return found
    if message.gives:
        found.update(_given(message))
    found.update(_out_of_turn(message))
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
        "address": _address_entity(turn) or _address_part(message.text),
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


def _address_entity(turn: Turn) -> str | None:
    """Return the address as marked, without a commune that was marked inside it."""
    found = turn.entity("address")
    return found.strip(" ,.") if found else None


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
    commune = message.fields.get("commune")
    return neighbours.serving_code(message.turn.session, commune) if commune else None


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


def wants_editing(message: Message) -> bool:
    """Tell whether the citizen wants to mend something without saying what it should be."""
    if message.asked == "consent" and not message.is_editing and message.chosen(3) == 1:
        return True
    if message.asked == "consent" and message.text_means("khong dung", "ko dung", "chua dung"):
        return True
    return message.mended is not None and message.turn.intent not in LEAVING


def field_to_edit(message: Message) -> str | None:
    """Return which fact is to be mended: picked from the list of them, or named in words."""
    if message.is_editing:
        choice = message.chosen(len(questions.EDITABLE_FIELDS))
        if choice is not None:
            return questions.EDITABLE_FIELDS[choice]
    if message.is_editing or wants_editing(message):
        named = reading.field_named(message.text)
        return named if named in draft.needed(message.fields) else None
    return None


def wants_a_proxy(message: Message) -> bool:
    """Tell whether somebody else will stand in, but is not named yet."""
    return message.asked == "proxy" and (message.turn.intent == "affirm" or message.text_means("nguoi khac", "nho"))
