"""Live news of the desk: what changed between two looks, and nothing else."""

from __future__ import annotations

import asyncio

import pytest
from talking import Chat

from bot.conversation import staffing
from bot.conversation.turn import Turns
from bot.conversation.ways import Ways
from bot.db.engine import Database
from bot.desk import live
from bot.desk.live import Live
from bot.staff import accounts


def looked(database: Database) -> dict[str, object]:
    with database.reading() as session:
        return live.look(session)


def test_what_changed_is_told_and_nothing_else(furnished: Database, turns: Turns) -> None:
    nothing = looked(furnished)
    chat = Chat(furnished, turns, channel="web")
    chat.say("chào em")
    assert live.changes(nothing, looked(furnished)) == {}, "talk with the assistant is no news for the desk"
    chat.say("gặp nhân viên")
    waits = looked(furnished)
    talk = next(iter(waits["chats"]))  # type: ignore[call-overload]
    assert live.changes(nothing, waits) == {
        "chats": {"waiting": 1, "drafts": 0, "changed": [talk]},
        "tickets": {"open": 1},
    }
    assert live.changes(waits, looked(furnished)) == {}
    with furnished.unit_of_work() as session:
        accounts.add(session, "hoa", "Hoa", "agent")
        member = accounts.member_of(accounts.listed(session)[0])
        staffing.take(session, talk, member)
    taken = looked(furnished)
    assert live.changes(waits, taken)["chats"] == {"waiting": 0, "drafts": 0, "changed": [talk]}
    assert live.changes(waits, taken)["tickets"] == {"open": 1}, "its ticket has somebody now"
    chat.say("alo")
    written = looked(furnished)
    assert live.changes(taken, written)["chats"]["changed"] == [talk], "the citizen wrote"
    with furnished.unit_of_work() as session:
        staffing.give_back(session, talk, member, Ways(looking=["web"]))
    assert live.changes(written, looked(furnished))["chats"]["changed"] == [talk]


@pytest.mark.parametrize("furnished_database", ["sqlite"], indirect=True)
def test_a_desk_hears_within_a_second_and_ends_with_the_server(furnished: Database, turns: Turns) -> None:
    source = Live(furnished)

    async def run() -> list[bytes]:
        stream = source.stream()
        heard = [await stream.__anext__()]
        await asyncio.to_thread(Chat(furnished, turns, channel="web").say, "gặp nhân viên")
        heard.append(await asyncio.wait_for(stream.__anext__(), 5))
        source.close()
        heard += [event async for event in stream]
        return heard

    first, *others = asyncio.run(run())
    assert b'"waiting":0' in first
    assert any(b"event: chats" in event and b'"waiting":1' in event for event in others)
