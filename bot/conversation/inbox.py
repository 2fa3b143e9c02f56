"""The door: a citizen's message is cleaned, screened and stored, once per message id, before it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, column, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation import guard
from bot.db.base import Json, UtcDateTime
from bot.db.engine import Database
from bot.places import location
from bot.text import clean

LONGEST_TEXT = 4_000
LONGEST_ID = 128


class BadMessage(ValueError):
    """A message that cannot be taken; its text is one sentence for the sender."""


@dataclass(frozen=True)
class Accepted:
    """A stored message: where it waits, and whether it was there before."""

    inbox_id: int
    conversation_id: int
    again: bool


def accept(
    database: Database, channel: str, sender: str, content: str, message_id: str, *, confirmed_later: bool = False
) -> Accepted:
    """Store one message of `sender`; the same (sender, message_id) again finds the first one.

    `confirmed_later`: nobody is told that it is stored before its turn has ended, so PostgreSQL need not wait for the
    disk twice. Raises BadMessage for a text or id that cannot be taken.
    """
    content = _checked(content, "tin nhắn", LONGEST_TEXT)
    point = location.shared(content)
    content = point.address if point else content  # no more of where somebody is than the answer needs
    sender = _checked(sender, "mã người gửi", LONGEST_ID)
    message_id = _checked(message_id, "mã tin nhắn", LONGEST_ID)
    try:
        with database.unit_of_work() as session:
            return _store(session, channel, sender, content, message_id, _ACCEPT_LAZILY if confirmed_later else _ACCEPT)
    except IntegrityError:
        # The same message, or the first two of a new sender, arrived at two processes at once: look again.
        with database.unit_of_work() as session:
            return _store(session, channel, sender, content, message_id, _ACCEPT)


def _checked(value: str, what: str, longest: int) -> str:
    if len(value) > longest:
        raise BadMessage(f"Dạ, {what} dài quá {longest} ký tự. Anh/chị gửi ngắn lại giúp em.")
    value = clean(value)
    if not value:
        raise BadMessage(f"Dạ, {what} đang trống. Anh/chị gõ nội dung rồi gửi lại giúp em.")
    return value


def _store(session: Session, channel: str, sender: str, content: str, message_id: str, in_one_go: Any) -> Accepted:
    screened = guard.screen(content, _before(session, channel, sender, content))
    given = {
        "channel": channel,
        "sender": sender,
        "message_id": message_id,
        "text": screened.text,
        "guard": screened.found.value if screened.found else None,
        "now": clock.now(),
    }
    if session.get_bind().dialect.name == "postgresql" and (stored := session.execute(in_one_go, given).first()):
        return Accepted(stored.id, stored.conversation_id, again=False)
    found = session.execute(_FIND, given).first()
    if found and found.inbox_id:
        return Accepted(found.inbox_id, found.conversation_id, again=True)
    conversation_id = found.conversation_id if found else session.execute(_BEGIN, given).scalar_one()
    inbox_id = session.execute(_ADD, {**given, "conversation_id": conversation_id}).scalar_one()
    return Accepted(inbox_id, conversation_id, again=False)


def _before(session: Session, channel: str, sender: str, content: str) -> guard.Before:
    """Return what was said before `content`, where that can decide what a bare number is."""
    if not guard.needs_before(content):
        return guard.NOTHING
    last = session.execute(_LAST, {"channel": channel, "sender": sender}).first()
    if last is None:
        return guard.NOTHING
    return guard.Before(last.said or "", last.reply or "", str((last.custom or {}).get("kind")))


# Written once, like the statements of the turn: every message comes through here.
_FIND = text(
    """
    SELECT c.id AS conversation_id, i.id AS inbox_id
    FROM conversations c
    LEFT JOIN inbox i ON i.conversation_id = c.id AND i.message_id = :message_id
    WHERE c.channel = :channel AND c.sender = :sender
    """
)
_LAST = text(
    """
    SELECT (SELECT i.text FROM inbox i WHERE i.conversation_id = c.id ORDER BY i.id DESC LIMIT 1) AS said,
           o.text AS reply, o.custom
    FROM conversations c
    LEFT JOIN outbox o ON o.conversation_id = c.id AND o.seq = c.last_seq
    WHERE c.channel = :channel AND c.sender = :sender
    """
).columns(column("said"), column("reply"), column("custom", Json))
_BEGIN = text(
    """
    INSERT INTO conversations (channel, sender, mode, last_seq, created_at) VALUES (:channel, :sender, 'bot', 0, :now)
    RETURNING id
    """
).bindparams(bindparam("now", type_=UtcDateTime()))
_ADD = text(
    """
    INSERT INTO inbox (conversation_id, message_id, text, guard, received_at, state, attempts)
    VALUES (:conversation_id, :message_id, :text, :guard, :now, 'waiting', 0)
    RETURNING id
    """
).bindparams(bindparam("now", type_=UtcDateTime()))
# All of it in one round trip, where the database can (SQLite cannot insert in a WITH). No row comes back when the
# message was there before, or when two first messages of a sender met.
_ACCEPT_SQL = """
    WITH found AS (SELECT id FROM conversations WHERE channel = :channel AND sender = :sender),
    begun AS (
        INSERT INTO conversations (channel, sender, mode, last_seq, created_at)
        SELECT :channel, :sender, 'bot', 0, :now WHERE NOT EXISTS (SELECT 1 FROM found)
        ON CONFLICT (channel, sender) DO NOTHING
        RETURNING id
    )
    INSERT INTO inbox (conversation_id, message_id, text, guard, received_at, state, attempts)
    SELECT id, :message_id, :text, :guard, :now, 'waiting', 0
    FROM (SELECT id FROM found UNION ALL SELECT id FROM begun) conversation
    ON CONFLICT (conversation_id, message_id) DO NOTHING
    RETURNING id, conversation_id
    """
_ACCEPT, _ACCEPT_LAZILY = (
    text(before + _ACCEPT_SQL).bindparams(bindparam("now", type_=UtcDateTime()))
    for before in ("", "SET LOCAL synchronous_commit TO off;")
)
