"""Corrections: what a message puts right, at whichever question it comes."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from actions.pickup_message import SHORT, Message, fact_before
from bot.moments import half_days
from bot.pickups import neighbours, slots
from bot.pickups.form import choices, corrections, draft, kin, reading, reading_people, reading_places, services
from bot.pickups.form.suiting import suiting
from bot.text import fold, words

# What has a form of its own can be put right without a word that says so: "sáng anh chạy xe, chiều nha".
_SURE = ("phone", "date", "window", "commune", "proxy", "payment", "service", "recipient_name")
_LONGEST = 16  # words
_PAST = re.compile(
    r"\b(?:hom (?:qua|bua|truoc|no)|bua truoc|(?:da|co) (?:goi|nop|nhan|gui)|chua thay|khong thay|ma (?:khong|chua))\b"
)


def unasked(message: Message) -> dict[str, Any]:
    """Return what a message that answers nothing changes of what is known: it holds a value of a sure form."""
    if not message.tells or len(message.text.split()) > _LONGEST or _PAST.search(fold(message.text)):
        return {}
    found = mendings(message)
    name = found.get("recipient_name")
    if name and name != draft.OWNER and not _is_meant(message, name):
        found["recipient_name"] = None  # "asdf qwer" has the form of a name
    found["service"] = services.only_one(message.told) if message.fields.get("service") == "both" else None
    return {name: value for name, value in found.items() if value and name in _SURE and message.fields.get(name)}


def mendings(message: Message) -> dict[str, Any]:
    """Return what a correction says in its own words: understanding often marks nothing in it."""
    known, text = message.fields, corrections.without_denied(message.told)
    rest = corrections.changed_to(text)
    found: dict[str, Any] = {
        "phone": reading.last_phone(text),
        "date": _of_that_week(message, _day(text) if corrections.says_wrong(text) else suiting(text, _day)),
        "window": suiting(rest, reading.window) or suiting(text, reading.window) or _half_day_alone(message, text),
        "payment": choices.payment_said(rest) or choices.payment(rest) if known.get("payment") else None,
        "service": services.service(rest) if known.get("service") else None,
        "recipient_name": _recipient(text),
    }
    if known.get("proxy") and "nguoi nhan" not in fold(text) and (name := _stands_in(text)):
        found.update(proxy=name, recipient_name=None)  # "tên chồng tui là …" when he is the one who stands in
    before = fact_before(message)
    if before in ("recipient_name", "proxy") and not any(found.values()):
        name = reading_people.name(corrections.without_praise(corrections.correction(text) or rest))
        found[before] = name if name and reading_people.is_sure_name(name) else None
    if known.get("window") is None and message.asked != "window" and not found["date"]:
        found["window"] = None  # "sáng đó bận" is no choice of the morning
    # "dời qua ngày 26/11, 25 tôi bận": a number beside a day is a house only where an address is spoken of.
    speaks_of_it = corrections.field_named(text) == "address" or fact_before(message) == "address"
    elsewhere = found["phone"] or (found["date"] and not speaks_of_it)
    found["address"] = None if elsewhere else _address(message, text)
    # Later "lấy" and "giao" speak of how, not of what: only "both", or one of both, is clear then.
    early = message.asked in ("dossier", "procedure", "recipient_name")
    if known.get("service") == found["service"] or not (early or found["service"] == "both"):
        found["service"] = services.only_one(text) if known.get("service") == "both" else None
    if known.get("recipient_name") not in (None, draft.OWNER) and back_to_owner(message):
        found.update(recipient_name=draft.OWNER, phone=found["phone"] or draft.OWNER)
    if known.get("service") != "deliver":
        found["procedure"] = _procedure(message, text)
    if known.get("commune"):
        found["commune"] = _commune(message, text)
    return {name: value for name, value in found.items() if value}


def _is_meant(message: Message, name: str) -> bool:
    """Return whether the words say that this is who receives, or the name is one that people bear."""
    named = _NAMES_RECIPIENT.search(fold(message.text))
    return bool(named) or reading_people.begins_with_family_name(name)


def _half_day_alone(message: Message, text: str) -> str | None:
    """Return the half-day of "đổi chiều đi", where "chiều" may be a "chiếu", and of "doi sang di", a "sáng"."""
    if not message.fields.get("window"):
        return None
    rest = corrections.correction(text)
    if rest == "" or (rest is not None and rest.split()[0] in ("di", "nha", "nhe", "em")):
        return half_days.MORNING if words(text)[-2:-1] == ["sang"] or words(text)[-1:] == ["sang"] else None
    return reading.window_answer(rest) if rest and len(rest.split()) <= SHORT else None


def back_to_owner(message: Message) -> bool:
    """Tell whether the dossier's owner is to receive after all: "thôi giao cho tôi, tôi đứng tên hồ sơ"."""
    if message.asked == "proxy" or not draft.owner(message.turn.session, message.fields):
        return False
    rest = corrections.correction(message.text) or message.text
    if reading_people.begins_with_family_name(reading_people.name(rest) or ""):
        return False
    return choices.alone(rest) or choices.as_in_dossier(rest) or choices.receives_himself(rest)


