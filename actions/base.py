"""What all actions share: they read the turn, call a capability, say its answer. No SQL, no business rules."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.account_precedence import account_first
from actions.general_precedence import general_first
from actions.precedence import preempt
from actions.readiness import asked_again
from actions.stopping import puts_off
from actions.turn import LISTEN, Reply, Turn
from bot.db.engine import Database, NoUnitOfWork, current_session
from bot.messages import Message
from bot.settings import settings

# Beginnings of `pending` that only the very next message answers: a yes said later must not cancel a booking.
ASKED_ONCE = (
    "cancel_pickup", "withdraw_dossier", "account", "place", "delivery_problem", "feedback", "hardship",
)  # fmt: skip


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
            turn = Turn.of(session, tracker)
            reply = general_first(turn, self.action_name)
            reply = reply or account_first(turn) or preempt(turn, self.action_name) or self.answer(turn)
            if not reply.then and "pending" not in reply.slots and (again := asked_again(turn)):
                reply.messages += again.messages
            if turn.active_loop and puts_off(turn.text) and reply.messages:
                reply.leave_form, reply.then = True, reply.then or LISTEN  # "thôi để sau đi, cho hỏi …"
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
