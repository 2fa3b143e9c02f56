"""Actions as the Rasa documentation teaches them: a class each, a look into SQLite, one message."""

from __future__ import annotations

import sqlite3
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

# Opened once, not at every action: that favours this side of the comparison.
RECORDS = sqlite3.connect("file:records.db?mode=ro", uri=True, check_same_thread=False)


class ActionProcedure(Action):
    """Answers one aspect of the procedure that is being talked about."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_procedure"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Read the answer by code and aspect (the intent names it)."""
        aspect = tracker.get_intent_of_latest_message().removeprefix("ask_")
        row = RECORDS.execute(
            "SELECT name, answer FROM procedures WHERE code = ? AND aspect = ?", (tracker.get_slot("procedure"), aspect)
        ).fetchone()
        text = f"{row[0]}: {row[1]}" if row else "Dạ, anh/chị hỏi thủ tục nào ạ?"
        dispatcher.utter_message(text=text)
        return []


class ActionDossier(Action):
    """Says where a dossier is, to somebody who knows the last digits of its phone number."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_dossier"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Ask for the second factor, or check it and read the status."""
        factor = next(tracker.get_latest_entity_values("factor"), None)
        if factor is None:
            dispatcher.utter_message(response="utter_ask_factor")
            return []
        row = RECORDS.execute(
            "SELECT code, procedure_name, status FROM dossiers WHERE code = ? AND phone LIKE ?",
            (tracker.get_slot("dossier_code"), f"%{factor}"),
        ).fetchone()
        text = f"Dạ, hồ sơ {row[0]} ({row[1]}) {row[2]}." if row else "Dạ, em không tìm thấy hồ sơ như vậy."
        dispatcher.utter_message(text=text)
        return []
