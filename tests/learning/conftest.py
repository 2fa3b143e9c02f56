"""Messages as they lie in the inbox after their turn, and somebody who decides about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation.models import Address, Conversation, InboxMessage
from bot.staff import accounts
from bot.staff.accounts import Member
from bot.staff.models import Staff

Received = Callable[..., InboxMessage]


@pytest.fixture
def received(session: Session) -> Received:
    """Put a message into the inbox as a turn leaves it."""
    conversation = Conversation(channel="rest", sender="a", created_at=clock.now())
    session.add(conversation)
    session.flush()
    address = Address(channel="rest", sender="a", conversation_id=conversation.id, created_at=clock.now())
    session.add(address)
    session.flush()
    count = iter(range(10_000))

    def put(
        text: str,
        outcome: str | None = "answered",
        intent: str = "ask_procedure",
        confidence: float = 0.9,
        **more: Any,
    ) -> InboxMessage:
        now = clock.now()
        understood = {
            "intent": intent,
            "confidence": confidence,
            "ranking": [[intent, confidence], ["greet", 0.01]],
            "entities": more.pop("entities", []),
        }
        row = InboxMessage(
            **{
                "conversation_id": conversation.id,
                "address_id": address.id,
                "message_id": f"m{next(count)}",
                "kind": "text",
                "text": text,
                "received_at": now,
                "sent_at": now,
                "ready_at": now,
                "state": "done",
                "understood": understood,
                "outcome": outcome,
            }
            | more
        )
        session.add(row)
        session.flush()
        return row

    return put


@pytest.fixture
def editor(session: Session) -> Member:
    """An editor of the content."""
    accounts.add(session, "lan.do", "Đỗ Thị Lan", "content_editor")
    return accounts.member_of(session.execute(select(Staff).where(Staff.username == "lan.do")).scalar_one())
