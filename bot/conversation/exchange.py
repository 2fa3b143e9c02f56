"""What the turn and its engine say to each other; whoever needs only these words need not load Rasa."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Said:
    """What a citizen said: a text, or a pressed button's meaning (a native Rasa payload, trusted)."""

    text: str
    meaning: str | None = None


@dataclass(frozen=True)
class EngineReply:
    """What the engine answers: messages as Rasa has them, and the tracker to store."""

    messages: list[dict[str, Any]]
    events: str
    understood: dict[str, Any]
    active_loop: str | None


class Answering(Protocol):
    """What a turn needs of an engine; `bot.conversation.engine.Engine` is the one with Rasa inside."""

    def answer(self, asker: str, said: Said, events: str | None, metadata: dict[str, Any]) -> EngineReply:
        """Answer one message on the dialogue as stored; None begins a new session."""

    def understand(self, text: str) -> dict[str, Any]:
        """Return intent, ranking and entities of a text; changes nothing."""
