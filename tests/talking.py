"""Talk to the assistant without a channel: store a message and run its turn, here and now."""

from __future__ import annotations

import itertools
import uuid
from typing import Any

from sqlalchemy import func, select

from bot.conversation import inbox
from bot.conversation.incoming import Incoming
from bot.conversation.models import InboxMessage, OutboxMessage
from bot.conversation.transcript import Line
from bot.conversation.turn import Turns
from bot.db.engine import Database
from bot.tickets.models import Ticket

_numbers = itertools.count(1)


class Chat:
    """One citizen; `say` returns the replies. Several chats of one name are several processes talking to one."""

    def __init__(self, database: Database, turns: Turns, sender: str | None = None, channel: str = "rest") -> None:
        self.channel = channel
        self.database, self.turns = database, turns
        self.sender = sender or f"citizen-{uuid.uuid4().hex[:8]}"
        self.last: list[Line] = []

    def store(self, text: str, message_id: str | None = None, **more: Any) -> inbox.Accepted:
        """Store a message without answering it; `more` as `Incoming` has it (kind, media, sent_at, …)."""
        number = message_id or f"m{next(_numbers)}"
        return inbox.accept(self.database, Incoming(self.channel, self.sender, number, text, **more))

    def say(self, text: str, **more: Any) -> list[Line]:
        """Send a message and have it answered."""
        accepted = self.store(text, **more)
        done = self.turns.run_next(accepted.conversation_id)
        assert done is not None and done.inbox_id == accepted.inbox_id, "this very message was answered"
        assert not done.failed
        self.last = done.replies
        return done.replies

    def press(self, title: str) -> list[Line]:
        """Press a button of the last replies."""
        for line in self.last:
            for button in line.buttons:
                if button["title"] == title:
                    return self.say(button["payload"])
        raise AssertionError(f"no button {title!r}, only {self.titles()}")

    def titles(self) -> list[str]:
        """Return the titles of the buttons of the last replies."""
        return [button["title"] for line in self.last for button in line.buttons]


def kinds(lines: list[Line]) -> list[str]:
    """Return what kind each reply is of."""
    return [line.custom["kind"] for line in lines]


def plain(lines: list[Line]) -> list[tuple[str, Any, list[str]]]:
    """Return what a citizen sees of replies, without numbers and times."""
    return [(line.text, line.custom, [button["title"] for button in line.buttons]) for line in lines]


def inbox_rows(database: Database) -> list[InboxMessage]:
    """Return all stored messages, in order."""
    with database.reading() as session:
        rows = list(session.execute(select(InboxMessage).order_by(InboxMessage.id)).scalars())
        session.expunge_all()
        return rows


def outbox_rows(database: Database) -> list[OutboxMessage]:
    """Return all replies, in order."""
    with database.reading() as session:
        rows = list(session.execute(select(OutboxMessage).order_by(OutboxMessage.id)).scalars())
        session.expunge_all()
        return rows


def tickets(database: Database) -> int:
    """Return how many tickets there are."""
    with database.reading() as session:
        return int(session.execute(select(func.count()).select_from(Ticket)).scalar_one())
