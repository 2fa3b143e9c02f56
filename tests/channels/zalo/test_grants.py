"""The grant: one refresher at a time, the pair committed before use, alarms, nothing readable in the database."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fakes.zalo import FakeZalo
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.channels.zalo import alarms, parts, wiring
from bot.channels.zalo.grants import Grants
from bot.channels.zalo.models import ZaloAccount, ZaloGrant
from bot.channels.zalo.oauth import Pair
from bot.channels.zalo.wiring import Zalo
from bot.conversation.outbox.delivery import NeedsStaff, PlatformDown
from bot.db.engine import Database
from bot.privacy.sealing import Sealer, new_key
from channels.zalo.conftest import CITIZEN, Build, Run, Time, grant

WORKERS = 20


@pytest.fixture
def database(shared_database: Database) -> Iterator[Database]:
    """A database of each kind: here it decides."""
    yield shared_database
    with shared_database.unit_of_work() as session:
        for model in (ZaloGrant, ZaloAccount):
            session.query(model).delete()


def stored(database: Database) -> ZaloGrant:
    with database.reading() as session:
        row = session.query(ZaloGrant).one()
        session.expunge(row)
        return row


def test_the_token_is_kept_until_a_fifth_of_its_life_is_left(zalo: FakeZalo, granted: Zalo, time_: Time) -> None:
    first = granted.account.grants.access_token()
    time_.advance(90_000 * 0.79)
    assert granted.account.grants.access_token() == first and zalo.oauth.refreshes == 0
    time_.advance(90_000 * 0.02)
    second = granted.account.grants.access_token()
    assert second != first and zalo.oauth.error_of(second) == 0
    assert zalo.oauth.refreshes == 1


def test_the_life_that_zalo_names_is_obeyed(zalo: FakeZalo, ours: Zalo, time_: Time) -> None:
    grant(zalo, ours, seconds=3600)
    time_.advance(2900)
    ours.account.grants.access_token()
    standing = ours.account.grants.standing()
    assert standing and standing.expires_at - standing.issued_at == timedelta(hours=1)
    assert zalo.oauth.refreshes == 1


@pytest.mark.parametrize("trouble", ["-216", "-220", "-201:Invalid Access Token, please renew"])
def test_a_rejected_token_is_refreshed_once_and_the_call_repeated(
    zalo: FakeZalo, granted: Zalo, run: Run[Any], time_: Time, trouble: str
) -> None:
    zalo.oa.touch(CITIZEN)
    time_.advance(hours=1)
    zalo.inject("/message/cs", trouble)
    assert run(granted.channel.send(CITIZEN, parts.TextPart("xin chào"), "1.0"))
    assert zalo.oauth.refreshes == 1 and zalo.oa.texts_to(CITIZEN) == ["xin chào"]


def test_a_new_token_that_is_rejected_is_not_refreshed_again_and_again(
    zalo: FakeZalo, granted: Zalo, run: Run[Any], time_: Time
) -> None:
    time_.advance(hours=1)
    zalo.inject("/message/cs", "-216", times=99)
    for _ in range(5):
        with pytest.raises(NeedsStaff):
            run(granted.channel.send(CITIZEN, parts.TextPart("xin chào"), "1.0"))
    assert zalo.oauth.refreshes == 1


def workers(database: Database, zalo: FakeZalo, sealer: Sealer, config: Any) -> list[str]:
    """Have many processes' worth of workers, each with its own engine and event loop, need the token at once."""
    got: list[str] = []
    start = threading.Barrier(WORKERS)

    def work() -> None:
        own = Database(database.url.render_as_string(hide_password=False))
        account = wiring.account(config, own, sealer)

        async def call() -> str:
            start.wait()
            try:
                await account.api.account()
                return account.grants.access_token()
            except NeedsStaff as error:
                return error.reason
            finally:
                await account.api.close()

        got.append(asyncio.run(call()))
        own.dispose()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return got


