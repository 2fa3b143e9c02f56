"""Messages are answered in the order in which they were sent, however they arrive; what is under way is waited for."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import segno
from sqlalchemy import select
from talking import Chat, kinds

from bot import clock
from bot.conversation import inbox
from bot.conversation.incoming import Incoming
from bot.conversation.media import LEASE, MOST_TRIES, MediaReader
from bot.conversation.models import InboxMessage
from bot.conversation.turn import Turns
from bot.db.engine import Database

SLIP = io.BytesIO()
segno.make_qr("https://example.org/tra-cuu?ma=H36.12-261118-0042").save(SLIP, kind="png", scale=4)
NOW = clock.parse("2026-11-23T09:00:00+07:00")
Begin = Callable[..., Chat]


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def store(database: Database, text: str, sent: float, order: int = 0, **more: Any) -> int:
    """Store a message sent so many seconds after nine; it may be overtaken for 0.3 s."""
    at = NOW + timedelta(seconds=sent)
    incoming = Incoming("zalo", "u1", f"{text}{sent}{order}", text, sent_at=at, order=order, **more)
    return inbox.accept(database, incoming, settle_seconds=0.3).conversation_id


def answered(turns: Turns, conversation: int, database: Database) -> list[str]:
    ids = []
    while done := turns.run_next(conversation):
        ids.append(done.inbox_id)
    with database.reading() as session:
        texts = dict(session.execute(select(InboxMessage.id, InboxMessage.text)).all())
    return [texts[number] for number in ids]


def test_an_earlier_message_that_comes_later_is_answered_first(furnished: Database, turns: Turns) -> None:
    talk = store(furnished, "cảm ơn", -1.0)
    store(furnished, "xin chào", -2.0)
    assert answered(turns, talk, furnished) == [], "an earlier one might still come"
    with clock.frozen(NOW + timedelta(seconds=0.3)):
        assert answered(turns, talk, furnished) == ["xin chào", "cảm ơn"]


def test_within_one_second_the_platforms_count_decides(furnished: Database, turns: Turns) -> None:
    talk = store(furnished, "cảm ơn", -1.0, order=12)
    store(furnished, "xin chào", -1.0, order=11)
    with clock.frozen(NOW + timedelta(seconds=1)):
        assert answered(turns, talk, furnished) == ["xin chào", "cảm ơn"]


def test_a_platform_whose_clock_runs_ahead_holds_up_nobody(furnished: Database, turns: Turns) -> None:
    talk = store(furnished, "xin chào", 3600.0)
    with clock.frozen(NOW + timedelta(seconds=1)):
        inbox.accept(furnished, Incoming("zalo", "u1", "next", "cảm ơn", sent_at=NOW + timedelta(seconds=0.5)))
        assert answered(turns, talk, furnished) == ["xin chào", "cảm ơn"]


@pytest.mark.parametrize("command", ["start", "help", "cancel", "human"])
def test_commands_mean_what_they_say(chat: Begin, command: str) -> None:
    (answer, *_) = chat(channel="telegram").say(command, kind="command")
    assert (
        answer.custom["kind"]
        in {
            "start": ("smalltalk",),
            "help": ("smalltalk",),
            "cancel": ("cancelled", "smalltalk", "info"),
            "human": ("handoff",),
        }[command]
    )


def test_a_typed_slash_is_no_command(chat: Begin) -> None:
    (answer, *_) = chat(channel="telegram").say("/restart")
    assert answer.custom["kind"] == "fallback"


@pytest.mark.parametrize("kind", ["voice", "file", "sticker", "unknown"])
def test_what_cannot_be_read_is_said_kindly(chat: Begin, kind: str) -> None:
    (answer,) = chat(channel="telegram").say("", kind=kind)
    assert answer.custom["kind"] == "fallback" and answer.text.startswith("Dạ, ")


class TestMedia:
    """Photos come after their webhook; what was written behind them waits."""

    @pytest.fixture
    def photo(self, furnished: Database) -> int:
        store(furnished, "", -2.0, kind="photo", media={"file": "p1"})
        return store(furnished, "cảm ơn", -1.0)

    def read(self, database: Database, fetch: Callable[[dict[str, Any]], Any], **more: Any) -> list[int]:
        ready: list[int] = []
        reader = MediaReader(database, {"zalo": fetch}, more.get("listen"), ready.append)
        asyncio.run(reader.round())
        return ready

    def test_a_photo_becomes_text_and_what_follows_waits(self, furnished: Database, turns: Turns, photo: int) -> None:
        seen: list[dict[str, Any]] = []

        async def fetch(media: dict[str, Any]) -> bytes:
            seen.append(media)
            return SLIP.getvalue()

        with clock.frozen(NOW + timedelta(seconds=1)):
            assert answered(turns, photo, furnished) == []
            assert self.read(furnished, fetch) == [photo]
            assert answered(turns, photo, furnished) == ["Ảnh giấy hẹn", "cảm ơn"]
        assert seen == [{"file": "p1"}]
        with furnished.reading() as session:
            assert session.execute(select(InboxMessage.media)).scalars().all() == [None, None], "nothing of it is kept"

    def test_what_cannot_be_fetched_is_asked_for_in_words(self, furnished: Database, turns: Turns, photo: int) -> None:
        async def fetch(_media: dict[str, Any]) -> bytes:
            raise OSError("cdn.example/secret")

        for number in range(MOST_TRIES):
            with clock.frozen(NOW + (number + 1) * LEASE):
                ready = self.read(furnished, fetch)
                assert bool(ready) == (number == MOST_TRIES - 1)
        with clock.frozen(NOW + 5 * LEASE):
            done = turns.run_next(photo)
        assert done is not None and "chưa tải được ảnh" in done.replies[0].text

    def test_two_readers_do_not_fetch_the_same(self, furnished: Database, photo: int) -> None:
        seen = []

        async def fetch(media: dict[str, Any]) -> bytes:
            seen.append(media)
            assert self.wanted_now(furnished) == 0
            return SLIP.getvalue()

        with clock.frozen(NOW + timedelta(seconds=1)):
            self.read(furnished, fetch)
        assert len(seen) == 1

    @staticmethod
    def wanted_now(database: Database) -> int:
        return len(MediaReader(database, {}, None, lambda _: None)._take())

    def test_a_voice_message_is_heard_where_that_is_offered(self, furnished: Database, turns: Turns) -> None:
        talk = store(furnished, "", -1.0, kind="voice", media={"file": "v1"})

        async def fetch(_media: dict[str, Any]) -> bytes:
            return b"OggS"

        with clock.frozen(NOW + timedelta(seconds=1)):
            self.read(furnished, fetch, listen=lambda _sound: "làm khai sinh cần giấy tờ gì")
            done = turns.run_next(talk)
        assert done is not None and kinds(done.replies)[0] in ("procedure", "procedure_choices")

    def test_a_secret_that_was_spoken_is_masked_too(self, furnished: Database, turns: Turns) -> None:
        talk = store(furnished, "", -1.0, kind="voice", media={"file": "v1"})

        async def fetch(_media: dict[str, Any]) -> bytes:
            return b"OggS"

        with clock.frozen(NOW + timedelta(seconds=1)):
            self.read(furnished, fetch, listen=lambda _sound: "mã otp của tôi là 482913")
            done = turns.run_next(talk)
        assert done is not None and kinds(done.replies)[0] == "guard"
        with furnished.reading() as session:
            assert "482913" not in "".join(session.execute(select(InboxMessage.text)).scalars())
