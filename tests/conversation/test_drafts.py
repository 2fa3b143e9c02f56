"""Answers that a person looks at first: held, sent, changed, and gone when the citizen writes again."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from talking import Chat, kinds

from bot.conversation import drafts, scratch, staffing
from bot.conversation.engine import Engine
from bot.conversation.models import Draft, InboxMessage
from bot.conversation.turn import Turns
from bot.conversation.ways import Ways
from bot.db.engine import Database
from bot.pickups.models import Pickup
from bot.staff import accounts
from bot.staff.accounts import Member
from bot.tickets.models import Ticket

WAYS = Ways(looking=["web"])


@pytest.fixture
def member(furnished: Database) -> Member:
    with furnished.unit_of_work() as session:
        accounts.add(session, "hoa", "Hoa", "agent")
        drafts.switch(session, "procedures", on=True, staff_id=None)
        return accounts.member_of(accounts.listed(session)[0])


def draft_of(database: Database) -> Draft:
    with database.reading() as session:
        found = session.execute(select(Draft).order_by(Draft.id.desc())).scalars().first()
        session.expunge(found)
        return found


def test_an_answer_of_the_topic_is_held_and_others_are_not(furnished: Database, turns: Turns, member: Member) -> None:
    chat = Chat(furnished, turns, channel="web")
    held = chat.say("khai sinh cần giấy tờ gì")
    assert [line.custom for line in held] == [{"kind": "info", "topic": "held"}]
    assert kinds(chat.say("chào em")) == ["smalltalk"]
    with furnished.reading() as session:
        rows = session.execute(select(InboxMessage.topic, InboxMessage.outcome).order_by(InboxMessage.id)).all()
    assert [tuple(row) for row in rows] == [("procedures", "held"), ("other", "answered")]


def test_it_is_sent_as_it_is_with_its_buttons(furnished: Database, turns: Turns, member: Member) -> None:
    chat = Chat(furnished, turns, channel="web")
    chat.say("khai sinh cần giấy tờ gì")
    with furnished.unit_of_work() as session:
        assert staffing.send_draft(session, draft_of(furnished).id, member, WAYS)
    with furnished.reading() as session:
        from bot.conversation.transcript import of_conversation

        sent = of_conversation(session, draft_of(furnished).conversation_id)[-1]
    assert sent.custom["kind"] == "procedure" and "Tờ khai" in sent.text and sent.buttons
    with furnished.unit_of_work() as session:
        assert not staffing.send_draft(session, draft_of(furnished).id, member, WAYS), "once"


def test_it_vanishes_when_the_citizen_writes_again(furnished: Database, turns: Turns, member: Member) -> None:
    chat = Chat(furnished, turns, channel="web")
    chat.say("khai sinh cần giấy tờ gì")
    first = draft_of(furnished).id
    chat.say("à thôi, chào em")
    with furnished.unit_of_work() as session:
        assert session.get(Draft, first).state == "dropped"
        assert not staffing.send_draft(session, first, member, WAYS)


def test_a_changed_one_says_so(furnished: Database, turns: Turns, member: Member) -> None:
    chat = Chat(furnished, turns, channel="web")
    chat.say("khai sinh cần giấy tờ gì")
    with furnished.unit_of_work() as session:
        staffing.send_draft(session, draft_of(furnished).id, member, WAYS, changed="Dạ, chị mang giấy chứng sinh ạ.")
    assert (draft_of(furnished).state, draft_of(furnished).decided_by) == ("changed", member.id)


def suggested_in(database: Database, engine: Engine, talk: int, text: str) -> scratch.Suggested | None:
    with scratch.undone(database) as session:
        return scratch.suggest(session, engine, talk, text)


def test_a_suggestion_leaves_no_trace(furnished: Database, turns: Turns, engine: Engine) -> None:
    chat = Chat(furnished, turns, channel="web")
    before = chat.say("chào em")
    with furnished.reading() as session:
        talk = session.execute(select(InboxMessage.conversation_id)).scalar_one()
    suggested = suggested_in(furnished, engine, talk, "cho tôi gặp nhân viên")
    assert suggested is not None and suggested.messages[0]["custom"]["kind"] == "handoff"
    assert suggested.understood["intent"]["name"] == "talk_to_human"
    with furnished.reading() as session:
        assert session.execute(select(Ticket)).first() is None
        assert session.execute(select(Pickup)).first() is None
    assert kinds(before) == ["smalltalk"] and kinds(chat.say("lệ phí khai sinh")) == ["procedure"]
    assert suggested_in(furnished, engine, 10**6, "chào") is None


@pytest.mark.parametrize("factor", ["4567", "0000"])
def test_no_factor_is_tried_unseen(furnished: Database, turns: Turns, engine: Engine, factor: str) -> None:
    chat = Chat(furnished, turns, channel="web")
    assert kinds(chat.say("hồ sơ H36.12-261118-0033"))[-1] == "dossier_proof"
    with furnished.reading() as session:
        talk = session.execute(select(InboxMessage.conversation_id)).scalar_one()
    suggested = suggested_in(furnished, engine, talk, factor)
    assert suggested is not None and (suggested.messages, suggested.tries) == ([], True)
