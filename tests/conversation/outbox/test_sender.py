"""The sender: in order, at the platform's pace, tried again, and every message with a named end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from fakes.channel import FakeChannel
from sqlalchemy import select

from bot.conversation.models import Address
from bot.conversation.outbox import queue
from bot.conversation.outbox.delivery import (
    ChannelPaused,
    Limits,
    NeedsStaff,
    PlatformDown,
    Refused,
    TryLater,
    Unreachable,
    WindowClosed,
)
from bot.conversation.outbox.sender import Sender
from bot.conversation.ways import Ways
from bot.db.engine import Database

from .conftest import Add, HandClock

Ends = Callable[[], list[tuple[str, str | None]]]


@pytest.fixture
def platform() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def sender(database: Database, platform: FakeChannel, hand: HandClock) -> Sender:
    return Sender(database, platform, Ways([platform]), hand.monotonic, hand.sleep)


def rounds(sender: Sender, number: int = 1) -> None:
    for _ in range(number):
        asyncio.run(sender.round())


def test_a_persons_messages_go_out_in_order(add: Add, sender: Sender, platform: FakeChannel, ends: Ends) -> None:
    for text in ("một", "hai", "ba"):
        add(text)
    add("khác", to="88")
    rounds(sender)
    assert platform.parts == ["một", "khác"], "one a person at a time"
    rounds(sender, 2)
    assert [part for to, part, _ in platform.arrived if to == "77"] == ["một", "hai", "ba"]
    assert ends() == [("sent", None)] * 4


def test_what_is_tried_again_holds_up_only_its_own_person(
    add: Add, sender: Sender, platform: FakeChannel, ends: Ends, hand: HandClock
) -> None:
    add("một"), add("hai"), add("khác", to="88")
    platform.troubles.append(TryLater("busy"))
    rounds(sender, 2)
    assert platform.parts == ["khác"]
    assert ends()[:2] == [("pending", "busy"), ("pending", None)]
    hand.pass_(30)
    rounds(sender, 2)
    assert platform.parts == ["khác", "một", "hai"]


def test_parts_that_arrived_are_not_sent_again(
    add: Add, sender: Sender, platform: FakeChannel, ends: Ends, hand: HandClock
) -> None:
    number = add("một\nhai\nba")
    platform.troubles.extend([None, TryLater("busy")])
    rounds(sender)
    hand.pass_(30)
    rounds(sender)
    assert [(part, key) for _, part, key in platform.arrived] == [
        ("một", f"{number}.0"),
        ("hai", f"{number}.1"),
        ("ba", f"{number}.2"),
    ]
    assert ends() == [("sent", None)]


def test_after_four_hours_it_is_a_dead_letter(
    add: Add, sender: Sender, platform: FakeChannel, ends: Ends, hand: HandClock
) -> None:
    add("một")
    tries = 0
    while ends()[0][0] == "pending":
        platform.troubles.append(TryLater("busy"))
        rounds(sender)
        tries += not platform.troubles
        platform.troubles.clear()
        hand.pass_(60)
    assert ends() == [("expired", "busy")]
    assert 4 * 3600 <= hand.seconds < 4.5 * 3600
    assert 15 <= tries <= 60, "growing pauses, a quarter of an hour at most"
    rounds(sender)
    assert platform.arrived == []


def test_pauses_grow_and_differ() -> None:
    first = {queue.pause(1).total_seconds() for _ in range(50)}
    assert len(first) > 40 and min(first) >= 5 and max(first) <= 15
    assert all(450 <= queue.pause(40).total_seconds() <= 1350 for _ in range(50))


def test_silence_that_the_platform_asks_for_is_kept_by_the_whole_channel(
    add: Add, sender: Sender, platform: FakeChannel, ends: Ends, hand: HandClock
) -> None:
    add("một")
    platform.troubles.append(ChannelPaused("flood", 25))
    rounds(sender)
    add("khác", to="88")
    hand.pass_(24)
    rounds(sender, 3)
    assert platform.arrived == []
    hand.pass_(2)
    rounds(sender, 2)
    assert sorted(platform.parts) == ["khác", "một"]
    assert [state for state, _ in ends()] == ["sent", "sent"]


def test_who_has_blocked_us_is_not_written_to_until_they_write_again(
    add: Add, sender: Sender, platform: FakeChannel, ends: Ends, database: Database
) -> None:
    add("một")
    platform.troubles.append(Unreachable("blocked"))
    rounds(sender)
    assert ends() == [("unreachable", "blocked")]
    with database.reading() as session:
        address = session.execute(select(Address)).scalar_one()
        assert address.blocked_at is not None
        assert Ways([platform]).choose(session, address.conversation_id, "info").state == "held"


def test_what_the_platform_never_takes_is_a_dead_letter_at_once(
    add: Add, sender: Sender, platform: FakeChannel, ends: Ends
) -> None:
    add("một"), add("hai")
    platform.troubles.extend([Refused("-201"), None])
    rounds(sender, 2)
    assert ends() == [("refused", "-201"), ("sent", None)]
    assert platform.parts == ["hai"], "one that cannot be sent holds up nothing"


def test_a_fault_of_ours_loses_no_other_message(add: Add, sender: Sender, platform: FakeChannel, ends: Ends) -> None:
    add("một"), add("khác", to="88")
    platform.troubles.append(KeyError("0900000000"))
    rounds(sender)
    assert ends() == [("refused", "KeyError"), ("sent", None)], "its text is not kept: it may hold a name"


def test_a_dead_platform_is_left_alone_and_tried_with_one_message(
    add: Add, sender: Sender, platform: FakeChannel, ends: Ends, hand: HandClock
) -> None:
    for person in range(12):
        add("xin chào", to=str(person))
    platform.troubles.extend([PlatformDown("timeout")] * 12)
    rounds(sender)
    assert not platform.troubles, "all twelve were under way when the first failed"
    platform.troubles.append(PlatformDown("timeout"))
    hand.pass_(29)
    rounds(sender)
    assert len(platform.troubles) == 1, "thirty seconds of rest"
    hand.pass_(2)
    rounds(sender)
    assert not platform.troubles, "one was tried"
    hand.pass_(40)
    rounds(sender)
    assert platform.arrived == [], "and failed: a minute of rest"
    hand.pass_(3600)
    rounds(sender)
    assert len(platform.arrived) == 1, "one is tried first"
    rounds(sender)
    assert len(platform.arrived) == 12
    assert {state for state, _ in ends()} == {"sent"}


def test_without_a_token_nothing_is_lost_or_counted(
    add: Add, sender: Sender, platform: FakeChannel, ends: Ends, hand: HandClock
) -> None:
    add("một")
    platform.troubles.append(NeedsStaff("token"))
    rounds(sender)
    assert ends() == [("pending", "token")]
    add("hai")
    rounds(sender)
    assert platform.arrived == []
    hand.pass_(31)
    rounds(sender, 2)
    assert platform.parts == ["một", "hai"]


def test_a_message_of_a_dead_process_is_sent_after_a_minute(
    add: Add, sender: Sender, platform: FakeChannel, ends: Ends, hand: HandClock, database: Database
) -> None:
    add("một\nhai")
    with database.unit_of_work() as session:
        (taken,) = queue.take(session, "telegram", 5)
        queue.part_sent(session, taken, 1)
    hand.pass_(59)
    rounds(sender)
    assert platform.arrived == []
    hand.pass_(16)
    rounds(sender)
    assert platform.parts == ["hai"]
    assert [state for state, _ in ends()] == ["sent"]


def test_who_comes_back_too_late_changes_nothing(add: Add, database: Database, ends: Ends, hand: HandClock) -> None:
    add("một")
    with database.unit_of_work() as session:
        (slow,) = queue.take(session, "telegram", 5)
    hand.pass_(61)
    with database.unit_of_work() as session:
        assert queue.free_stuck(session, "telegram") == 1
        (quick,) = queue.take(session, "telegram", 5)
        queue.end(session, "telegram", quick, "sent")
    with database.unit_of_work() as session:
        queue.again(session, "telegram", slow, "timeout")
    assert [state for state, _ in ends()] == ["sent"]


def test_two_senders_never_take_the_same(add: Add, database: Database) -> None:
    for person in range(30):
        add("xin chào", to=str(person))
    with database.unit_of_work() as session:
        first = queue.take(session, "telegram", 20)
    with database.unit_of_work() as session:
        second = queue.take(session, "telegram", 20)
    assert len(first) == 20 and len(second) == 10
    assert not {taken.id for taken in first} & {taken.id for taken in second}


def test_the_pace_of_a_platform_is_kept(add: Add, database: Database, hand: HandClock, ends: Ends) -> None:
    platform = FakeChannel(limits=Limits(chat_seconds=1.0, per_second=10.0))
    spoke: list[tuple[float, str]] = []
    plain = platform.send

    async def send(to: str, part: str, key: str) -> str | None:
        spoke.append((hand.seconds, to))
        return await plain(to, part, key)

    platform.send = send  # type: ignore[method-assign]
    sender = Sender(database, platform, Ways([platform]), hand.monotonic, hand.sleep)
    for person in range(25):
        add("một\nhai", to=str(person))
    rounds(sender, 3)
    assert len(spoke) == 50
    for person in {to for _, to in spoke}:
        first, second = (moment for moment, to in spoke if to == person)
        assert second - first >= 1.0
    moments = sorted(moment for moment, _ in spoke)
    assert all(later - earlier >= 0.999 for earlier, later in zip(moments, moments[10:], strict=False))


def test_a_part_that_was_long_under_way_is_not_followed_at_once(add: Add, database: Database, hand: HandClock) -> None:
    platform = FakeChannel(limits=Limits(chat_seconds=1.0, per_second=10.0))
    arrived: list[float] = []

    async def send(to: str, part: str, key: str) -> str | None:
        if part == "một":
            hand.pass_(5)  # the platform is slow
        arrived.append(hand.seconds)
        return None

    platform.send = send  # type: ignore[method-assign]
    add("một\nhai")
    rounds(Sender(database, platform, Ways([platform]), hand.monotonic, hand.sleep))
    assert arrived[1] - arrived[0] >= 1.0


class TestWays:
    """A notice that cannot go one way goes another; an answer does not."""

    def test_a_notice_goes_on_by_the_next_way(self, add: Add, database: Database, hand: HandClock, ends: Ends) -> None:
        zalo, zbs = FakeChannel("zalo"), FakeChannel("zbs", speaks_to="zalo", price=560)
        ways = Ways([zalo, zbs])
        add("tin", channel="zalo", asked=False)
        zalo.troubles.append(WindowClosed("-230"))
        rounds(Sender(database, zalo, ways, hand.monotonic, hand.sleep))
        assert ends() == [("pending", "-230")]
        rounds(Sender(database, zbs, ways, hand.monotonic, hand.sleep))
        assert (zbs.parts, zalo.parts) == (["tin"], [])

    def test_without_another_way_it_waits_for_the_next_contact(
        self, add: Add, sender: Sender, platform: FakeChannel, ends: Ends
    ) -> None:
        add("tin", asked=False)
        platform.troubles.append(WindowClosed("-230"))
        rounds(sender, 3)
        assert ends() == [("held", "-230")]
        assert platform.arrived == []

    def test_an_answer_that_cannot_be_given_is_not_told_elsewhere(
        self, add: Add, database: Database, hand: HandClock, ends: Ends
    ) -> None:
        zalo, zbs = FakeChannel("zalo"), FakeChannel("zbs", speaks_to="zalo", price=560)
        add("trả lời", channel="zalo")
        zalo.troubles.append(WindowClosed("-230"))
        rounds(Sender(database, zalo, Ways([zalo, zbs]), hand.monotonic, hand.sleep))
        assert ends() == [("unreachable", "-230")]

    def test_no_way_is_tried_twice(self, add: Add, database: Database, hand: HandClock, ends: Ends) -> None:
        zalo, zbs = FakeChannel("zalo"), FakeChannel("zbs", speaks_to="zalo", price=560)
        ways = Ways([zalo, zbs])
        add("tin", channel="zalo", asked=False)
        zalo.troubles.append(WindowClosed("-230"))
        zbs.troubles.append(WindowClosed("-118"))
        for _ in range(3):
            for channel in (zalo, zbs):
                rounds(Sender(database, channel, ways, hand.monotonic, hand.sleep))
        assert ends() == [("held", "-118")]
        assert zalo.arrived == zbs.arrived == []
