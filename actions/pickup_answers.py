"""The answer to the question that the form asked, one reader a fact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from actions.pickup_message import SHORT, Message, wants_editing
from bot.pickups import neighbours, slots
from bot.pickups.form import choices, draft, reading, reading_people, reading_places, talk
from bot.text import fold, words

_POLITE = frozenset({"greet", "thank"})


def answer(message: Message) -> str | None:
    """Return the value of the asked fact that the message holds, or None."""
    reader = _READERS.get(message.asked or "")
    return reader(message) if reader else None


def iso(text: str) -> str | None:
    """Return the day that `text` names as an ISO date, or None."""
    day = reading.day(text) if text else None
    return day.isoformat() if day else None


def _service(message: Message) -> str | None:
    choice = message.chosen(2)
    if choice is not None:
        return ("deliver", "collect")[choice]
    if message.text and message.is_strict_answer and (found := choices.chosen_service(message.text)):
        return found
    by_intent = {"book_delivery": "deliver", "book_collection": "collect"}.get(message.turn.intent)
    return None if choices.is_vague(message.text) else by_intent


def _name(message: Message) -> str | None:
    if not message.is_strict_answer:
        return None
    found = reading_people.name(message.answer)
    offered = draft.owner(message.turn.session, message.fields) and not message.turn.slots.get("pending")
    if (
        offered
        and not found
        and (message.turn.intent == "affirm" or choices.agrees(message.text) or choices.alone(message.text))
    ):
        return draft.OWNER
    # What has no family name may be anything that was taken for another intent.
    sure = found and (reading_people.is_sure_name(found) or reading_people.said_name(message.text) == found)
    return found if sure or (message.is_free_answer and message.turn.intent not in _POLITE) else None


def _phone(message: Message) -> str | None:
    if not message.is_strict_answer:
        return None
    found = reading.last_phone(message.text) if talk.mends(message.text) else reading.phone(message.text)
    # A number with a digit too few is an answer as well, only a wrong one.
    return found or (message.text if reading.tries_a_phone(message.text) else None)


def _commune(message: Message) -> str | None:
    options = message.turn.slots.get("unit_options") or []
    choice = message.chosen(len(options))
    if choice is not None:
        return str(options[choice])
    if not message.is_strict_answer:
        return None
    text = talk.without_denied(message.text)
    found = [code for code, _ in neighbours.find_units(text)]
    among = [code for code in options if code in found]
    if len(among) > 1:  # said once more: then it is the one of that very name
        among = [
            code for code in among if fold((neighbours.unit_name(code) or "").partition(" ")[2]) in fold(text)
        ] or among
    if len(among) == 1:
        return str(among[0])  # "phường 1" was not clear, "Bảo Lộc" says which
    if found:
        return text
    free = message.is_free_answer and len(words(text)) <= SHORT * 2 and message.mended is None
    return text if free else None


def _procedure(message: Message) -> str | None:
    options = message.turn.slots.get("procedure_options") or []
    choice = message.chosen(len(options))
    if choice is not None:
        return str(options[choice])
    if not message.is_strict_answer or message.turn.intent in _POLITE:
        return None
    text = talk.without_denied(message.text)
    if options and (picked := _named_option(message, options, text)):
        return picked
    if text and len(neighbours.find_procedures(message.turn.session, text)) == 1:
        return text  # "đăng ký lại khai sinh", of which understanding may mark the half
    entity = message.turn.entity("procedure")
    if entity and (not text or fold(entity) in fold(text)):
        return entity
    return text or None if message.is_free_answer else None


def _named_option(message: Message, options: list[str], text: str) -> str | None:
    """Return the one option whose name shares most words with the answer, if it beats the others."""
    said = set(words(text))
    facts = [neighbours.procedure(message.turn.session, code) for code in options]
    shares = [
        (len(said & set(words(fact.name))) / (len(set(words(fact.name))) + 4), fact.code) for fact in facts if fact
    ]
    shares.sort(reverse=True)
    if not shares or shares[0][0] == 0 or (len(shares) > 1 and shares[0][0] - shares[1][0] < _CLEARLY):
        return None
    linked = neighbours.find_procedures(message.turn.session, text)
    if linked and not any(code in options for code, _ in linked):
        return None  # something else is named now
    return shares[0][1]


_CLEARLY = 0.08


def _address(message: Message) -> str | None:
    if not message.is_strict_answer:
        return None
    text = message.text
    if (
        len(words(text)) <= SHORT
        and (choices.alone(text) or choices.payment_said(text))
        and not reading_places.has_address_word(text)
    ):
        return None
    for entity in sorted(message.turn.entities, key=lambda found: -(found.get("start") or 0)):
        if entity["entity"] == "commune" and entity.get("end"):
            before = text[: entity.get("start") or 0]
            # "đường Phan Thiết", "thôn Đắk Mil": part of the address, unless it is the commune of the booking.
            if before.strip(" ,.") and not _ends_with_place_word(before):
                text = before.rstrip(" ,") + text[entity["end"] :]
    found = reading_places.address(text, asked=message.is_free_answer and message.turn.intent not in _POLITE)
    if found and not reading_places.has_address_word(found) and message.mended is not None:
        return None
    return found


def _ends_with_place_word(text: str) -> bool:
    last = words(text)[-1:]
    return bool(last) and (
        last[0] in {"duong", "thon", "hem", "cho", "gan", "truong", "quan", "tiem", "so"} or last[0][0].isdigit()
    )


def _date(message: Message) -> str | None:
    if not message.is_strict_answer:
        return None
    office = draft.office(message.turn.session, message.fields)
    days = slots.next_days(message.turn.session, office) if office else []
    choice = message.chosen(len(days))
    if choice is not None and reading.counts_choices(message.text):
        return days[choice].isoformat()
    if message.text and (
        found := reading.last_day(message.answer) if talk.mends(message.text) else reading.day(message.answer)
    ):
        return found.isoformat()
    if choice is not None:
        return days[choice].isoformat()
    return (
        days[0].isoformat()
        if days and reading.wants_first_day(message.text)
        else iso(message.turn.entity("date") or "")
    )


def _window(message: Message) -> str | None:
    if not message.is_strict_answer:
        return None
    windows = _open_windows(message)
    if found := reading.window_answer(talk.without_denied(message.answer)):
        return found
    if windows and reading.any_window(message.text):
        return windows[0]
    choice = message.chosen(len(windows))
    if choice is not None:
        return windows[choice]
    if (message.turn.intent == "affirm" or choices.agrees(message.text)) and len(windows) == 1:
        return windows[0]
    return reading.window(message.turn.entity("time_window") or "")


def _proxy(message: Message) -> str | None:
    if not message.text:
        return draft.SELF if message.turn.intent == "deny" else None
    if not message.is_strict_answer:
        return None
    text = message.answer
    found = reading_people.name(text)
    if found and (reading_people.is_sure_name(found) or reading_people.stands_in(text) or message.is_free_answer):
        return found
    if reading_people.stands_in(text):
        return None  # somebody, and no name yet
    return draft.SELF if choices.nobody(text) or choices.alone(text) or message.turn.intent == "deny" else None


def _payment(message: Message) -> str | None:
    choice = message.chosen(2)
    if choice is not None:
        return ("on_receipt", "before")[choice]
    return choices.payment(message.answer) if message.is_strict_answer else None


def _consent(message: Message) -> str | None:
    choice = None if message.is_editing else message.chosen(3)
    if choice == 2 or (message.text and choices.disagrees(message.text)):
        return "no"
    if wants_editing(message) or not message.is_strict_answer:
        return None  # "không, sửa lại số nhà": a no to the words, not to the booking
    if message.turn.intent == "affirm" or choice == 0 or (message.text and choices.agrees(message.text)):
        return "yes"
    return "no" if message.turn.intent == "deny" else None


def _open_windows(message: Message) -> list[str]:
    office, day = draft.office(message.turn.session, message.fields), iso(message.fields.get("date") or "")
    if not office or not day:
        return []
    return [slot.window for slot in slots.open_slots(message.turn.session, office, date.fromisoformat(day))]


_READERS: dict[str, Callable[[Message], str | None]] = {
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
