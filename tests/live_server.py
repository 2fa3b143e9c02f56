"""A whole `motcua serve` in a process of its own: for the browser, for kill -9, for what only a process can show."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
# `motcua` as its installed script starts it, but of this very interpreter.
MOTCUA = (sys.executable, "-m", "bot.cli")
START_SECONDS = 120.0
MONDAY_MORNING = "2026-11-23T09:00:00+07:00"


def environment(**settings: object) -> dict[str, str]:
    """Return the environment of a child process: ours without MOTCUA_… and with these settings."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    ours |= {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    ours["PYTHONFAULTHANDLER"] = "1"  # a server that hangs at its start is made to say where
    return ours | {f"MOTCUA_{name.upper()}": str(value) for name, value in settings.items()}


def motcua(*arguments: str, timeout: float = 120.0, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [*MOTCUA, *arguments],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class LiveServer:
    """A server on a free port with the demo data; `start` again after `kill` finds the same database."""

    def __init__(self, database_url: str, log: Path, **settings: object) -> None:
        self._settings = {"database_url": database_url, "demo": 1, **settings}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def start(self) -> LiveServer:
        """Migrate, serve, and wait until messages can be answered."""
        done = motcua("db", "upgrade", **self._settings)
        assert done.returncode == 0, done.stderr
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*MOTCUA, "serve"],
                cwd=ROOT,
                env=environment(port=port, **self._settings),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            try:
                if httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200:
                    return self
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        self._end(signal.SIGABRT)  # every thread writes down where it stands
        raise AssertionError(f"the server did not start:\n{self.log()[-4000:]}")

    def log(self) -> str:
        """Return all that the process has printed."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an operator would."""
        self._end(signal.SIGTERM)

    def _end(self, number: int) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(number)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(20)
        self._process = None
