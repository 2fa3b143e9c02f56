"""Units of work, times and the schema's own guards, on both databases."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError, StatementError

from bot import clock
from bot.conversation.models import Address, Conversation, InboxMessage
from bot.db import engine as engine_module
from bot.db.engine import Database, NoUnitOfWork, current_session


def conversation(sender: str = "c1") -> Conversation:
    return Conversation(channel="rest", sender=sender, created_at=clock.now())


def message(conversation_id: int, address_id: int, text: str) -> InboxMessage:
    now = clock.now()
    return InboxMessage(
        conversation_id=conversation_id,
        address_id=address_id,
        message_id="m",
        text=text,
        received_at=now,
        sent_at=now,
        ready_at=now,
    )


def senders(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.execute(select(Conversation.sender).order_by(Conversation.sender)).scalars())


def test_a_unit_of_work_is_kept_whole(database: Database) -> None:
    with database.unit_of_work() as session:
        session.add_all([conversation("a"), conversation("b")])
    assert senders(database) == ["a", "b"]


def test_a_unit_of_work_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError), database.unit_of_work() as session:
        session.add(conversation())
        session.flush()
        raise RuntimeError
    assert senders(database) == []
    with database.unit_of_work() as session:  # and holds up nobody
        session.add(conversation())
    assert senders(database) == ["c1"]


def test_the_running_session_is_known_inside_only(database: Database) -> None:
    with pytest.raises(NoUnitOfWork):
        current_session()
    with database.unit_of_work() as session:
        assert current_session() is session
    with database.reading() as session:
        assert current_session() is session
    with pytest.raises(NoUnitOfWork):
        current_session()


def test_a_reader_waits_for_no_writer(database: Database) -> None:
    with database.unit_of_work() as session:
        session.add(conversation())
        session.flush()
        with ThreadPoolExecutor(1) as pool:
            started = time.monotonic()
            assert pool.submit(senders, database).result(5) == []
            assert time.monotonic() - started < 1


def test_counting_by_many_threads_loses_nothing(database: Database) -> None:
    with database.unit_of_work() as session:
        session.add(conversation())
    barrier = threading.Barrier(6)

    def count(_: int) -> None:
        barrier.wait(10)
        for _ in range(10):
            with database.unit_of_work() as session:
                row = session.execute(select(Conversation).with_for_update()).scalar_one()
                row.last_seq += 1

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(count, range(6)))
    with database.reading() as session:
        assert session.execute(select(Conversation.last_seq)).scalar_one() == 60


def test_two_processes_on_one_file_wait_for_each_other(tmp_path: Path) -> None:
    """Two Database objects share no lock of ours: what is tried here is SQLite's own."""
    url = f"sqlite:///{tmp_path / 'x.db'}"
    here, there = Database(url), Database(url)
    with here.unit_of_work() as session:
        session.execute(text("CREATE TABLE counter (n INTEGER)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))

    def count(database: Database) -> None:
        for _ in range(20):
            with database.unit_of_work() as session:
                n = session.execute(text("SELECT n FROM counter")).scalar_one()
                session.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(count, (here, there)))
    with here.reading() as session:
        assert session.execute(text("SELECT n FROM counter")).scalar_one() == 40
    here.dispose()
    there.dispose()


def test_sqlite_runs_as_it_should(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'deep' / 'er' / 'x.db'}")
    with database.reading() as session:
        assert session.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert session.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    database.dispose()


def test_postgres_speaks_utc_and_gives_up_in_time(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("settings of PostgreSQL")
    with database.reading() as session:
        assert session.execute(text("SHOW timezone")).scalar_one() == "UTC"
        assert session.execute(text("SHOW statement_timeout")).scalar_one() != "0"
        assert session.execute(text("SHOW lock_timeout")).scalar_one() != "0"


def test_times_come_back_as_the_same_moment(database: Database) -> None:
    there = datetime(2026, 11, 22, 9, 0, tzinfo=timezone(timedelta(hours=7)))
    with database.unit_of_work() as session:
        session.add(Conversation(channel="rest", sender="c1", created_at=there))
    with database.reading() as session:
        found = session.execute(select(Conversation.created_at)).scalar_one()
    assert found == there and found.utcoffset() == timedelta(0)


def test_a_time_without_its_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="zone"), database.unit_of_work() as session:
        session.add(Conversation(channel="rest", sender="c1", created_at=datetime(2026, 11, 22)))


def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(IntegrityError), database.unit_of_work() as session:
        session.add(message(999, 999, "x"))


def test_checks_hold_against_plain_sql(database: Database) -> None:
    with database.unit_of_work() as session:
        session.add(conversation())
    with pytest.raises(IntegrityError), database.unit_of_work() as session:
        session.execute(update(Conversation).values(mode="nonsense"))


def test_one_conversation_for_each_sender(database: Database) -> None:
    with pytest.raises(IntegrityError), database.unit_of_work() as session:
        session.add_all([conversation(), conversation()])


def test_an_error_does_not_quote_what_citizens_wrote(database: Database) -> None:
    with pytest.raises(SQLAlchemyError) as raised, database.unit_of_work() as session:
        session.add(message(999, 999, "bí mật"))
    assert "bí mật" not in str(raised.value)


def test_a_conversation_takes_its_messages_along(database: Database) -> None:
    with database.unit_of_work() as session:
        one = conversation()
        session.add(one)
        session.flush()
        address = Address(channel="rest", sender="c1", conversation_id=one.id, created_at=clock.now())
        session.add(address)
        session.flush()
        session.add(message(one.id, address.id, "x"))
    with database.unit_of_work() as session:
        session.execute(Conversation.__table__.delete())
    with database.reading() as session:
        assert session.execute(select(func.count()).select_from(InboxMessage)).scalar_one() == 0


def test_ping_of_a_database_that_is_away(tmp_path: Path) -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1")
    with pytest.raises(SQLAlchemyError):
        database.ping()
    Database(f"sqlite:///{tmp_path / 'x.db'}").ping()


def test_a_rested_connection_that_has_died_is_replaced(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "TRUSTED_SECONDS", 0.0)
    database = Database(postgres_url)
    try:
        with database.reading() as session:
            first = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        killer = Database(postgres_url)
        with killer.unit_of_work() as session:
            session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": first})
        killer.dispose()
        with database.reading() as session:
            assert session.execute(text("SELECT pg_backend_pid()")).scalar_one() != first
    finally:
        database.dispose()
