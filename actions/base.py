"""What all actions share: they read the turn, call a capability, say its answer. No SQL, no business rules."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from bot.db.engine import Database, NoUnitOfWork, current_session
from bot.messages import Message
from bot.settings import settings

# Beginnings of `pending` that only the very next message answers: a yes said later must not cancel a booking.
ASKED_ONCE = ("cancel_pickup", "withdraw_dossier", "account", "place")


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

    @classmethod
    def of(cls, session: Session, tracker: Tracker) -> Turn:
        """Read the turn from Rasa's tracker."""
        message = tracker.latest_message or {}
        metadata = message.get("metadata") or {}
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


class TurnAction(Action, ABC):
    """An action of ours: subclasses name it and write `answer`."""

    action_name: ClassVar[str]

    def name(self) -> str:
        """Return the name that domain.yml lists."""
        return self.action_name

    @abstractmethod
    def answer(self, turn: Turn) -> Reply:
        """Return what to say to this turn."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Answer inside the turn's transaction (called by Rasa)."""
        with turn_session() as session:
            reply = self.answer(Turn.of(session, tracker))
        speak(dispatcher, reply.messages)
        asked = str(tracker.slots.get("pending") or "")
        if reply.messages and asked.startswith(ASKED_ONCE):
            reply.slots.setdefault("pending", None)
        if reply.messages and tracker.slots.get("asked_back"):
            reply.slots.setdefault("asked_back", None)  # questions back count only in a row
        return reply.events()


def speak(dispatcher: CollectingDispatcher, messages: list[Message]) -> None:
    """Hand messages to Rasa; a button carries its meaning as a native payload, so `rasa shell` works."""
    for message in messages:
        dispatcher.utter_message(
            text=message.text,
            buttons=[{"title": button.title, "payload": button.meaning} for button in message.buttons],
            json_message=message.custom(),
        )


@contextmanager
def turn_session() -> Iterator[Session]:
    """Give the session of the running turn; under `rasa run actions` a unit of work of its own."""
    try:
        running = current_session()
    except NoUnitOfWork:
        with _own_database().unit_of_work() as session:
            yield session
    else:
        yield running


@lru_cache(maxsize=1)
def _own_database() -> Database:
    return Database(settings().database_url)
