"""Last month's messages once more, understood by two engines: every one that would now mean something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation.models import InboxMessage
from bot.learning.intents import say_intent
from bot.learning.masked import mask
from bot.procedures import search

PERIOD = timedelta(days=30)
MOST = 20_000  # different messages; the most frequent ones
_ASKS_PROCEDURE = "ask_procedure"


class Understanding(Protocol):
    """What is needed of an engine here."""

    def understand(self, text: str) -> dict[str, Any]:
        """Return intent, ranking and entities of a text."""


@dataclass(frozen=True)
class Said:
    """A message that was sent, how often, and how it may be shown."""

    text: str
    count: int
    masked: str


@dataclass(frozen=True)
class Meaning:
    """What a message is taken for: its intent, and the one procedure it asks about, if it does."""

    intent: str | None
    procedure: str | None = None

    def __str__(self) -> str:
        return say_intent(self.intent) + (f" · {self.procedure}" if self.procedure else "")


@dataclass(frozen=True)
class Change:
    """A message that would be taken for something else."""

    said: Said
    before: Meaning
    after: Meaning


def last_month(session: Session) -> list[Said]:
    """Return what was typed in the last thirty days and understood by the engine; pressed buttons are left out."""
    rows = session.execute(
        select(InboxMessage.text, InboxMessage.understood).where(
            InboxMessage.received_at >= clock.now() - PERIOD,
            InboxMessage.state == "done",
            InboxMessage.guard.is_(None),
            InboxMessage.kind.in_(("text", "voice")),
            InboxMessage.understood.is_not(None),
        )
    )
    counted: Counter[str] = Counter()
    entities: dict[str, Any] = {}
    for text, understood in rows:
        if not pressed(understood) and text.strip():
            counted[text] += 1
            entities.setdefault(text, understood.get("entities") or [])
    return [Said(text, count, mask(text, entities[text])) for text, count in counted.most_common(MOST)]


def pressed(understood: dict[str, Any]) -> bool:
    """Return whether a message came from a button, whose meaning no model decides: it has one reading, and is sure."""
    ranking = understood.get("ranking") or []
    return len(ranking) == 1 and ranking[0][1] == 1.0


def meanings(
    session: Session, engine: Understanding, said: list[Said], step: Callable[[], object] = lambda: None
) -> list[Meaning]:
    """Return what an engine takes each message for, with the catalogue as the session sees it."""
    found = []
    for one in said:
        found.append(_meaning(session, engine, one.text))
        step()
    return found


def not_found(session: Session, names: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the everyday names, each with its code, that do not lead to their procedure by themselves."""
    found = []
    for code, name in names:
        best = search.link(session, name, named=True).best
        if best is None or best.code != code:
            found.append((code, name))
    return found


def changes(said: list[Said], before: list[Meaning], after: list[Meaning]) -> list[Change]:
    """Return the messages of which the two meanings differ, the most frequent first."""
    return [Change(one, old, new) for one, old, new in zip(said, before, after, strict=True) if old != new]


def _meaning(session: Session, engine: Understanding, text: str) -> Meaning:
    parsed = engine.understand(text)
    intent = (parsed.get("intent") or {}).get("name")
    if not (intent or "").startswith(_ASKS_PROCEDURE):
        return Meaning(intent)
    span = next((e["value"] for e in parsed.get("entities") or [] if e.get("entity") == "procedure"), None)
    linked = (span and search.link(session, str(span)).best) or search.link(session, text).best
    return Meaning(intent, linked.code if linked else None)
