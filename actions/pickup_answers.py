"""The answer to the question that the form asked, one reader a fact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from actions.pickup_message import POLITE, Message, wants_editing
from actions.pickup_places import address, commune, procedure
from bot.pickups import slots
from bot.pickups.form import choices, corrections, draft, kin, reading, reading_people, services, talk
from bot.text import fold, words


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
    if message.text and message.is_strict_answer and (found := services.chosen_service(message.text)):
        return found
    by_intent = {"book_delivery": "deliver", "book_collection": "collect"}.get(message.turn.intent)
    return None if services.is_vague(message.text) else by_intent


def _name(message: Message) -> str | None:
    if not message.is_strict_answer:
        return None
    text, turn = message.text, message.turn
    found = reading_people.name(corrections.without_praise(text) if message.mended is not None else message.answer)
    family = bool(found) and reading_people.begins_with_family_name(found or "")
    owner = draft.owner(turn.session, message.fields)
    if owner:
        agreed = turn.intent == "affirm" or choices.agrees(text) or choices.alone(text) or choices.of_dossier(text)
        offered = not turn.slots.get("pending") and agreed
        if not family and (offered or choices.myself(text) or choices.as_in_dossier(text)):
            return draft.OWNER
    # What has no family name may be anything that was taken for another intent.
    sure = found and (reading_people.is_sure_name(found) or reading_people.said_name(text) == found)
    return found if sure or (message.is_free_answer and turn.intent not in POLITE) else None


def _phone(message: Message) -> str | None:
    if not message.is_strict_answer:
        return None
    if choices.of_dossier(message.text) and draft.owner(message.turn.session, message.fields):
        return draft.OWNER
    found = reading.phone_answer(message.text, last=corrections.mends(message.text))
    # A number with a digit too few is an answer as well, only a wrong one; so is one that we cannot see.
    tried = reading.tries_a_phone(message.text) or choices.of_dossier(message.text) or choices.this_phone(message.text)
    return found or (message.text if tried else None)


def _date(message: Message) -> str | None:
    if not message.is_strict_answer:
        return None
    office = draft.office(message.turn.session, message.fields)
    days = slots.next_days(message.turn.session, office) if office else []
    choice = message.chosen(len(days))
    if choice is not None and reading.counts_choices(message.text):
        return days[choice].isoformat()
    if message.text and (
        found := reading.last_day(message.answer)
        if corrections.mends(message.text)
        else reading.day_answer(message.answer)
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
    if found := reading.window_answer(message.answer):
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
    if found and choices.nobody(text) and fold(found).split()[0] == fold(text).split()[0]:
        return draft.SELF  # "ko e ơi": the no itself was read as a name
    named = bool(found) and reading_people.begins_with_family_name(found or "")
    if not named and (choices.same_person(text) or _is_recipient(message)):
        return draft.SELF
    if found and (reading_people.is_sure_name(found) or kin.stands_in(text) or message.is_free_answer):
        return found
    if kin.stands_in(text) and not (choices.nobody(text) and "nho" not in words(text)):
        return None  # somebody, and no name yet; "không, vợ em nhận" is nobody beyond who was named
    return (
        draft.SELF if choices.nobody(text) or choices.alone(text, asked=True) or message.turn.intent == "deny" else None
    )


def _is_recipient(message: Message) -> bool:
    """Tell whether "anh Sậy nhận luôn", "mẹ mình tự nhận" means whoever was named to receive."""
    name, said = message.fields.get("recipient_name"), words(message.text)
    if not {"nhan", "giao", "dua"} & set(said) or {"thay", "gium", "dum", "giup", "ho", "nho"} & set(said):
        return False
    if name and words(name)[-1] in said and not reading_people.name(message.text):
        return True
    # Who does not own the dossier is named because he receives.
    another = draft.owner(message.turn.session, message.fields) is not None and name != draft.OWNER
    return another and kin.is_kin_alone(message.text)


def _payment(message: Message) -> str | None:
    choice = message.chosen(2)
    if choice is not None:
        return ("on_receipt", "before")[choice]
    return choices.payment(message.answer) if message.is_strict_answer else None


def _consent(message: Message) -> str | None:
    choice = None if message.is_editing else message.chosen(3)
    if message.text and choices.agrees(message.text) and not wants_editing(message) and message.is_strict_answer:
        return "yes"  # "chốt luôn" is no "chót", the last of the buttons
    if choice == 2 or (message.text and choices.disagrees(message.text)):
        return "no"
    if wants_editing(message) or not message.is_strict_answer:
        return None  # "không, sửa lại số nhà": a no to the words, not to the booking
    if message.turn.intent == "affirm" or choice == 0 or (message.text and choices.agrees(message.text)):
        return "yes"
    return "no" if message.turn.intent == "deny" and not talk.is_pause(message.text) else None


def _open_windows(message: Message) -> list[str]:
    office, day = draft.office(message.turn.session, message.fields), iso(message.fields.get("date") or "")
    if not office or not day:
        return []
    return [slot.window for slot in slots.open_slots(message.turn.session, office, date.fromisoformat(day))]


_READERS: dict[str, Callable[[Message], str | None]] = {
    "service": _service,
    "procedure": procedure,
    "recipient_name": _name,
    "phone": _phone,
    "commune": commune,
    "address": address,
    "date": _date,
    "window": _window,
    "proxy": _proxy,
    "payment": _payment,
    "consent": _consent,
}