@pytest.mark.parametrize("why", ["age", "rejected"])
def test_twenty_workers_refresh_exactly_once(
    database: Database, zalo: FakeZalo, granted: Zalo, sealer: Sealer, time_: Time, why: str
) -> None:
    time_.advance(hours=21)
    if why == "rejected":
        time_.advance(hours=-10)
        zalo.oauth.end_access()
    zalo.oauth.slow = 0.1
    got = workers(database, zalo, sealer, granted.account.config)
    assert len(got) == WORKERS and len(set(got)) == 1, got
    assert zalo.oauth.refreshes == 1 and zalo.oauth.refused == []


def test_without_the_lock_the_race_is_real(
    database: Database,
    zalo: FakeZalo,
    granted: Zalo,
    sealer: Sealer,
    time_: Time,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has one writer, whatever we do")
    monkeypatch.setattr(Grants, "_row", lambda self, session: session.get(ZaloGrant, self._oa_id))
    time_.advance(hours=26)
    zalo.oauth.slow = 0.1
    workers(database, zalo, sealer, granted.account.config)
    assert -14014 in zalo.oauth.refused


def test_a_crash_between_refresh_and_use_loses_nothing(
    zalo: FakeZalo, granted: Zalo, build: Build, run: Run[Any], time_: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    zalo.oa.touch(CITIZEN)
    time_.advance(hours=26)

    async def crash(*_args: Any, **_kwargs: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(granted.account.api, "_once", crash)
    with pytest.raises(KeyboardInterrupt):
        run(granted.channel.send(CITIZEN, parts.TextPart("một"), "1.0"))
    assert zalo.oauth.refreshes == 1
    after = build()  # another process, that knows only what was committed
    assert run(after.channel.send(CITIZEN, parts.TextPart("hai"), "1.1"))
    assert zalo.oauth.refreshes == 1 and zalo.oa.texts_to(CITIZEN) == ["hai"]


def test_a_pair_that_could_not_be_committed_is_saved_later(
    zalo: FakeZalo, granted: Zalo, time_: Time, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    time_.advance(hours=26)
    whole = Grants._write

    def full(*_args: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Grants, "_write", full)
    with pytest.raises(OSError):
        granted.account.grants.access_token()
    monkeypatch.setattr(Grants, "_write", whole)
    token = granted.account.grants.access_token()
    assert zalo.oauth.error_of(token) == 0 and zalo.oauth.refreshes == 1 and zalo.oauth.refused == []
    time_.advance(hours=26)
    assert zalo.oauth.error_of(granted.account.grants.access_token()) == 0 and zalo.oauth.refreshes == 2


def test_a_database_that_cannot_write_says_so_before_the_token_is_spent(
    zalo: FakeZalo, granted: Zalo, time_: Time, database: Database, sealer: Sealer
) -> None:
    time_.advance(hours=26)
    with database.unit_of_work() as session:
        if database.is_sqlite:
            session.execute(
                text("CREATE TRIGGER full_disk BEFORE UPDATE ON zalo_grants BEGIN SELECT RAISE(ABORT, 'x'); END")
            )
        else:
            session.execute(text("CREATE RULE full_disk AS ON UPDATE TO zalo_grants DO INSTEAD SELECT 1/0"))
    try:
        with pytest.raises(DBAPIError):
            granted.account.grants.access_token()
        assert zalo.sent("/v4/oa/access_token") == []
    finally:
        with database.unit_of_work() as session:
            on = "" if database.is_sqlite else " ON zalo_grants"
            session.execute(text(f"DROP {'TRIGGER' if database.is_sqlite else 'RULE'} full_disk{on}"))


def test_while_oauth_is_away_the_old_token_serves_as_long_as_it_lives(
    zalo: FakeZalo, granted: Zalo, time_: Time
) -> None:
    first = granted.account.grants.access_token()
    time_.advance(hours=21)
    zalo.inject("/v4/oa/access_token", "502", times=2)
    assert granted.account.grants.access_token() == first
    time_.advance(hours=5)
    with pytest.raises(PlatformDown):
        granted.account.grants.access_token()
    assert zalo.oauth.error_of(granted.account.grants.access_token()) == 0, "it is back"


def test_a_dead_grant_is_an_alarm_and_stays_for_the_inquest(
    zalo: FakeZalo, granted: Zalo, time_: Time, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    zalo.oauth.revoke()
    time_.advance(hours=26)
    before = stored(database).sealed
    for _ in range(3):
        with pytest.raises(NeedsStaff, match="-14014"):
            granted.account.grants.access_token()
    assert len(zalo.sent("/v4/oa/access_token")) == 1, "a dead token is not sent again"
    assert alarms.is_up("grant_dead") and stored(database).sealed == before and stored(database).dead_at
    assert sum("refresh token was refused" in record.message for record in caplog.records) == 1
    grant(zalo, granted)
    assert granted.account.grants.access_token() and not alarms.is_up("grant_dead")


@pytest.mark.parametrize(
    ("days", "up"), [(75, set()), (77, {"grant_14_days"}), (88, {"grant_14_days", "grant_3_days"})]
)
def test_the_end_of_the_grant_is_told_in_time(
    zalo: FakeZalo, granted: Zalo, time_: Time, days: int, up: set[str]
) -> None:
    zalo.inject("/v4/oa/access_token", "502", times=999)  # else each check renews it
    time_.advance(days=days)
    granted.check()
    assert {name for name in ("grant_14_days", "grant_3_days") if alarms.is_up(name)} == up


def test_the_hourly_check_renews_it_without_any_traffic(zalo: FakeZalo, granted: Zalo, time_: Time) -> None:
    for _ in range(40):
        time_.advance(days=3)
        granted.check()
    assert zalo.oauth.refreshes == 40 and zalo.oauth.refused == []
    assert not any(map(alarms.is_up, ("grant_14_days", "grant_3_days", "grant_dead")))


def test_without_a_grant_there_is_an_alarm(ours: Zalo) -> None:
    ours.check()
    with pytest.raises(NeedsStaff, match="no_grant"):
        ours.account.grants.access_token()
    assert alarms.is_up("no_grant")


def test_tokens_are_sealed_and_the_pair_before_is_kept(
    zalo: FakeZalo, granted: Zalo, time_: Time, database: Database, sealer: Sealer
) -> None:
    time_.advance(hours=26)
    granted.account.grants.access_token()
    row = stored(database)
    assert "AT-" not in row.sealed + row.previous and "RT-" not in row.sealed + row.previous
    assert "RT-000001" in sealer.open(row.previous) and "RT-000002" in sealer.open(row.sealed)


def test_another_key_is_an_alarm_and_no_traceback(granted: Zalo, database: Database) -> None:
    account = granted.account
    other = Grants(database, Sealer(new_key()), account.config.app_id, account.config.oa_id, account.grants._oauth)
    with pytest.raises(NeedsStaff, match="grant_sealed"):
        other.access_token()
    assert alarms.is_up("grant_sealed")


def test_no_token_reaches_the_log(
    zalo: FakeZalo, granted: Zalo, time_: Time, run: Run[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    zalo.oa.touch(CITIZEN)
    time_.advance(hours=26)
    run(granted.channel.send(CITIZEN, parts.TextPart("Nội dung riêng"), "1.0"))
    zalo.oauth.revoke()
    with pytest.raises(NeedsStaff):
        run(granted.channel.send(CITIZEN, parts.TextPart("Nội dung riêng"), "1.1"))
    for secret in ("AT-0", "RT-0", "TESTAPPSECRET", CITIZEN, "Nội dung riêng"):
        assert secret not in caplog.text
    pair = Pair("AT-00000001", "RT-00000001", timedelta(1))
    assert "AT-" not in repr(pair) and "SECRET" not in repr(granted.account.config)


def test_a_refresh_that_hangs_ends_before_others_give_up_waiting(
    zalo: FakeZalo, granted: Zalo, time_: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.zalo.oauth.WAIT_SECONDS", 0.2)
    time_.advance(hours=26)
    zalo.inject("/v4/oa/access_token", "hang:1")
    with pytest.raises(PlatformDown, match="ReadTimeout"):
        granted.account.grants.access_token()
