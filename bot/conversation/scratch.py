"""What the assistant would say, without saying it: a turn whose transaction is undone, for the staff who decide."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import column
from sqlalchemy import text as text_
from sqlalchemy.orm import Session

from bot.conversation.exchange import Answering, Said
from bot.db.base import Json
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


@contextmanager
def undone(database: Database) -> Iterator[Session]:
    """Run the block in a transaction of which nothing happens: bookings, tickets and the dialogue are undone."""
    try:
        with database.unit_of_work() as session:
            yield session
            raise _Undone
    except _Undone:
        return


def suggest(session: Session, engine: Answering, conversation_id: int, text: str) -> Suggested | None:
    """Return what the assistant would answer to `text` in a conversation as it stands; None without the conversation.

    To be called inside `undone`. A try at a dossier's second factor shows nothing: undone, it would be neither counted
    nor written down.
    """
    stands = session.execute(_STANDS, {"id": conversation_id}).first()
    if stands is None:
        return None
    reply = engine.answer(
        f"{stands.channel}:{stands.sender}",
        Said(text),
        stands.events,
        {"conversation_id": conversation_id, "channel": stands.channel, "paused": stands.paused},
    )
    if session.info.pop(proof.TRIED, False):
        return Suggested([], reply.understood, tries=True)
    messages = [{**m, "text": without_unknown(m.get("text") or "")} for m in reply.messages]
    return Suggested(messages, reply.understood)


_STANDS = text_(
    """
    SELECT c.channel, c.sender, t.events, t.paused
    FROM conversations c LEFT JOIN trackers t ON t.conversation_id = c.id
    WHERE c.id = :id
    """
).columns(*(column(name) for name in ("channel", "sender", "events")), column("paused", Json))
