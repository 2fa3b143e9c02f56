"""The two systems under measure: how each is started, when it answers, what it weighs."""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.conversation import ACTIONS, Target, WrongAnswer
from bench.processes import CouldNotMeasure, Process, free_port

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120.0
LOOK_AGAIN_SECONDS = 0.02
MOTCUA = (sys.executable, "-m", "bot.cli")
RASA = (sys.executable, "-m", "rasa")


@dataclass(frozen=True)
class Server:
    """A running system that has given its first right answer."""

    target: Target
    url: str
    processes: tuple[Process, ...]
    first_answer_seconds: float

    def memory_mb(self) -> float:
        """Return the resident memory of all its processes."""
        return sum(process.memory_mb() for process in self.processes)


def environment(**own: str) -> dict[str, str]:
    """Return the environment for a child: the caller's without its MOTCUA_ settings, and `own`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    return {**kept, **quiet, **own}


def our_environment(database: Path, port: int = 0) -> dict[str, str]:
    """Return the environment of our commands: an SQLite file of its own, demo data, loopback."""
    return environment(
        MOTCUA_DATABASE_URL=f"sqlite:///{database}",
        MOTCUA_HOST="127.0.0.1",
        MOTCUA_PORT=str(port or 8080),
        MOTCUA_DEMO="1",
    )


@contextmanager
def ours(database: Path, logs: Path) -> Iterator[Server]:
    """Run `motcua serve` on a migrated database."""
    port = free_port()
    with _serving("ours", port, [(*MOTCUA, "serve")], ROOT, our_environment(database, port), logs) as server:
        yield server


@contextmanager
def peer(project: Path, logs: Path) -> Iterator[Server]:
    """Run the trained stock project plainly: one Rasa server, one action server."""
    port, action_port = free_port(), free_port()
    commands = [
        (*RASA, "run", "actions", "--port", str(action_port)),
        (*RASA, "run", "--interface", "127.0.0.1", "--port", str(port), "--model", "models/stock.tar.gz"),
    ]
    # SANIC_HOST: the action server has no flag for its address and would listen on all of them.
    own = environment(ACTION_PORT=str(action_port), SANIC_HOST="127.0.0.1")
    with _serving("peer", port, commands, project, own, logs) as server:
        yield server


@contextmanager
def _serving(
    target: Target, port: int, commands: Sequence[Sequence[str]], cwd: Path, own: dict[str, str], logs: Path
) -> Iterator[Server]:
    url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    started = time.perf_counter()
    processes: list[Process] = []
    try:
        for number, command in enumerate(commands, start=1):
            processes.append(Process(command, cwd, own, logs / f"{target}-{number}.log"))
        _wait_for_answer(target, url, processes)
        yield Server(target, url, tuple(processes), time.perf_counter() - started)
    finally:
        for process in processes:
            process.stop()


def _wait_for_answer(target: Target, url: str, processes: Sequence[Process]) -> None:
    """Ask a question that needs the database until it is answered rightly, each time as somebody new."""
    until = time.perf_counter() + START_SECONDS
    last: Exception | None = None
    while time.perf_counter() < until:
        for process in processes:
            process.check_alive()
        body = json.dumps({"sender": uuid.uuid4().hex, "message": ACTIONS[0].text}).encode()
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=START_SECONDS) as response:
                ACTIONS[0].check(target, json.load(response))
            return
        except (WrongAnswer, OSError, urllib.error.URLError, ValueError) as error:
            last = error
        time.sleep(LOOK_AGAIN_SECONDS)
    raise CouldNotMeasure(f"{target} gave no right answer within {START_SECONDS:.0f} s: {last}")
