"""Accepted messages as training sentences of Rasa, in a file beside the shipped ones (`MOTCUA_LEARNED`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.learning.masked import (
    ADDRESS,
    BOOKING,
    DAY,
    DOSSIER,
    EMAIL,
    IDENTITY,
    LINK,
    NUMBER,
    PERSON,
    PHONE,
    PLACEHOLDERS,
    SECRET,
)
from bot.learning.models import ReviewItem
from bot.normalise import normal_text
from bot.pickups.numbers import PREFIX, check_digit

LONGEST = 300  # characters; a longer message is a story, not a sentence
_BODY = "463839"
# What stands for a placeholder in a sentence to learn from: invented, and marked as what it is.
_SAMPLES = {
    PHONE: "[0900 002 468](phone)",
    DOSSIER: "[H36.12-261118-0033](dossier_code)",
    BOOKING: f"[{PREFIX}{_BODY}{check_digit(_BODY)}](booking_code)",
    PERSON: "[Nguyễn Văn Mẫu](person)",
    ADDRESS: "[12 Trần Phú](address)",
    DAY: "[20/11/2026](date)",
    NUMBER: "1234",
    IDENTITY: "",
    SECRET: "",
    EMAIL: "",
    LINK: "",
}
_PLACE = re.compile("|".join(map(re.escape, PLACEHOLDERS)))
_MARKED = ("procedure", "account_problem")  # what the engine finds in our sentence, so that it learns the question
_UNSAFE = str.maketrans("", "", "[](){}\\`")
Finding = Callable[[str], Iterable[dict[str, Any]]]


def _nothing(_text: str) -> Iterable[dict[str, Any]]:
    return ()


def written(session: Session, until: datetime, find: Finding = _nothing) -> str:
    """Return the training file of all that was accepted as an intent until then; "" when nothing was.

    `find` returns the entities of a text as Rasa has them: what is asked is learnt, not of which procedure.
    """
    rows = session.execute(
        select(ReviewItem.value, ReviewItem.text)
        .where(
            ReviewItem.label == "intent", ReviewItem.state.in_(("accepted", "trained")), ReviewItem.decided_at <= until
        )
        .order_by(ReviewItem.value, ReviewItem.id)
    ).all()
    by_intent: dict[str, dict[str, str]] = {}
    for intent, text in rows:
        if sentence := example(text, find):
            by_intent.setdefault(intent, {}).setdefault(normal_text(sentence), sentence)
    if not by_intent:
        return ""
    lines = [
        "# Accepted at the desk and written by `motcua train --review`; edits by hand are lost.",
        'version: "3.1"',
        "nlu:",
    ]
    for intent, sentences in by_intent.items():
        lines += [f"- intent: {intent}", "  examples: |", *(f"    - {sentence}" for sentence in sentences.values())]
    return "\n".join(lines) + "\n"


def example(text: str, find: Finding = _nothing) -> str:
    """Return a masked message as one line of a training file; "" where nothing usable is left."""
    parts: list[str] = []
    at = 0
    for match in _PLACE.finditer(text):
        parts += [_marked(text[at : match.start()], find), _SAMPLES[match.group()]]
        at = match.end()
    parts.append(_marked(text[at:], find))
    line = " ".join(" ".join(parts).split())
    return line if line and len(line) <= LONGEST else ""


def _marked(text: str, find: Finding) -> str:
    """Return a piece of a message with what the engine names in it marked; nothing in it means anything to Rasa."""
    plain = " ".join(text.translate(_UNSAFE).split())
    if not plain:
        return ""
    found = sorted((e for e in find(plain) if e.get("entity") in _MARKED), key=lambda e: -e["start"])
    for entity in found:
        start, end = entity["start"], entity["end"]
        plain = f"{plain[:start]}[{plain[start:end]}]({entity['entity']}){plain[end:]}"
    return plain.lstrip("-•").strip()
