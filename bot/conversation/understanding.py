"""What became of a message, in few words: its topic, its outcome, and what the engine made of it.

Kept with the message, for the staff who ask why the assistant said something, and for the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

TOPICS = ("procedures", "dossiers", "pickups", "accounts", "places", "person", "other")
OUTCOMES = ("answered", "asked", "not_understood", "handed_off", "guard", "person", "held", "failed", "off", "limited")
RANKED = 5  # as many likely intents are kept
# What was answered tells the topic best; the intent where the answer is of no kind in particular.
_TOPIC_OF_KIND = {
    "procedure": "procedures",
    "procedure_choices": "procedures",
    "subscribed": "dossiers",
    "unsubscribed": "dossiers",
    "place": "places",
    "handoff": "person",
    "staff": "person",
}
_TOPIC_BY_PREFIX = (("dossier", "dossiers"), ("pickup", "pickups"), ("account", "accounts"))
_TOPIC_BY_INTENT = (
    ("ask_procedure", "procedures"),
    ("ask_dossier", "dossiers"),
    ("check_dossier", "dossiers"),
    ("withdraw_dossier", "dossiers"),
    ("subscribe", "dossiers"),
    ("unsubscribe", "dossiers"),
    ("book_", "pickups"),
    ("change_pickup", "pickups"),
    ("cancel_pickup", "pickups"),
    ("track_pickup", "pickups"),
    ("ask_postal", "pickups"),
    ("report_delivery", "pickups"),
    ("create_account", "accounts"),
    ("report_account", "accounts"),
    ("ask_account", "accounts"),
    ("file_online", "accounts"),
    ("pay_online", "accounts"),
    ("report_payment", "accounts"),
    ("ask_office", "places"),
    ("ask_new_unit", "places"),
    ("talk_to_human", "person"),
    ("send_feedback", "person"),
)
_OUTCOME_OF_KIND = {"fallback": "not_understood", "handoff": "handed_off", "guard": "guard"}
_ASKS = ("_question", "_choices", "_proof", "_summary", "confirm")


@dataclass(frozen=True)
class Record:
    """What is kept of one message."""

    topic: str
    outcome: str
    understood: dict[str, Any] | None


def record(kinds: Sequence[str], parsed: dict[str, Any] | None, mode: str, *, held: bool = False) -> Record:
    """Return what is kept of a message that was answered by `kinds`, in a conversation of this mode."""
    intent = ((parsed or {}).get("intent") or {}).get("name") or ""
    understood = _summary(parsed) if parsed else None
    if mode != "bot":
        return Record("person", "guard" if "guard" in kinds else "person", understood)
    return Record(_topic(kinds, intent), "held" if held else _outcome(kinds), understood)


def _topic(kinds: Sequence[str], intent: str) -> str:
    for kind in kinds:
        if kind in _TOPIC_OF_KIND:
            return _TOPIC_OF_KIND[kind]
        for prefix, topic in _TOPIC_BY_PREFIX:
            if kind.startswith(prefix):
                return topic
    return next((topic for prefix, topic in _TOPIC_BY_INTENT if intent.startswith(prefix)), "other")


def _outcome(kinds: Sequence[str]) -> str:
    for kind in kinds:
        if kind in _OUTCOME_OF_KIND:
            return _OUTCOME_OF_KIND[kind]
    return "asked" if kinds and kinds[-1].endswith(_ASKS) else "answered"


def _summary(parsed: dict[str, Any]) -> dict[str, Any]:
    """Return intent, ranking and where entities stand; their values are read from the message, not kept twice."""
    problem = parsed.get("account_problem")
    return {
        "intent": (parsed.get("intent") or {}).get("name"),
        "confidence": _share(parsed.get("intent") or {}),
        "ranking": [[one.get("name"), _share(one)] for one in (parsed.get("intent_ranking") or [])[:RANKED]],
        "entities": [
            [entity["entity"], entity.get("start", 0), entity.get("end", 0), entity.get("extractor", "")]
            for entity in parsed.get("entities") or []
        ],
        **({"problem": [problem["name"], _share(problem)]} if problem else {}),
    }


def _share(one: dict[str, Any]) -> float:
    return round(float(one.get("confidence") or 0.0), 4)
