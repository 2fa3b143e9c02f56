"""What comes from Telegram, in the real inbox: everything is taken, once, and nothing waits for a file that is none."""

from __future__ import annotations

from fakes.telegram import FakeTelegram
from sqlalchemy import select

from bot import clock
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.intake import Intake
from bot.conversation import inbox
from bot.conversation.incoming import Incoming
from bot.conversation.models import InboxMessage
from bot.db.engine import Database

from .conftest import use


def test_every_kind_is_stored_once(database: Database, telegram: FakeTelegram) -> None:
    an = telegram.person(77)
    an.says("hồ sơ của tôi tới đâu rồi")
    an.says("/nhanvien")
    an.says("/start LK-7K4P-QD2M")
    an.says("x" * 4_096)
    an.says("\u200b")
    an.shares_contact("84900001234")
    an.shares_contact("84900001234", of=78)
    an.shares_location(11.94, 108.46)
    an.sends_photo(b"\xff\xd8" + b"x" * 300, "giấy hẹn")
    an.sends_voice(b"OggS")
    an.sends_file("don.pdf", "application/pdf", b"%PDF")
    an.sends(sticker={"file_id": "s"})
    an.edits(1, "hồ sơ của em tới đâu rồi")

    async def work(channel: TelegramChannel) -> None:
        async def accept(incoming: Incoming) -> None:
            inbox.accept(database, incoming)

        intake = Intake(channel, accept, lambda *_door: None)
        for update in [*telegram.pending, *reversed(telegram.pending)]:
            await intake.take(update, clock.now())
        await intake.close()

    use(telegram, work)
    with database.reading() as session:
        rows = session.execute(select(InboxMessage).order_by(InboxMessage.id)).scalars().all()
        stored = [(row.kind, row.text[:12], row.state) for row in rows]
    assert stored == [
        ("text", "hồ sơ của tô", "waiting"),
        ("command", "human", "waiting"),
        ("text", "LK-7K4P-QD2M", "waiting"),
        ("unknown", "", "waiting"),
        ("unknown", "", "waiting"),
        ("contact", "+84900001234", "waiting"),
        ("unknown", "", "waiting"),
        ("text", "geo:11.94,10", "waiting"),
        ("photo", "giấy hẹn", "fetching"),
        ("voice", "", "fetching"),
        ("file", "", "waiting"),
        ("sticker", "", "waiting"),
        ("text", "hồ sơ của em", "waiting"),
    ]
