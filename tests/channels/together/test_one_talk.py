"""The same talk on every channel: a procedure, its papers, a dossier, a booking, and a notice days later."""

from __future__ import annotations

import re
from pathlib import Path

from fakes.telegram import TOKEN, FakeTelegram
from live_server import free_port
from playwright.sync_api import Page
from sqlalchemy import select

from bot import clock
from bot.channels.zalo.models import ZaloAccount
from bot.conversation.engine import Engine
from bot.conversation.models import OutboxMessage
from bot.db.engine import Database
from bot.dossiers.intake import events
from bot.dossiers.statuses import Status
from bot.pickups.models import Pickup

from .conftest import Time, furnish, serving, telegram_world, wait_for, zalo_world
from .talkers import OnTelegram, OnTheWeb, OnZalo, Talk, Talker

FOLLOWED = "H36.12-261118-0033"


def talk(citizen: Talker) -> Talk:
    """Have the talk up to the booking."""
    with_us = Talk(citizen)
    with_us.says("dang ky ket hon can giay to gi", "Tờ khai đăng ký kết hôn")
    with_us.says("lệ phí bao nhiêu", "miễn lệ phí")
    with_us.says(f"hồ sơ {FOLLOWED} tới đâu rồi", "4 số cuối điện thoại")
    with_us.says("4567", "đang được giải quyết")
    with_us.presses("Báo tin cho tôi", "em báo anh/chị")
    with_us.says("mang kết quả về nhà giúp tôi, hồ sơ H36.14-261102-0076", "4 số cuối")
    with_us.says("2468", "đứng tên hồ sơ")
    with_us.presses("Đúng rồi", "xã hay phường")
    with_us.says("phường Phan Thiết", "số nhà")
    with_us.says("12 Trần Phú", "ngày nào")
    with_us.presses("Thứ tư 25/11/2026", "buổi sáng hay buổi chiều")
    with_us.presses("Buổi sáng", "tiền cước")
    with_us.presses("Khi bưu tá đến", "Anh/chị đồng ý")
    with_us.presses("Đồng ý", "MC-")
    return with_us


def the_dossier_moves_on(database: Database) -> None:
    """Let the result be ready, as the agency's system reports it."""
    with database.unit_of_work() as session:
        events.add_event(session, FOLLOWED, {"status": Status.DONE, "at": clock.now().isoformat(), "event_id": "ready"})


def booked(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.execute(select(Pickup.state)).scalars())


def told(with_us: Talk) -> None:
    """Wait for the notice, and see that it says nothing that only its owner may know."""
    notice = with_us.hears(FOLLOWED)
    assert "kết quả" in notice
    assert "Nguyễn" not in notice and "090" not in notice


def test_one_talk_on_every_channel(tmp_path: Path, engine: Engine, hand: Time, page: Page) -> None:
    database = furnish(tmp_path / "telegram.db")
    with telegram_world(engine, database) as telegram:
        with_us = talk(OnTelegram(telegram))
        hand.advance(days=3)
        the_dossier_moves_on(database)
        told(with_us)
        assert telegram.violations == []
        assert booked(database) == ["requested"]
    hand.advance(days=-3)

    for kind in ("enterprise", "state"):
        database = furnish(tmp_path / f"{kind}.db")
        with zalo_world(engine, database, hand, kind) as zalo:
            with_us = talk(OnZalo(zalo))
            hand.advance(days=3)
            the_dossier_moves_on(database)
            told(with_us)
            assert booked(database) == ["requested"]
            assert zalo.oa.charged == 55, "after 48 hours a message costs something, and is still the cheapest way"
        hand.zalo = None
        hand.advance(days=-3)

    database = furnish(tmp_path / "web.db")
    with serving(database, engine, free_port()) as address:
        with_us = talk(OnTheWeb(page, address))
        hand.advance(days=3)
        the_dossier_moves_on(database)
        told(with_us)
        assert booked(database) == ["requested"]


def test_an_account_that_may_not_answer_by_api(tmp_path: Path, engine: Engine, hand: Time) -> None:
    """Zalo refuses both ways: the staff answer in Zalo's own tool; nothing is lost and nothing is said twice."""
    database = furnish(tmp_path / "closed.db")
    with zalo_world(engine, database, hand, "closed") as zalo:
        citizen = OnZalo(zalo)
        citizen.says("lệ phí đăng ký khai sinh")

        def drafted() -> list[str]:
            with database.reading() as session:
                return list(session.execute(select(OutboxMessage.text)).scalars())

        def refused() -> bool:
            with database.reading() as session:
                account = session.execute(select(ZaloAccount)).scalars().first()
                return account is not None and account.human_reply_at is not None

        wait_for(drafted, "the draft is written")
        wait_for(refused, "the account is known to be answered by people")
        assert citizen.texts() == []
        assert "lệ phí" in drafted()[0]


def test_a_talk_goes_on_on_another_channel(tmp_path: Path, engine: Engine, hand: Time, page: Page) -> None:
    """Begun on the page, linked by a code, gone on with on Telegram."""
    database = furnish(tmp_path / "both.db")
    with FakeTelegram() as fake:
        settings = {"telegram_token": TOKEN, "telegram_api_url": fake.url, "telegram_webhook_secret": "w" * 32}
        with serving(database, engine, free_port(), **settings) as address:
            wait_for(lambda: fake.webhook["url"], "the webhook is set")
            on_web, on_phone = OnTheWeb(page, address), OnTelegram(fake)
            web, phone = Talk(on_web), Talk(on_phone)
            web.says("mang kết quả về nhà giúp tôi, hồ sơ H36.14-261102-0076", "4 số cuối")
            web.says("2468", "đứng tên hồ sơ")
            web.says("nối kênh", "LK-")
            code = re.search(r"LK-\w{4}-\w{4}", on_web.texts()[-1])
            assert code
            phone.says(code[0], "là một")
            phone.says("nhắc lại", "đứng tên hồ sơ")
            web.seen = len(on_web.texts())
            phone.says("Đúng rồi", "xã hay phường")
            web.hears("xã hay phường")
