"""What is measured of each system, and in which order."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import peer as stock
from bench.client import Growth, Job, Load
from bench.processes import CouldNotMeasure, run
from bench.servers import MOTCUA, ROOT, Server, environment, our_environment, ours, peer

SENDERS = (1, 8, 32)
MOST = SENDERS[-1]
WARM_UP_SECONDS = 3.0
CLIENT_SPARE_SECONDS = 180

Say = Callable[[str], None]


@dataclass(frozen=True)
class Figures:
    """All figures of one system; the times in seconds unless the name says otherwise."""

    first_start: float | None
    first_answer: float
    memory_ready_mb: float
    memory_loaded_mb: float
    visits: dict[int, Load]
    actions: Load
    growth: Growth


def measure_ours(var: Path, seconds: float, say: Say, step: Say) -> Figures:
    """Measure Một Cửa on an empty database of its own: first start, second start, then the phases."""
    with tempfile.TemporaryDirectory(dir=var) as folder:
        database = Path(folder) / "bench.db"
        step("Một Cửa: migrate")
        run((*MOTCUA, "db", "upgrade"), ROOT, our_environment(database), var / "ours-upgrade.log")
        step("Một Cửa: first start (fills the database)")
        with ours(database, var) as server:
            first = server.first_answer_seconds
            say(f"Một Cửa: first start, {first:.1f} s to the first answer")
        step("Một Cửa: second start")
        with ours(database, var) as server:
            say(f"Một Cửa: second start, {server.first_answer_seconds:.1f} s to the first answer")
            return _phases("Một Cửa", server, first, seconds, say, step)


def measure_peer(var: Path, seconds: float, say: Say, step: Say) -> Figures:
    """Measure the stock project; it is trained when it changed."""
    project = stock.project_folder(var)
    step("Stock Rasa: train (once, about a minute)")
    if not stock.is_trained(project):
        stock.train(project, var)
    step("Stock Rasa: start")
    with peer(project, var) as server:
        say(f"Stock Rasa: {server.first_answer_seconds:.1f} s to the first answer")
        return _phases("Stock Rasa", server, None, seconds, say, step)


def measure_import(file: Path, var: Path, step: Say) -> float:
    """Return the seconds of `motcua import procedures FILE` into a fresh, migrated database."""
    step("Một Cửa: import of procedures")
    with tempfile.TemporaryDirectory(dir=var) as folder:
        own = our_environment(Path(folder) / "import.db")
        run((*MOTCUA, "db", "upgrade"), ROOT, own, var / "import-upgrade.log")
        return run((*MOTCUA, "import", "procedures", str(file.resolve())), ROOT, own, var / "import.log")


# The steps that measure_ours, measure_peer and measure_import announce, for the progress bar.
PHASES = len(SENDERS) + 2
STEPS_OURS, STEPS_PEER, STEPS_IMPORT = 3 + PHASES, 2 + PHASES, 1


def _phases(name: str, server: Server, first: float | None, seconds: float, say: Say, step: Say) -> Figures:
    ready = server.memory_mb()
    visits = {}
    for senders in SENDERS:
        who = "1 sender" if senders == 1 else f"{senders} senders"
        step(f"{name}: visits, {who}")
        visits[senders] = _load(server, "visit", senders, seconds)
        say(f"{name}: visits, {who}: {_shown(visits[senders])}")
    step(f"{name}: action turns, {MOST} senders")
    actions = _load(server, "actions", MOST, seconds)
    say(f"{name}: action turns, {MOST} senders: {_shown(actions)}")
    step(f"{name}: conversation of 200 turns")
    # The stock server gets slower and slower in it: one is enough to see.
    grown = Growth(**_client(Job(server.url, server.target, rounds=5 if server.target == "ours" else 1)))
    say(f"{name}: turns 180-200 take {grown.ratio:.2f} times as long as turns 5-25")
    return Figures(first, server.first_answer_seconds, ready, server.memory_mb(), visits, actions, grown)


def _load(server: Server, conversation: str, senders: int, seconds: float) -> Load:
    return Load(**_client(Job(server.url, server.target, conversation, senders, WARM_UP_SECONDS, seconds)))


def _client(job: Job) -> dict[str, Any]:
    """Run one job in a process of its own; raises CouldNotMeasure with what it says."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bench.client"],
            input=json.dumps(asdict(job)),
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=environment(),
            timeout=job.warmup + job.seconds + CLIENT_SPARE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CouldNotMeasure(f"the client did not end within {error.timeout:.0f} s") from error
    if done.returncode:
        raise CouldNotMeasure(done.stderr.strip()[-1500:])
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _shown(load: Load) -> str:
    return f"{load.per_second:.0f} turns/s, p50 {load.p50:.1f} ms"
