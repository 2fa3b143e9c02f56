"""What the assistant would say, without saying it: a turn whose transaction is undone, for the staff who decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.conversation.exchange import Answering, Said
from bot.conversation.models import Conversation, TrackerState
from bot.db.engine import Database
from bot.dossiers import proof
from bot.links import without_unknown


@dataclass(frozen=True)
class Suggested:
    """What would be answered, as Rasa has it, and what was understood."""

    messages: list[dict[str, Any]]
    understood: dict[str, Any]
    tries: bool = False  # it tries a dossier's second factor: that happens for real, is counted, or not at all


class _Undone(Exception):
    """Ends the transaction without a trace."""


def suggest(database: Database, engine: Answering, conversation_id: int, text: str) -> Suggested | None:
    """Return what the assistant would answer to `text` in a conversation as it stands; None without the conversation.

    Nothing of it happens: bookings, tickets and the dialogue are undone. A try at a dossier's second factor shows
    nothing: undone, it would be neither counted nor written down.
    """
    found: Suggested | None = None
    try:
        with database.unit_of_work() as session:
            conversation = session.get(Conversation, conversation_id)
            if conversation is None:
                raise _Undone
            state = session.get(TrackerState, conversation_id)
            reply = engine.answer(
                f"{conversation.channel}:{conversation.sender}",
                Said(text),
                state.events if state else None,
                {
                    "conversation_id": conversation_id,
                    "channel": conversation.channel,
                    "paused": state.paused if state else None,
                },
            )
            if session.info.pop(proof.TRIED, False):
                found = Suggested([], reply.understood, tries=True)
                raise _Undone
            messages = [{**m, "text": without_unknown(m.get("text") or "")} for m in reply.messages]
            found = Suggested(messages, reply.understood)
            raise _Undone
    except _Undone:
        return found
