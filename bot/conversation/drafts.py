"""Answers that a person looks at before they are sent: which topics are so, and what waits.

A draft vanishes when the citizen writes again: an answer to what is no longer asked helps nobody.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation.models import ApprovedTopic, Draft
from bot.conversation.taking import Taken
from bot.messages import Message, say
from bot.tickets import tickets

# What asks back, warns or hands over is not held: only answers are.
_NEVER = ("handoff", "guard", "confirm", "dossier_proof", "dossier_question", "smalltalk")


def is_approved(session: Session, topic: str) -> bool:
    """Return whether answers about the topic are looked at first."""
    return session.get(ApprovedTopic, topic) is not None


def approved_topics(session: Session) -> list[str]:
    """Return the topics whose answers are looked at first."""
    return list(session.execute(select(ApprovedTopic.topic)).scalars())


def switch(session: Session, topic: str, *, on: bool, staff_id: int | None) -> None:
    """Let the answers about a topic be looked at first, or not any more."""
    if on and not is_approved(session, topic):
        session.add(ApprovedTopic(topic=topic, since=clock.now(), set_by=staff_id))
    elif not on:
        session.execute(delete(ApprovedTopic).where(ApprovedTopic.topic == topic))
    session.flush()


def holds(messages: list[dict[str, Any]]) -> bool:
    """Return whether these are messages that a person may look at first."""
    return bool(messages) and not any(str(message["custom"].get("kind")) in _NEVER for message in messages)


def hold(session: Session, taken: Taken, topic: str, messages: list[dict[str, Any]]) -> Message:
    """Keep the messages for a person to look at; returns what the citizen is told meanwhile."""
    session.add(
        Draft(
            conversation_id=taken.conversation_id,
            inbox_id=taken.inbox_id,
            address_id=taken.address_id,
            topic=topic,
            messages=messages,
            state="waiting",
            created_at=clock.now(),
        )
    )
    wait = "" if tickets.desk_open() else f" Giờ này nhân viên đã nghỉ, {tickets.say_again()} mới có người xem ạ."
    return say("info", f"Dạ, câu này nhân viên xem lại rồi mới trả lời, anh/chị chờ em chút nha.{wait}", topic="held")


def drop(session: Session, conversation_id: int) -> None:
    """Drop what waits in a conversation: its citizen wrote again, or a person answers in another way."""
    session.execute(
        update(Draft)
        .where(Draft.conversation_id == conversation_id, Draft.state == "waiting")
        .values(state="dropped", decided_at=clock.now())
        .execution_options(synchronize_session=False)
    )
