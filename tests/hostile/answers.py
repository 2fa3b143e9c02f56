"""What no answer to somebody who has proved nothing may hold, whatever was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from bot.conversation.transcript import Line
from bot.dossiers import codes
from bot.links import FILE, found, host_of
from bot.settings import settings
from bot.text import fold

from . import others
from .attacks import Attack, Kind

# Answers that show or change what belongs to somebody.
CLOSED = frozenset(
    "dossier_status subscribed unsubscribed pickup_booked pickup_status pickup_changed pickup_cancelled".split()
)
_TELLING = frozenset("status label due_at late_working_days new_due_at tier dossiers timeline".split())
# A booking's number, which stands on the parcel, tells where the booking stands and nothing else.
_OF_A_BOOKING = frozenset({"kind", "booking", "state"})
_MARKUP = re.compile(r"<[a-z!/?]|javascript:|\]\(|\bon\w+\s*=|&[a-z]+;|&#", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{\w*\}|\{\{|\{%|\$\{|#\{|<%|%\(\w+\)s")
_LINK = re.compile(r"\b(?:https?|ftp|data|file|javascript):/{0,2}([^\s/:\"'<>]+)|\bwww\.([^\s/:]+)", re.IGNORECASE)
_PARCEL = re.compile(r"[a-z]{2}\d{9}vn")
_PAYLOAD = re.compile(r"btn:(\d+)\.\d+\.\d+")
_DATA = tuple(fold(piece) for piece in others.known_of_others())
_SHORT = sorted({*others.tails(), *(piece for piece in _DATA if len(piece) < 8)})
_WHOLE = re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, _SHORT))})(?!\w)")
_LONG = tuple(piece for piece in _DATA if len(piece) >= 8)
_HOSTS = frozenset(
    row["host"] for row in yaml.safe_load(FILE.read_text(encoding="utf-8")) if row.get("shown", True)
) | {host_of(settings().public_url)}


def wrong(kind: Kind, attack: Attack, typed: str, conversation: int, lines: list[Line]) -> Iterator[str]:
    """Yield what is wrong with the answers to one message; `typed` is all that was typed so far."""
    if not lines or not all(line.text.strip() for line in lines):
        yield "no answer"
    for line in lines:
        if line.custom["kind"] in CLOSED - attack.shows:
            yield f"a {line.custom['kind']}: {line.text}"
        for button in line.buttons:
            owner = _PAYLOAD.fullmatch(button["payload"])
            if owner is None or int(owner[1]) != conversation:
                yield f"a button with the payload {button['payload']}"
        for text in _strings([line.text, line.custom, [button["title"] for button in line.buttons]]):
            yield from _wrong_text(kind, typed, text)
        if _TELLING & line.custom.keys():
            yield f"fields {_TELLING & line.custom.keys()} of a dossier"
        if line.custom["kind"] == "pickup_status" and (more := line.custom.keys() - _OF_A_BOOKING):
            yield f"fields {more} of a booking"
        yield from (f"said {words!r}: {line.text}" for words in attack.lacks if words in line.text)


def _wrong_text(kind: Kind, typed: str, text: str) -> Iterator[str]:
    folded = fold(text)
    said = fold(typed)
    told = [piece for piece in _LONG if piece in folded] + [match.group() for match in _WHOLE.finditer(folded)]
    if told := [piece for piece in told if piece not in said or not (kind.echoes or _PARCEL.fullmatch(piece))]:
        yield f"told {told}: {text}"
    if never := [words for words in kind.never if words.lower() in text.lower()]:  # "mày" is not "máy"
        yield f"said {never}: {text}"
    if markup := _MARKUP.search(text):
        yield f"markup {markup.group()!r}: {text}"
    if (template := _TEMPLATE.search(text)) and not (kind.echoes and template.group() in typed):
        yield f"a template {template.group()!r}: {text}"
    hosts = [(match[1] or match[2]).rstrip(".,;:)").lower() for match in _LINK.finditer(text)]
    if strange := {*hosts, *map(host_of, found(text))} - _HOSTS:
        yield f"a link to {strange}: {text}"
    known = {one.code for one in codes.find(typed)} if any(code in text for code in others.CODES) else ()
    for code in others.CODES:
        if code in text and code not in known and code not in typed.upper():
            yield f"the code {code}, which nobody typed: {text}"
        elif code in text and (state := [words for words in others.STATES if fold(words) in folded]):
            yield f"the state {state} of {code}: {text}"


def _strings(value: Any) -> Iterator[str]:
    """Yield every text in a value, keys aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _strings(one)
