"""The door: a citizen's message is cleaned, screened and stored, once per message id, before it is answered."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation import guard
from bot.conversation.models import Conversation, InboxMessage
from bot.db.engine import Database
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


def accept(database: Database, channel: str, sender: str, text: str, message_id: str) -> Accepted:
    """Store one message of `sender`; the same (sender, message_id) again finds the first one.

    Raises BadMessage for a text or id that cannot be taken.
    """
    text = _checked(text, "tin nhắn", LONGEST_TEXT)
    sender = _checked(sender, "mã người gửi", LONGEST_ID)
    message_id = _checked(message_id, "mã tin nhắn", LONGEST_ID)
    try:
        with database.unit_of_work() as session:
            return _store(session, channel, sender, text, message_id)
    except IntegrityError:
        # The same message, or the first two of a new sender, arrived at two processes at once: look again.
        with database.unit_of_work() as session:
            return _store(session, channel, sender, text, message_id)


def _checked(value: str, what: str, longest: int) -> str:
    if len(value) > longest:
        raise BadMessage(f"Dạ, {what} dài quá {longest} ký tự. Anh/chị gửi ngắn lại giúp em.")
    value = clean(value)
    if not value:
        raise BadMessage(f"Dạ, {what} đang trống. Anh/chị gõ nội dung rồi gửi lại giúp em.")
    return value


def _store(session: Session, channel: str, sender: str, text: str, message_id: str) -> Accepted:
    found = session.execute(
        select(Conversation.id, InboxMessage.id)
        .outerjoin(
            InboxMessage,
            (InboxMessage.conversation_id == Conversation.id) & (InboxMessage.message_id == message_id),
        )
        .where(Conversation.channel == channel, Conversation.sender == sender)
    ).one_or_none()
    if found and found[1]:
        return Accepted(found[1], found[0], again=True)
    now = clock.now()
    if found:
        conversation_id = found[0]
    else:
        conversation = Conversation(channel=channel, sender=sender, created_at=now)
        session.add(conversation)
        session.flush()
        conversation_id = conversation.id
    screened = guard.screen(text)
    message = InboxMessage(
        conversation_id=conversation_id,
        message_id=message_id,
        text=screened.text,
        guard=screened.reason,
        received_at=now,
    )
    session.add(message)
    session.flush()
    return Accepted(message.id, conversation_id, again=False)
