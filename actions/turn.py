"""A citizen's message as the actions see it, and what an action answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from sqlalchemy.orm import Session

from bot.messages import Message

LISTEN = "action_listen"


@dataclass(frozen=True)
class Turn:
    """One message of a citizen as the actions see it."""

    session: Session
    asker: str  # "channel:sender"; what proofs and locks are bound to
    conversation_id: int | None  # None in `rasa shell`
    channel: str
    text: str
    intent: str
    entities: list[dict[str, Any]]
    slots: dict[str, Any]
    requested_slot: str | None
    active_loop: str | None
    paused: dict[str, Any] | None = None  # a task that silence cut off
    confidence: float = 1.0  # of the intent
    problem: tuple[str, float] = ("", 0.0)  # with an account, as it was learned to be told; and how surely

    @classmethod
    def of(cls, session: Session, tracker: Tracker) -> Turn:
        """Read the turn from Rasa's tracker."""
        message = tracker.latest_message or {}
        metadata = message.get("metadata") or {}
        problem = message.get("account_problem") or {}
        return cls(
            session=session,
            asker=tracker.sender_id,
            conversation_id=metadata.get("conversation_id"),
            channel=metadata.get("channel", "shell"),
            text=message.get("text") or "",
            intent=(message.get("intent") or {}).get("name") or "",
            entities=message.get("entities") or [],
            slots=tracker.slots,
            requested_slot=tracker.slots.get("requested_slot"),
            active_loop=(tracker.active_loop or {}).get("name"),
            paused=metadata.get("paused"),
            confidence=(message.get("intent") or {}).get("confidence") or 0.0,
            problem=(problem.get("name") or "", problem.get("confidence") or 0.0),
        )

    def entity(self, name: str) -> str | None:
        """Return the value of the first entity of this name."""
        return next((str(found["value"]) for found in self.entities if found["entity"] == name), None)


@dataclass
class Reply:
    """What an action answers: messages, slots to set, and what should happen next."""

    messages: list[Message] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)
    leave_form: bool = False  # end the active form
    then: str | None = None  # an action or form to run right after this one; LISTEN: nothing, not even the form

    def and_slots(self, slots: dict[str, Any]) -> Reply:
        """Return this reply with more slots set."""
        self.slots = {**self.slots, **slots}
        return self

    def events(self) -> list[EventType]:
        """Return the reply as events of Rasa."""
        events: list[EventType] = [SlotSet(name, value) for name, value in self.slots.items()]
        if self.leave_form:
            events += [ActiveLoop(None), SlotSet("requested_slot", None)]
        if self.then:
            events.append(FollowupAction(self.then))
        return events
