"""The answers that name a place or a procedure: read in the words, and among what was offered."""

from __future__ import annotations

import re

from actions.pickup_message import POLITE, SHORT, Message
from bot.pickups import neighbours
from bot.pickups.form import choices, corrections, reading_places
from bot.text import fold, words

_CLEARLY = 0.08  # by so much the best of the offered procedures must beat the next


def commune(message: Message) -> str | None:
    """Return the commune that the answer means: one of those offered, a code, or the words for it."""
    options = message.turn.slots.get("unit_options") or []
    choice = message.chosen(len(options))
    if choice is not None:
        return str(options[choice])
    if not message.is_strict_answer:
        return None
    text = reading_places.towns_spelled_out(corrections.without_denied(message.text))
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


def procedure(message: Message) -> str | None:
    """Return the procedure that the answer means: one of those offered, or the words for it."""
    options = message.turn.slots.get("procedure_options") or []
    choice = message.chosen(len(options))
    if choice is not None:
        return str(options[choice])
    if not message.is_strict_answer or message.turn.intent in POLITE:
        return None
    text = corrections.without_denied(message.text)
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


def address(message: Message) -> str | None:
    """Return the address in the answer; the commune of the booking is no part of it."""
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
            start, end = entity.get("start") or 0, entity["end"]
            if text[:start].strip(" ,.") and _stands_apart(text[:start], text[start:end]):
                text = text[:start].rstrip(" ,") + _OLD_OR_NEW.sub("", text[end:])
    found = reading_places.address(text, asked=message.is_free_answer and message.turn.intent not in POLITE)
    if found and not reading_places.has_address_word(found) and message.mended is not None:
        return None
    return found


_OLD_OR_NEW = re.compile(r"^ (?:cũ|mới|cu|moi)\b", re.IGNORECASE)
_UNIT_WORD = re.compile(r"(?:xa|phuong|thi tran|dac khu|huyen|thi xa|thanh pho|tp|tx|tt|p|f)\b")


def _stands_apart(before: str, place: str) -> bool:
    """Tell whether a place is the commune behind an address; "đường Phan Thiết", "ga Mương Mán" are part of it."""
    return (
        before.rstrip(" ")[-1:] in ",-("
        or bool(_UNIT_WORD.match(fold(place)))
        or words(before)[-1:] in (["o"], ["thuoc"])
    )
