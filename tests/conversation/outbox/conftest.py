"""Messages that wait to go out, a platform in memory, a clock set by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot import clock
from bot.conversation.models import Address, Conversation, OutboxMessage
from bot.db.engine import Database

START = datetime.fromisoformat("2026-11-23T09:00:00+07:00")


class HandClock:
    """Time that passes when told: for `bot.clock`, for the sender's pauses, for its waiting."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []
        self._frozen = clock.frozen(START)
        self._frozen.__enter__()

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.pass_(seconds)

    def pass_(self, seconds: float) -> None:
        self.seconds += seconds
        self._frozen.__exit__(None, None, None)
        self._frozen = clock.frozen(START + timedelta(seconds=self.seconds))
        self._frozen.__enter__()

    def stop(self) -> None:
        self._frozen.__exit__(None, None, None)


@pytest.fixture
def hand() -> Iterator[HandClock]:
    hand = HandClock()
    yield hand
    hand.stop()


Add = Callable[..., int]


@pytest.fixture
def add(database: Database, hand: HandClock) -> Add:
    """Put a message into the outbox; people begin with their first one."""

    def _add(
        text: str, to: str = "77", channel: str = "telegram", *, asked: bool = True, state: str = "pending"
    ) -> int:
        with database.unit_of_work() as session:
            found = session.execute(
                select(Address).where(Address.channel == channel, Address.sender == to)
            ).scalar_one_or_none()
            if found is None:
                talk = Conversation(channel=channel, sender=to, created_at=clock.now())
                session.add(talk)
                session.flush()
                found = Address(channel=channel, sender=to, conversation_id=talk.id, created_at=clock.now())
                session.add(found)
                session.flush()
            talk = session.get(Conversation, found.conversation_id)
            talk.last_seq += 1
            message = OutboxMessage(
                conversation_id=talk.id,
                address_id=found.id,
                channel=channel,
                inbox_id=_asked(session, talk, found) if asked else None,
                seq=talk.last_seq,
                text=text,
                custom={"kind": "info"},
                buttons=[],
                state=state,
                created_at=clock.now(),
            )
            session.add(message)
            session.flush()
            return int(message.id)

    return _add


def _asked(session: object, talk: Conversation, address: Address) -> int:
    from bot.conversation.models import InboxMessage

    now = clock.now()
    row = InboxMessage(
        conversation_id=talk.id,
        address_id=address.id,
        message_id=f"m{talk.last_seq}",
        text="hỏi",
        received_at=now,
        sent_at=now,
        ready_at=now,
        state="done",
    )
    session.add(row)  # type: ignore[attr-defined]
    session.flush()  # type: ignore[attr-defined]
    return int(row.id)


@pytest.fixture
def ends(database: Database) -> Callable[[], list[tuple[str, str | None]]]:
    """What became of the messages, oldest first: (state, reason)."""

    def _ends() -> list[tuple[str, str | None]]:
        with database.reading() as session:
            rows = session.execute(select(OutboxMessage.state, OutboxMessage.reason).order_by(OutboxMessage.id))
            return [tuple(row) for row in rows]

    return _ends
