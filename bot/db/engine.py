"""One database, one unit of work: how every part reaches SQLite (default) or PostgreSQL."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

from bot.db import keys
from bot.db.fair_lock import FairLock
from bot.db.sealed import ColumnSealer
from bot.settings import settings

BUSY_TIMEOUT_MS = 30_000
STATEMENT_TIMEOUT_MS = 30_000
LOCK_TIMEOUT_MS = 10_000
TRUSTED_SECONDS = 1.0  # a connection that rested longer is asked whether it still lives

_current: ContextVar[Session] = ContextVar("motcua_session")


class NoUnitOfWork(RuntimeError):
    """Code that needs the session of the running unit of work was called outside of one."""


def current_session() -> Session:
    """Return the session of the unit of work that is running.

    Raises NoUnitOfWork outside of one.
    """
    session = _current.get(None)
    if session is None:
        raise NoUnitOfWork("no unit of work is running here")
    return session


class Database:
    """An engine and its units of work.

    On SQLite every writing unit begins IMMEDIATE and threads of this process queue on one lock: SQLite has
    one writer, and its own waiting (polling with sleeps) would cost up to 100 ms a turn.
    """

    def __init__(self, url: str, secret_key: str | None = None) -> None:
        """Open the database at `url`; "postgresql://" means psycopg2. `secret_key` None: that of the settings."""
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg2")
        self.url = parsed
        self.engine = _sqlite_engine(parsed) if self.is_sqlite else _postgres_engine(parsed)
        self.sealer = ColumnSealer(lambda: keys.load(secret_key or settings().secret_key, self))
        self.engine.dialect.motcua_sealer = self.sealer  # where the types of columns find it
        self._sessions = sessionmaker(self.engine, future=True, expire_on_commit=False)
        self._readers = sessionmaker(
            self.engine.execution_options(motcua_read=True), future=True, expire_on_commit=False
        )
        self._writer: Any = FairLock() if self.is_sqlite else _NoLock()

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """Run the block in one transaction: commit at its end, roll everything back on any error."""
        with self._writer, self._sessions() as session:
            token = _current.set(session)
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise
            finally:
                _current.reset(token)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Run the block with a session that only reads; it holds up no writer."""
        with self._readers() as session:
            token = _current.set(session)
            try:
                yield session
            finally:
                session.rollback()
                _current.reset(token)

    def ping(self) -> None:
        """Ask the database for one row; raises sqlalchemy.exc.SQLAlchemyError when it is away."""
        with self.reading() as session:
            session.execute(text("SELECT 1")).scalar_one()

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


class _NoLock:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *exc: object) -> None:
        return None


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _sqlite_engine(url: Any) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        future=True,
        hide_parameters=True,  # errors are logged; what citizens wrote is not
        json_serializer=_as_json,
        # SQLAlchemy's default opens a file anew for every session: a millisecond each.
        poolclass=QueuePool,
        pool_size=8,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        reading = connection.get_execution_options().get("motcua_read")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _postgres_engine(url: Any) -> Engine:
    engine = create_engine(
        url,
        future=True,
        hide_parameters=True,  # errors are logged; what citizens wrote is not
        json_serializer=_as_json,
        pool_size=10,
        connect_args={
            "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC",
            "connect_timeout": 10,
        },
    )

    # SQLAlchemy's own `pool_pre_ping` asks at every checkout: three round trips a turn.
    @event.listens_for(engine, "checkin")
    def _note(_connection: Any, record: Any) -> None:
        record.info["rested_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _ping_rested(connection: Any, record: Any, _proxy: Any) -> None:
        rested_since = record.info.get("rested_since")
        rested = rested_since is not None and time.monotonic() - rested_since > TRUSTED_SECONDS
        if rested and not engine.dialect.do_ping(connection):
            raise DisconnectionError  # the pool opens another one

    return engine
