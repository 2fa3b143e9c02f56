"""The door: a citizen's message is cleaned, screened and stored, once per message id, before it is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, column, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation import guard
from bot.conversation.incoming import Incoming
from bot.db.base import Json, UtcDateTime
from bot.db.engine import Database
from bot.places import location
from bot.text import clean

LONGEST_TEXT = 4_000
LONGEST_ID = 128
LONGEST_NAME = 120
_WITHOUT_TEXT = frozenset({"photo", "voice", "file", "sticker", "unknown"})


class BadMessage(ValueError):
    """A message that cannot be taken; its text is one sentence for the sender."""


@dataclass(frozen=True)
class Accepted:
    """A stored message: where it waits, and whether it was there before."""

    inbox_id: int
    conversation_id: int
    again: bool


def accept(
    database: Database, incoming: Incoming, *, confirmed_later: bool = False, settle_seconds: float = 0.0
) -> Accepted:
    """Store what a citizen sent; the same message id of the same sender again finds the first one.

    `confirmed_later`: nobody is told that it is stored before its turn has ended, so PostgreSQL need not wait for the
    disk twice. `settle_seconds`: how long an earlier message may still be under way; it is not answered before.
    Raises BadMessage for a text or id that cannot be taken.
    """
    checked = _usable(incoming)
    try:
        with database.unit_of_work() as session:
            return _store(session, checked, settle_seconds, _ACCEPT_LAZILY if confirmed_later else _ACCEPT)
    except IntegrityError:
        # The same message, or the first two of a new sender, arrived at two processes at once: look again.
        with database.unit_of_work() as session:
            return _store(session, checked, settle_seconds, _ACCEPT)


def accept_many(
    database: Database, arrived: Sequence[Incoming], *, settle_seconds: float = 0.0
) -> list[Accepted | BadMessage]:
    """Store what several people sent, in one transaction; each gets what `accept` would have returned or raised."""
    usable: list[Incoming | BadMessage] = [_usable_or_not(incoming) for incoming in arrived]

    def store(session: Session, each: Incoming | BadMessage) -> Accepted | BadMessage:
        return each if isinstance(each, BadMessage) else _store(session, each, settle_seconds, _ACCEPT)

    try:
        with database.unit_of_work() as session:
            return [store(session, each) for each in usable]
    except IntegrityError:  # one of them met itself in another process: one by one, the others lose nothing
        return [
            each if isinstance(each, BadMessage) else accept(database, each, settle_seconds=settle_seconds)
            for each in usable
        ]


def _usable_or_not(incoming: Incoming) -> Incoming | BadMessage:
    try:
        return _usable(incoming)
    except BadMessage as error:
        return error


def _usable(incoming: Incoming) -> Incoming:
    """Return what arrived in the form that is stored; raises BadMessage."""
    content = _checked(incoming.text, "tin nhắn", LONGEST_TEXT, may_be_empty=incoming.kind in _WITHOUT_TEXT)
    point = location.shared(content)
    return replace(
        incoming,
        text=point.address if point else content,  # no more of where somebody is than the answer needs
        sender=_checked(incoming.sender, "mã người gửi", LONGEST_ID),
        message_id=_checked(incoming.message_id, "mã tin nhắn", LONGEST_ID),
    )


def _checked(value: str, what: str, longest: int, *, may_be_empty: bool = False) -> str:
    # Looked at twice: some letters are two or three in NFC, and the columns are no wider.
    if len(value) > longest or len(value := clean(value)) > longest:
        raise BadMessage(f"Dạ, {what} dài quá {longest} ký tự. Anh/chị gửi ngắn lại giúp em.")
    if not value and not may_be_empty:
        raise BadMessage(f"Dạ, {what} đang trống. Anh/chị gõ nội dung rồi gửi lại giúp em.")
    return value


def _store(session: Session, incoming: Incoming, settle_seconds: float, in_one_go: Any) -> Accepted:
    screened = guard.screen(incoming.text, _before(session, incoming))
    now = clock.now()
    given = {
        "channel": incoming.channel,
        "sender": incoming.sender,
        "name": clean(incoming.name or "")[:LONGEST_NAME] or None,
        "message_id": incoming.message_id,
        "kind": incoming.kind,
        "text": screened.text,
        "media": incoming.media or None,
        "guard": screened.found.value if screened.found else None,
        "state": "fetching" if incoming.media else "waiting",
        "now": now,
        # A platform whose clock runs ahead must not put today's message behind tomorrow's.
        "sent_at": min(incoming.sent_at or now, now),
        "platform_order": incoming.order,
        "ready_at": now + timedelta(seconds=settle_seconds),
    }
    if session.get_bind().dialect.name == "postgresql" and (stored := session.execute(in_one_go, given).first()):
        return Accepted(stored.id, stored.conversation_id, again=False)
    found = session.execute(_FIND, given).first()
    if found and found.inbox_id:
        return Accepted(found.inbox_id, found.talked_in, again=True)
    if found is None:
        conversation_id = session.execute(_BEGIN, given).scalar_one()
        found = session.execute(_MEET, {**given, "conversation_id": conversation_id}).one()
    place = {"conversation_id": found.conversation_id, "address_id": found.address_id}
    inbox_id = session.execute(_ADD, {**given, **place}).scalar_one()
    return Accepted(inbox_id, found.conversation_id, again=False)


def _before(session: Session, incoming: Incoming) -> guard.Before:
    """Return what was said before, where that can decide what a bare number is."""
    if not guard.needs_before(incoming.text):
        return guard.NOTHING
    last = session.execute(_LAST, {"channel": incoming.channel, "sender": incoming.sender}).first()
    if last is None:
        return guard.NOTHING
    return guard.Before(last.said or "", last.reply or "", str((last.custom or {}).get("kind")))


# Written once, like the statements of the turn: every message comes through here.
_FIND = text(
    """
    SELECT a.id AS address_id, a.conversation_id, i.id AS inbox_id, i.conversation_id AS talked_in
    FROM addresses a
    LEFT JOIN inbox i ON i.address_id = a.id AND i.message_id = :message_id
    WHERE a.channel = :channel AND a.sender = :sender
    """
)
_LAST = text(
    """
    SELECT (SELECT i.text FROM inbox i WHERE i.conversation_id = c.id ORDER BY i.id DESC LIMIT 1) AS said,
           o.text AS reply, o.custom
    FROM addresses a
    JOIN conversations c ON c.id = a.conversation_id
    LEFT JOIN outbox o ON o.conversation_id = c.id AND o.seq = c.last_seq
    WHERE a.channel = :channel AND a.sender = :sender
    """
).columns(column("said"), column("reply"), column("custom", Json))
_CONVERSATION = "INSERT INTO conversations (channel, sender, mode, last_seq, created_at) "
_ADDRESS = "INSERT INTO addresses (channel, sender, name, conversation_id, created_at) "
_INBOX = """
    INSERT INTO inbox (conversation_id, address_id, message_id, kind, text, media, guard, received_at, sent_at,
                       platform_order, ready_at, state, attempts)
    """
_GIVEN = ":message_id, :kind, :text, :media, :guard, :now, :sent_at, :platform_order, :ready_at, :state, 0"


def _statement(sql: str) -> Any:
    times = (bindparam(name, type_=UtcDateTime()) for name in ("now", "sent_at", "ready_at") if f":{name}" in sql)
    return text(sql).bindparams(*times, *([bindparam("media", type_=Json)] if ":media" in sql else []))


_BEGIN = _statement(_CONVERSATION + "VALUES (:channel, :sender, 'bot', 0, :now) RETURNING id")
_MEET = _statement(
    _ADDRESS + "VALUES (:channel, :sender, :name, :conversation_id, :now) RETURNING id AS address_id, conversation_id"
)
_ADD = _statement(f"{_INBOX} VALUES (:conversation_id, :address_id, {_GIVEN}) RETURNING id")
# All of it in one round trip, where the database can (SQLite cannot insert in a WITH). No row comes back when the
# message was there before, or when two first messages of a sender met.
_ACCEPT_SQL = f"""
    WITH found AS (SELECT id, conversation_id FROM addresses WHERE channel = :channel AND sender = :sender),
    begun AS (
        {_CONVERSATION} SELECT :channel, :sender, 'bot', 0, :now WHERE NOT EXISTS (SELECT 1 FROM found)
        ON CONFLICT (channel, sender) DO NOTHING
        RETURNING id
    ),
    met AS (
        {_ADDRESS} SELECT :channel, :sender, :name, id, :now FROM begun
        RETURNING id, conversation_id
    )
    {_INBOX}
    SELECT conversation_id, id, {_GIVEN}
    FROM (SELECT id, conversation_id FROM found UNION ALL SELECT id, conversation_id FROM met) address
    ON CONFLICT (address_id, message_id) DO NOTHING
    RETURNING id, conversation_id
    """  # noqa: S608 (made of our own pieces; what is given goes in as parameters)
_ACCEPT, _ACCEPT_LAZILY = _statement(_ACCEPT_SQL), _statement("SET LOCAL synchronous_commit TO off;" + _ACCEPT_SQL)
