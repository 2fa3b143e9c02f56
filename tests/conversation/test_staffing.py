"""People in a conversation: one owner, the assistant silent meanwhile, nothing lost, nothing looped back."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select
from talking import Chat, kinds

from bot.conversation import staffing
from bot.conversation.models import OutboxMessage
from bot.conversation.staffing import StaffingError
from bot.conversation.transcript import of_conversation
from bot.conversation.turn import Turns
from bot.conversation.ways import Ways
from bot.db.engine import Database
from bot.staff import accounts
from bot.staff.accounts import Member
from bot.tickets import chats
from bot.tickets.models import Ticket

WAYS = Ways(looking=["web"])


@pytest.fixture
def members(furnished: Database) -> dict[str, Member]:
    with furnished.unit_of_work() as session:
        for name, role in (("hoa", "agent"), ("minh", "agent"), ("sếp".replace("ế", "e"), "supervisor")):
            accounts.add(session, name, name.title(), role, "Di Linh")
        return {row.username: accounts.member_of(row) for row in accounts.listed(session)}


@pytest.fixture
def chat(furnished: Database, turns: Turns) -> Chat:
    return Chat(furnished, turns, channel="web")


def waiting(chat: Chat) -> int:
    said = chat.say("cho tôi gặp nhân viên")
    assert kinds(said) == ["handoff"] and said[0].custom["position"] >= 1
    with chat.database.reading() as session:
        return int(session.execute(select(Ticket.conversation_id)).scalar_one())


def do(database: Database, work: Callable[..., object], *args: object, **more: object) -> object:
    with database.unit_of_work() as session:
        return work(session, *args, **more)


def test_a_person_takes_over_writes_and_gives_back(chat: Chat, members: dict[str, Member]) -> None:
    talk = waiting(chat)
    database = chat.database
    do(database, staffing.take, talk, members["hoa"])
    assert chat.say("tôi hỏi khai sinh cần gì") == [], "the assistant is silent"
    do(database, staffing.reply, talk, members["hoa"], "Dạ, em Hoa nghe ạ.", WAYS)
    do(database, staffing.give_back, talk, members["hoa"], WAYS)
    assert kinds(chat.say("khai sinh cần gì")) == ["procedure"], "it answers again, and hands nobody back"
    with database.reading() as session:
        lines = of_conversation(session, talk)
        assert [line.sender for line in lines] == [
            "citizen", "bot", "citizen", "staff", "bot", "citizen", "bot",
        ]  # fmt: skip
        assert [line.seq for line in lines] == list(range(1, 8))
        assert chats.going_on(session, talk) is None
        ticket = session.execute(select(Ticket)).scalar_one()
        assert (ticket.state, ticket.taken_by) == ("closed", members["hoa"].id)
        replied = session.execute(select(OutboxMessage).where(OutboxMessage.seq == 4)).scalar_one()
        assert replied.custom == {"kind": "staff", "name": "Hoa"}


def test_of_two_one_gets_it(chat: Chat, members: dict[str, Member]) -> None:
    talk, database, got = waiting(chat), chat.database, []
    ready = threading.Barrier(2)

    def take(name: str) -> None:
        ready.wait()
        try:
            do(database, staffing.take, talk, members[name])
            got.append(name)
        except StaffingError as error:
            assert "đang nhận cuộc này" in str(error)

    threads = [threading.Thread(target=take, args=(name,)) for name in ("hoa", "minh")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
    other = "minh" if got == ["hoa"] else "hoa"
    with pytest.raises(StaffingError, match="đang nhận"):
        do(database, staffing.reply, talk, members[other], "chen vào", WAYS)
    do(database, staffing.take, talk, members["sep"])  # a supervisor may
    with pytest.raises(StaffingError, match="đang nhận"):
        do(database, staffing.reply, talk, members[got[0]], "muộn rồi", WAYS)


def test_passed_on_to_a_colleague_and_to_a_team(chat: Chat, members: dict[str, Member]) -> None:
    talk, database = waiting(chat), chat.database
    do(database, staffing.take, talk, members["hoa"])
    do(database, staffing.pass_on, talk, members["hoa"], to="minh")
    with database.reading() as session:
        assert session.execute(select(Ticket.taken_by)).scalar_one() == members["minh"].id
    do(database, staffing.reply, talk, members["minh"], "Dạ, em Minh đây ạ.", WAYS)
    do(database, staffing.pass_on, talk, members["minh"], team="Đất đai")
    assert chat.say("alo") == [], "a person was promised"
    with database.reading() as session:
        assert (chats.going_on(session, talk).state, chats.going_on(session, talk).team) == ("waiting", "Đất đai")
    do(database, staffing.take, talk, members["hoa"])
    for bad in ({"to": "khong.co"}, {}):
        with pytest.raises(StaffingError):
            do(database, staffing.pass_on, talk, members["hoa"], **bad)


@pytest.mark.parametrize("text", ["", "   ", "x" * 2_001])
def test_a_reply_that_cannot_be_sent_changes_nothing(chat: Chat, members: dict[str, Member], text: str) -> None:
    talk, database = waiting(chat), chat.database
    do(database, staffing.take, talk, members["hoa"])
    with pytest.raises(StaffingError):
        do(database, staffing.reply, talk, members["hoa"], text, WAYS)
    with database.reading() as session:
        assert chats.going_on(session, talk).replied_at is None


def test_who_waits_hears_the_place(furnished: Database, turns: Turns) -> None:
    first, second = Chat(furnished, turns, channel="web"), Chat(furnished, turns, channel="web")
    first.say("gặp nhân viên")
    said = second.say("gặp nhân viên")[0]
    assert said.custom["position"] == 2 and "vị trí thứ 2" in said.text
