"""What the assistant would suggest to a trainee: as in phone mode, in a conversation that never was."""

from __future__ import annotations

from bot import clock
from bot.conversation.exchange import Answering, Said
from bot.conversation.models import Conversation
from bot.db.engine import Database
from bot.links import without_unknown

_NO_HELP = frozenset({"handoff", "fallback"})  # what is said when the assistant cannot help is no suggestion
CHANNEL = "phone"


class _Undone(Exception):
    """Ends the transaction without a trace."""


def suggest(database: Database, engine: Answering, said: list[str]) -> str:
    """Return the answer to the last of what a played citizen said, after all before it; "" where there is none.

    Tickets, bookings and the conversation itself are undone.
    """
    messages: list[dict[str, object]] = []
    try:
        with database.unit_of_work() as session:
            now = clock.now()
            conversation = Conversation(channel=CHANNEL, sender=f"practice-{now.timestamp()}", created_at=now)
            session.add(conversation)
            session.flush()
            asker = f"{CHANNEL}:{conversation.sender}"
            metadata = {"conversation_id": conversation.id, "channel": CHANNEL, "paused": None}
            events = None
            for text in said:
                reply = engine.answer(asker, Said(text), events, metadata)
                events, messages = reply.events, reply.messages
            raise _Undone
    except _Undone:
        useful = [one for one in messages if _kind(one) not in _NO_HELP]
        return "\n\n".join(text for one in useful if (text := without_unknown(str(one.get("text") or ""))))


def _kind(message: dict[str, object]) -> object:
    custom = message.get("custom")
    return custom.get("kind") if isinstance(custom, dict) else None
