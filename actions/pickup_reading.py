"""The facts that a message inside the booking form holds: the one asked for, and any other given out of turn."""

from __future__ import annotations

import re
from typing import Any

from actions.pickup_answers import answer
from actions.pickup_marked import marked
from actions.pickup_mending import back_to_owner, mendings, unasked
from actions.pickup_message import OLD_ADDRESS, Message
from actions.pickup_province import other_province
from bot.pickups import neighbours
from bot.pickups.form import choices, corrections, draft, kin, reading, reading_people, reading_places, talk
from bot.pickups.form.suiting import suiting, weighs
from bot.text import fold

# Said as an answer to these, words are taken as they stand: what understanding marks among them is chance.
_TAKEN_WHOLE = frozenset({"recipient_name", "address", "proxy"})

_THINKS_AGAIN = re.compile(r"(?:thoi|a|ua|y|khoan|quen|ma thoi|doi|hay|hay la|hay thoi|ma|da thoi|chac|khong|ko)\b")
# Of these the answer's reader knows more than understanding does.
_READ_BETTER = frozenset({"phone", "date", "window", "payment", "commune", "service"})
_TOLD_INSTEAD = frozenset({"phone", "date", "window", "proxy", "recipient_name"})
_FREE = _TAKEN_WHOLE | {"commune", "procedure"}


def read(message: Message) -> dict[str, Any]:
    """Return the facts in the message by name; texts still as written for `commune` and `procedure`."""
    found: dict[str, Any] = {}
    if message.leaves:
        return found
    if message.gives:
        found.update(marked(message))
    found.update(_out_of_turn(message))
    if province := other_province(message, found):
        found["commune"] = draft.OUTSIDE + province
    mended = (message.mended is not None or message.turns_down) and message.tells
    corrected = mendings(message) if mended else {}
    # A correction that names another fact is no answer to the question: "à nhầm, số đúng là 09…" is no commune.
    if message.asked and not (message.asked in _FREE and corrected and message.asked not in corrected):
        _answer(message, found)
    if message.asked and not mended and message.asked not in found:
        found.update({name: value for name, value in unasked(message).items() if name not in found})
    if mended:
        found.update({name: value for name, value in corrected.items() if name not in found or name != message.asked})
    if message.asked == "proxy" and "recipient_name" in found and "recipient_name" not in corrected:
        found.setdefault("proxy", found.pop("recipient_name"))
    pending = str(message.turn.slots.get("pending") or "")
    before = pending.removeprefix(OLD_ADDRESS) if pending.startswith(OLD_ADDRESS) else message.fields.get("address")
    if found.get("address") and before:
        found["address"] = reading_places.mended_address(before, found["address"])
    if found.get("proxy") and found["proxy"] == found.get("recipient_name"):
        del found["proxy"]  # "cho con trai tôi nhận giùm, …": who receives needs nobody who stands in
    outside = message.asked == "commune" and str(found.get("commune", "")).startswith(draft.OUTSIDE)
    if outside and not reading_places.has_house_number(found.get("address") or ""):
        found.pop("address", None)  # "quận 7, tp hcm": where the town is, and no door
    # A consent covers what was shown: it does not count together with a change.
    if len(found) > 1:
        found.pop("consent", None)
    return found


def _answer(message: Message, found: dict[str, Any]) -> None:
    """Add the answer to what was asked; it wins over what understanding marked, except for choices on buttons."""
    asked = message.asked or ""
    # "0912…" given where a place was asked for is a phone, and no place of that name.
    if asked in ("commune", "procedure") and found.keys() & _TOLD_INSTEAD and asked not in found:
        return
    prefers_own = bool(message.text) and asked in _TAKEN_WHOLE | _READ_BETTER
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


def _second_thought(message: Message) -> dict[str, Any]:
    """Return what "thôi buổi chiều đi, sáng mẹ đi chợ" or "hay thứ năm nha" changes at a later question."""
    text, known = message.text, message.fields
    again = bool(_THINKS_AGAIN.match(fold(text))) and not (message.asked == "proxy" and kin.stands_in(text))
    if not again and not weighs(text):
        return {}
    found: dict[str, Any] = {}
    if known.get("window") and message.asked != "window":
        found["window"] = suiting(text, reading.window)
    if known.get("date") and message.asked != "date" and (day := suiting(text, reading.day)):
        found["date"] = day.isoformat()
    if known.get("recipient_name") not in (None, draft.OWNER) and back_to_owner(message):
        found.update(recipient_name=draft.OWNER, phone=draft.OWNER)
    return {name: value for name, value in found.items() if value}


def _spoken_time(message: Message) -> bool:
    """Tell whether a time beside an address is one, and no house number "27/4"."""
    folded = f" {fold(message.text)} "
    return any(f" {word} " in folded for word in ("thu", "ngay", "hom", "bua", "sang", "chieu", "mai", "tuan"))


def _names_commune(message: Message) -> bool:
    """Tell whether an address names another commune than the one given before, by its kind."""
    if message.fields.get("commune") is None:
        return True
    if draft.destination(message.fields):
        return False  # a ward of the same name in another province
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


def _stands_alone(message: Message) -> bool:
    """Tell whether the message says, before or after that question, that nobody stands in."""
    text, again = message.text, bool(_THINKS_AGAIN.match(fold(message.text)))
    if message.asked in (None, "recipient_name"):
        return message.asked is None and choices.surely_alone(text)
    if message.fields.get("proxy") not in (None, draft.SELF):  # "tới lấy thì trả" sends nobody away
        return choices.needs_nobody(text) or (again and choices.alone(text, asked=True))
    return choices.alone(text)


def _out_of_turn(message: Message) -> dict[str, Any]:
    """Return what was said while something else was asked, in words that leave no doubt."""
    text = message.text
    starts = message.turn.intent in ("book_delivery", "book_collection")
    if not text or not (starts or message.is_strict_answer) or (message.asked and talk.is_question(text)):
        return {}
    found: dict[str, Any] = {"payment": choices.payment_said(text), **_second_thought(message)}
    if message.asked not in ("dossier", "phone"):
        found["phone"] = reading.last_phone(text) if corrections.mends(text) else reading.phone(text)
    if kin.stands_in(text, sure=True):
        found["proxy"] = reading_people.name(text)
    elif _stands_alone(message):
        found["proxy"] = draft.SELF
    return {name: value for name, value in found.items() if value and name != message.asked}