def _day(text: str) -> str | None:
    day = reading.last_day(text)
    return day.isoformat() if day else None


def _of_that_week(message: Message, found: str | None) -> str | None:
    """Return the day; "đổi thành thứ ba" after a Monday means the next one, when this week's cannot be had."""
    known = message.fields.get("date")
    if not found or not known or reading.names_date(message.text):
        return found
    day = date.fromisoformat(found)
    later = day + timedelta(days=7)
    return (
        later.isoformat()
        if not slots.is_bookable_day(day) and abs((later - date.fromisoformat(known)).days) < 7
        else found
    )


_GIVES_TO = re.compile(r"\b(?:giao|gui|dua|trao) (?:lai )?cho\b|\b(?:de|cho) (?:\w+ ){1,4}nhan\b")
_NAMES_RECIPIENT = re.compile(rf"\b(?:nguoi (?:nhan|giao|nop)|ten)\b|{_GIVES_TO.pattern}")


def _stands_in(text: str) -> str | None:
    """Return the name of somebody of the family who stands in, when the text says so: "mẹ em đưa, mẹ tên …"."""
    name = reading_people.name(text) if kin.stands_in(text) or kin.of_kin(text) else None
    sure = name and reading_people.begins_with_family_name(name) and not reading.tries_a_phone(text)
    return name if sure else None


def _recipient(text: str) -> str | None:
    """Return the name of a correction that says whose it is: "đổi người nhận", "ghi tên …"; not who stands in."""
    if kin.stands_in(text, sure=True):
        return None
    if not _NAMES_RECIPIENT.search(fold(text)):
        return None
    found = reading_people.name(corrections.without_praise(text))
    gives = _GIVES_TO.search(fold(text))
    return found if found and (not gives or reading_people.begins_with_family_name(found)) else None


def _address(message: Message, text: str) -> str | None:
    if not message.fields.get("address") and message.asked != "address":
        return None
    found = reading_places.corrected(text)
    return found if found and not (reading.day(found) and not reading_places.has_house_number(found)) else None


def _procedure(message: Message, text: str) -> str | None:
    """Return the procedure that is named and not denied."""
    if not message.fields.get("procedure"):
        return None
    found = neighbours.find_procedures(message.turn.session, corrections.correction(text) or text)
    if len(found) == 1 and found[0][0] != message.fields["procedure"]:
        return found[0][0]
    named = [
        str(e["value"])
        for e in message.turn.entities
        if e["entity"] == "procedure" and fold(str(e["value"])) in fold(text)
    ]
    return named[-1] if named else None


def _commune(message: Message, text: str) -> str | None:
    """Return the text if it names a commune by its kind, or if the commune was what was given last."""
    by_kind = any(f"{kind} " in f"{fold(text)} " for kind in ("xa", "phuong", "thi tran", "dac khu"))
    if not by_kind and (message.asked != "address" or reading_places.corrected(text)):
        return None
    units = [code for code, _ in neighbours.find_units(text)]
    return text if units and message.fields["commune"] not in units else None
