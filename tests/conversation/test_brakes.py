"""A channel that is switched off, and somebody who writes faster than people do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from talking import Chat, kinds

from bot import clock
from bot.conversation import brakes
from bot.conversation.engine import Engine
from bot.conversation.models import InboxMessage
from bot.conversation.taking import FAST
from bot.conversation.turn import Turns
from bot.db.engine import Database
from bot.privacy.models import AuditEntry
from bot.tickets.models import Ticket


@pytest.fixture
def limited(furnished: Database, engine: Engine) -> Iterator[Turns]:
    yield Turns(furnished, engine, 30, frozenset({"web"}), fast=True)


def outcomes(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.execute(select(InboxMessage.outcome).order_by(InboxMessage.id)).scalars())


def test_a_channel_that_is_off_sends_everybody_to_a_person(furnished: Database, turns: Turns) -> None:
    with furnished.unit_of_work() as session:
        assert brakes.switch(session, "web", off=True, actor="cli:test", reason="trả lời sai")
        assert not brakes.switch(session, "web", off=True, actor="cli:test", reason="lần nữa")
    here, there = Chat(furnished, turns, channel="web"), Chat(furnished, turns, channel="zalo")
    said = here.say("đăng ký khai sinh cần giấy tờ gì")
    assert "tạm ngưng" in said[0].text and here.titles() == ["Gặp nhân viên"]
    assert kinds(there.say("đăng ký khai sinh cần giấy tờ gì")) == ["procedure"]
    assert kinds(here.press("Gặp nhân viên")) == ["handoff"]
    assert outcomes(furnished) == ["off", "answered", "off"]
    with furnished.unit_of_work() as session:
        assert session.execute(select(Ticket.topic)).scalars().all() == ["talk_to_human"]
        assert brakes.switch(session, "web", off=False, actor="cli:test", reason="")
        entries = session.execute(select(AuditEntry.action, AuditEntry.reason).order_by(AuditEntry.id)).all()
        assert entries == [("channel.off", "trả lời sai"), ("channel.on", None)]
    again = Chat(furnished, turns, channel="web")
    assert kinds(again.say("đăng ký khai sinh cần giấy tờ gì")) == ["procedure"]


def test_who_writes_too_fast_is_told_once_and_answered_again_later(furnished: Database, limited: Turns) -> None:
    chat = Chat(furnished, limited, channel="web")
    start = clock.now()
    for number in range(FAST):
        with clock.frozen(start + timedelta(seconds=number)):
            assert chat.say("cảm ơn"), number
    for number in range(3):
        with clock.frozen(start + timedelta(seconds=FAST + number)):
            said = chat.say("cảm ơn")
            assert bool(said) == (number == 0)
    assert outcomes(furnished)[-3:] == ["limited"] * 3
    with clock.frozen(start + timedelta(seconds=FAST + 120)):
        assert kinds(chat.say("đăng ký khai sinh cần giấy tờ gì")) == ["procedure"]


def test_honest_speed_and_programs_of_ours_are_never_limited(furnished: Database, limited: Turns) -> None:
    slow, program = Chat(furnished, limited, channel="web"), Chat(furnished, limited, channel="rest")
    start = clock.now()
    for number in range(FAST + 5):
        with clock.frozen(start + timedelta(seconds=3 * number)):
            assert slow.say("cảm ơn")
        with clock.frozen(start + timedelta(seconds=number / 10)):
            assert program.say("cảm ơn")


def test_a_secret_is_warned_of_on_a_channel_that_is_off(furnished: Database, turns: Turns) -> None:
    with furnished.unit_of_work() as session:
        brakes.switch(session, "web", off=True, actor="cli:test", reason="x")
    said = Chat(furnished, turns, channel="web").say("mã otp của tôi là 482913")
    assert said[0].custom["kind"] == "guard"
