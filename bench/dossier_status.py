"""How long "where is my dossier?" takes over HTTP with a full database: `python -m bench.dossier_status`."""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from bench.databases import KINDS, VAR
from bench.dossier_import import dossiers, measure, write
from bench.processes import CouldNotMeasure, Process, free_port
from bench.servers import MOTCUA, ROOT, environment
from bot.db.engine import Database

START_SECONDS = 180
WARM_UP = 100
PATH = "/webhooks/rest/webhook"


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.dossier_status",
        description="Import invented dossiers, serve, and ask for random ones: code and factor in one message, a code "
        "alone, a wrong factor, and a follow-up. One sender after the other; the time is that of the whole HTTP call.",
        epilog="Example: python -m bench.dossier_status --rows 1000000 --database postgresql",
    )
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many dossiers (default 1,000,000)")
    parser.add_argument("--asked", type=int, default=1_000, help="how many citizens ask (default 1,000)")
    parser.add_argument("--database", choices=("postgresql", "sqlite", "both"), default="both")
    return parser.parse_args()


@contextmanager
def serving(url: str) -> Iterator[http.client.HTTPConnection]:
    """Run `motcua serve` on a database, and yield a connection to it once it is ready."""
    port = free_port()
    own = environment(MOTCUA_DATABASE_URL=url, MOTCUA_HOST="127.0.0.1", MOTCUA_PORT=str(port))
    process = Process((*MOTCUA, "serve"), ROOT, own, VAR / "dossier-status.log")
    try:
        until = time.monotonic() + START_SECONDS
        while True:
            process.check_alive()
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            try:
                connection.request("GET", "/readyz")
                if connection.getresponse().read() == b"ok\n":
                    break
            except OSError:
                if time.monotonic() > until:
                    raise CouldNotMeasure(f"no answer within {START_SECONDS} s") from None
            time.sleep(0.3)
        yield connection
        connection.close()
    finally:
        process.stop()


class Citizen:
    """One sender on a kept-alive connection, who notes how long each kind of question took."""

    numbers = itertools.count()

    def __init__(self, connection: http.client.HTTPConnection, taken: dict[str, list[float]]) -> None:
        """Be somebody new."""
        self._connection, self._taken, self._name = connection, taken, f"bench{next(self.numbers)}"

    def ask(self, what: str, text: str, expected: str) -> None:
        """Send a message; raises CouldNotMeasure when the answer is of another kind."""
        body = json.dumps({"sender": self._name, "message": text})
        begun = time.perf_counter()
        self._connection.request("POST", PATH, body, {"Content-Type": "application/json"})
        answers = json.loads(self._connection.getresponse().read())
        self._taken.setdefault(what, []).append((time.perf_counter() - begun) * 1000)
        kinds = [answer["custom"]["kind"] for answer in answers]
        if kinds != [expected]:
            raise CouldNotMeasure(f"{what}: expected {expected}, got {kinds}")


def visit(citizen: Citizen, row: dict[str, Any], other: dict[str, Any]) -> None:
    """Ask for one dossier, go on about it, then for another one step by step."""
    tail = row["owner_phone"][-4:]
    citizen.ask("code and factor at once", f"hồ sơ {row['code']} tới đâu rồi, số cuối {tail}", "dossier_status")
    citizen.ask("follow-up", "có trễ không em", "dossier_status")
    citizen.ask("code alone", other["code"], "dossier_proof")
    citizen.ask("factor alone", other["owner_phone"][-4:], "dossier_status")


def talk(connection: http.client.HTTPConnection, rows: list[dict[str, Any]], asked: int) -> dict[str, list[float]]:
    """Let citizens ask; returns the milliseconds by kind of question, without the warm-up."""
    chance = random.Random(3)
    taken: dict[str, list[float]] = {}
    for number in range(asked + WARM_UP):
        if number == WARM_UP:
            taken.clear()
        visit(Citizen(connection, taken), chance.choice(rows), chance.choice(rows))
    return taken


def _settle(url: str) -> None:
    """Let the database finish with the million rows now, and not beside the questions that are timed."""
    database = Database(url)
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE)"))
            connection.execute(text("CHECKPOINT"))
    database.dispose()


def main() -> int:
    """Measure and print a table; 0 when everything could be measured."""
    options = arguments()
    screen = Console(stderr=True)
    VAR.mkdir(parents=True, exist_ok=True)
    table = Table("database", "question", "p50 ms", "p95 ms", "p99 ms", title=f"{options.rows:,} dossiers")
    with tempfile.TemporaryDirectory(dir=VAR) as folder:
        file = Path(folder) / "dossiers.jsonl"
        screen.print(f"Writing {options.rows:,} rows …")
        write(file, dossiers(options.rows, 3))
        known = list(itertools.islice(dossiers(options.rows, 0), 0, None, max(1, options.rows // 5_000)))
        for name, opened in KINDS.items():
            if options.database not in (name, "both"):
                continue
            try:
                with opened() as url:
                    screen.print(f"{name}: import …")
                    came_in = measure(url, file)
                    speed = f"{options.rows / came_in.seconds:,.0f} rows/s"
                    screen.print(f"{name}: {speed}, {came_in.peak_mb:.0f} MB in all our processes")
                    _settle(url)
                    screen.print(f"{name}: {options.asked} citizens …")
                    with serving(url) as connection:
                        taken = talk(connection, known, options.asked)
            except CouldNotMeasure as error:
                screen.print(f"Could not measure: {error}", style="red", markup=False)
                return 1
            for what, times in taken.items():
                cuts = quantiles(times, n=100)
                table.add_row(name, what, *(f"{cuts[at - 1]:.1f}" for at in (50, 95, 99)))
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
