"""A flood through inbox, turns and outbox while processes are killed: `python -m bench.flood`.

People send numbered messages; a tenth arrives twice, some overtake each other, the platform says no now and then, and
every few seconds a process dies by `kill -9` and is started again. In the end nothing may be lost, no message answered
twice, and everybody's answers must have arrived in the order of their questions.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from sqlalchemy import func, select

import bot.tables  # noqa: F401  # every table, for what refers to them
from bench.databases import KINDS
from bench.flood_process import SETTLE_S
from bot.conversation.models import Address, Conversation, InboxMessage, OutboxMessage, TrackerState
from bot.conversation.outbox.sender import AT_ONCE
from bot.db import migrate
from bot.db.engine import Database

LIVES_S = 4.0  # at least, between its start and its kill
PATIENCE_S = 240.0  # without anything moving


@dataclass
class Outcome:
    """What became of a flood."""

    events: int  # different messages
    kills: int = 0
    lost: int = 0  # never answered, or the answer never arrived
    doubled: int = 0  # answered twice
    out_of_order: int = 0
    too_late: int = 0  # came later than the assistant waits for what was overtaken, for a kill lay between the two
    sent_again: int = 0  # arrived twice: the process died between the platform's yes and our note
    seconds: float = 0.0
    states: dict[str, int] = field(default_factory=dict)

    @property
    def right(self) -> bool:
        """Return whether every promise was kept."""
        return not (self.lost or self.doubled or self.out_of_order) and self.sent_again <= self.kills * AT_ONCE


def flood(
    url: str, *, events: int, people: int, processes: int, kill_every: float, real: bool, log: Path, bar: Any = None
) -> Outcome:
    """Let the flood come and return what became of it; `log` is where the platform notes what arrived."""
    each = max(1, events // people)
    outcome = Outcome(events=each * people)
    share = -(-people // processes)
    command = [sys.executable, "-m", "bench.flood_process", url, str(log), str(each), "real" if real else "trivial"]
    ranges = [(first, min(first + share, people)) for first in range(0, people, share)]
    start = time.monotonic()
    running = [_start(command, numbers) for numbers in ranges]
    database = Database(url)
    chance = random.Random(7)
    try:
        next_kill = start + kill_every if kill_every else float("inf")
        done, moved, counting = -1, time.monotonic(), 0.0
        while True:
            time.sleep(max(0.5, 20 * counting))  # among a million rows the counting itself would cost a fifth of a core
            begun = time.monotonic()
            before, done = done, _done(database)
            now = time.monotonic()
            counting = now - begun
            moved = now if done != before else moved
            if bar:
                bar(done, outcome.events)
            if done >= outcome.events:
                break
            if now - moved > PATIENCE_S:
                break  # what is missing is counted as lost
            if now >= next_kill and done < outcome.events * 0.95:
                which = chance.randrange(len(running))
                since = Path(f"{log}.{running[which].pid}")
                if not since.exists() or time.time() - since.stat().st_mtime < LIVES_S:
                    continue  # it has hardly begun: killing it would prove nothing
                running[which].send_signal(signal.SIGKILL)
                running[which].wait()
                outcome.kills += 1
                running[which] = _start(command, ranges[which])
                next_kill = now + kill_every * chance.uniform(0.5, 1.5)
            for number, process in enumerate(running):
                if process.poll() is not None:
                    running[number] = _start(command, ranges[number])
        outcome.seconds = time.monotonic() - start
    finally:
        for process in running:
            process.kill()
            process.wait()
    _judge(database, log, each, people, outcome)
    database.dispose()
    return outcome


def _start(command: list[str], numbers: tuple[int, int]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*command, *map(str, numbers)], stdout=subprocess.DEVNULL)


def _done(database: Database) -> int:
    with database.reading() as session:
        sent = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state == "sent")
        return int(session.execute(sent).scalar_one())


def _judge(database: Database, log: Path, each: int, people: int, outcome: Outcome) -> None:
    arrived: dict[str, list[int]] = {}
    keys: Counter[str] = Counter()
    for line in log.read_text().splitlines() if log.exists() else []:
        key, to, number = line.split("\t")
        keys[key] += 1
        if keys[key] == 1:
            arrived.setdefault(to, []).append(int(number))
    outcome.sent_again = sum(keys.values()) - len(keys)
    for person in range(people):
        got = arrived.get(f"p{person}", [])
        outcome.lost += each - len(set(got))
        outcome.doubled += len(got) - len(set(got))
        turned = [(person, first, then) for first, then in itertools.pairwise(got) if then < first]
        late = _came_too_late(database, turned)
        outcome.too_late += late
        outcome.out_of_order += len(turned) - late
    with database.reading() as session:
        answered = session.execute(select(func.sum(TrackerState.version))).scalar_one() or 0
        outcome.doubled += max(0, int(answered) - outcome.events)
        outcome.states = dict(
            session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)).all()
        )
        waiting = session.execute(
            select(func.count()).select_from(InboxMessage).where(InboxMessage.state != "done")
        ).scalar_one()
        outcome.states["inbox not done"] = int(waiting)
        outcome.states["people"] = int(session.execute(select(func.count()).select_from(Conversation)).scalar_one())


def _came_too_late(database: Database, turned: list[tuple[int, int, int]]) -> int:
    """Return of how many answers out of order the overtaken question came when it was waited for no longer."""
    late = 0
    with database.reading() as session:
        for person, first, then in turned:
            came = {
                message_id: received
                for message_id, received in session.execute(
                    select(InboxMessage.message_id, InboxMessage.received_at)
                    .join(Address, Address.id == InboxMessage.address_id)
                    .where(Address.sender == f"p{person}", InboxMessage.message_id.in_((f"m{first}", f"m{then}")))
                )
            }
            late += came[f"m{then}"] - came[f"m{first}"] > timedelta(seconds=SETTLE_S)
    return late


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0] if __doc__ else None,
        epilog="Example: python -m bench.flood --events 1000000 --database postgresql",
    )
    parser.add_argument("--events", type=int, default=10_000, help="different messages (default 10,000)")
    parser.add_argument("--people", type=int, default=0, help="default: one for each ten messages")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--kill-every", type=float, default=5.0, help="seconds between two kills; 0: none")
    parser.add_argument("--real", action="store_true", help="with Rasa and the real answers")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    asked = parser.parse_args()
    console = Console()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mcf")))
        url = stack.enter_context(KINDS[asked.database]())
        database = Database(url)
        migrate.upgrade(database)
        database.dispose()
        progress = stack.enter_context(Progress(console=console))
        task = progress.add_task("answered and arrived", total=asked.events)
        outcome = flood(
            url,
            events=asked.events,
            people=asked.people or max(1, asked.events // 10),
            processes=asked.processes,
            kill_every=asked.kill_every,
            real=asked.real,
            log=folder / "arrived.log",
            bar=lambda done, total: progress.update(task, completed=done, total=total),
        )
    console.print(outcome)
    console.print(f"{outcome.events / outcome.seconds:,.0f} messages/s; {'right' if outcome.right else 'WRONG'}")
    sys.exit(0 if outcome.right else 1)


if __name__ == "__main__":
    main()
