"""Conversations of one person: found by a phone that both have proved, and by nothing less; merged by the staff."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from talking import Chat, kinds

from bot.conversation import same_person
from bot.conversation.models import Address, Conversation
from bot.conversation.staffing import StaffingError
from bot.conversation.turn import Turns
from bot.db.engine import Database
from bot.dossiers import proof
from bot.privacy.models import AuditEntry
from bot.staff.accounts import Member

MEMBER = Member(1, "hoa", "Hoa", "agent", None)


@pytest.fixture
def two(furnished: Database, turns: Turns) -> tuple[Chat, Chat]:
    chats = Chat(furnished, turns, "on-web", "web"), Chat(furnished, turns, "on-telegram", "telegram")
    for chat in chats:
        chat.say("chào em")
    return chats


def ids(session: Session) -> tuple[int, int]:
    rows = session.execute(select(Conversation.id).order_by(Conversation.id)).scalars().all()
    return rows[0], rows[1]


def test_only_a_phone_that_both_have_proved_tells(furnished: Database, two: tuple[Chat, Chat]) -> None:
    with furnished.unit_of_work() as session:
        web, telegram = ids(session)
        proof.know_phone(session, "web:on-web", "0900001357")
        assert same_person.others(session, web) == []
        with pytest.raises(StaffingError, match="chưa xác minh"):
            same_person.merge(session, telegram, web, MEMBER)
        proof.know_phone(session, "telegram:on-telegram", "0900002468")
        assert same_person.others(session, web) == []
        proof.know_phone(session, "telegram:on-telegram", "0900001357")
        assert [one.id for one in same_person.others(session, web)] == [telegram]
        assert [one.id for one in same_person.others(session, telegram)] == [web]


def test_after_the_merge_both_channels_talk_in_one(furnished: Database, two: tuple[Chat, Chat]) -> None:
    for asker in ("web:on-web", "telegram:on-telegram"):
        with furnished.unit_of_work() as session:
            proof.know_phone(session, asker, "0900001357")
    with furnished.unit_of_work() as session:
        web, telegram = ids(session)
        same_person.merge(session, telegram, web, MEMBER)
    with furnished.unit_of_work() as session:
        assert set(session.execute(select(Address.conversation_id)).scalars()) == {web}
        assert session.get(Conversation, telegram).mode == "closed"
        assert same_person.others(session, web) == []
        assert session.execute(select(AuditEntry.action)).scalars().all()[-1] == "conversation.merge"
        for bad in ((telegram, web), (web, web), (web, 10**6)):
            with pytest.raises(StaffingError):
                same_person.merge(session, *bad, MEMBER)
    assert kinds(two[1].say("lệ phí khai sinh")) == ["procedure"]
