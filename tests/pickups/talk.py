"""A small stand-in for Rasa's form loop: enough to talk to the booking form through rasa_sdk."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import pickup_asking, pickup_service, pickup_slots, pickups
from actions.base import TurnAction
from bot.pickups.form.draft import FIELDS

FORM = pickup_slots.FORM
_CLASSES: tuple[type[TurnAction], ...] = (
    pickups.StartPickup,
    pickups.HearPickup,
    pickups.BookPickup,
    pickup_service.PickupService,
    *pickup_asking.ASKING,
)
ACTIONS: dict[str, TurnAction] = {action.action_name: action() for action in _CLASSES}


class Talk:
    """One conversation; `say` returns the bot's messages of the turn."""

    def __init__(self, sender: str = "web:a", conversation_id: int | None = None) -> None:
        self.sender, self.conversation_id = sender, conversation_id
        self.slots: dict[str, Any] = {"requested_slot": None}
        self.active = False
        self.rejected = False
        self.sent: list[dict[str, Any]] = []

    def say(self, text: str, intent: str = "inform", **entities: str) -> list[dict[str, Any]]:
        """Send a message that was understood as `intent` with these entities."""
        found = []
        for name, value in entities.items():
            start = max(text.find(value), 0)
            found.append({"entity": name, "value": value, "start": start, "end": start + len(value)})
        return self._turn(text, intent, found)

    def press(self, title: str) -> list[dict[str, Any]]:
        """Press a button of the last messages, as the engine reads it."""
        button = next(b for message in self.sent for b in message["buttons"] if b["title"] == title)
        intent, brace, rest = button["payload"].lstrip("/").partition("{")
        values = json.loads(brace + rest) if brace else {}
        found = [
            {"entity": name, "value": value, "start": 0, "end": len(title), "extractor": "button"}
            for name, value in values.items()
        ]
        return self._turn(title, intent, found)

    @property
    def titles(self) -> list[str]:
        """The titles of all buttons shown last."""
        return [button["title"] for message in self.sent for button in message["buttons"]]

    @property
    def asked(self) -> str | None:
        """The fact the form waits for."""
        slot = self.slots["requested_slot"]
        return slot.removeprefix("pickup_") if slot else None

    def fact(self, name: str) -> Any:
        """A fact as the form holds it."""
        return self.slots.get(f"pickup_{name}")

    def facts(self) -> dict[str, Any]:
        """All facts the form holds."""
        return {name: self.fact(name) for name in FIELDS if self.fact(name) is not None}

    def _turn(self, text: str, intent: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self.message = {"text": text, "intent": {"name": intent}, "entities": entities}
        self.message["metadata"] = {"conversation_id": self.conversation_id, "channel": "web"}
        self.sent, self.rejected = [], False
        if self.active:
            self._form(starting=False)
        elif intent in ("book_delivery", "book_collection"):
            self._run("action_start_pickup")
        else:
            self._run("action_pickup_service")
        return self.sent

    def _form(self, *, starting: bool) -> None:
        self.active = True
        if starting:
            self.slots["requested_slot"] = None
        changed = self._run("validate_pickup_form")
        if not starting and changed <= {"requested_slot"}:
            self.rejected = True  # Rasa raises ActionExecutionRejection: the rules answer
            return
        if self.slots["requested_slot"]:
            self._run(f"action_ask_{FORM}_{self.slots['requested_slot']}")
        else:
            self.active = False
            self._run("action_book_pickup")

    def _run(self, name: str) -> set[str]:
        tracker = Tracker(
            self.sender,
            dict(self.slots),
            self.message,
            [],
            False,
            None,
            {"name": FORM} if self.active else {},
            "action_listen",
        )
        dispatcher = CollectingDispatcher()
        events = asyncio.run(ACTIONS[name].run(dispatcher, tracker, {}))
        self.sent += dispatcher.messages
        set_slots = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
        self.slots.update(set_slots)
        if any(event["event"] == "followup" and event["name"] == FORM for event in events):
            self._form(starting=True)
        if any(event["event"] == "active_loop" and event["name"] is None for event in events):
            self.active = False
        return set(set_slots)
