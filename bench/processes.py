"""Processes of the bench: started in a group of their own, weighed through /proc, stopped with all their children."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

STOP_SECONDS = 15


class CouldNotMeasure(Exception):
    """The bench cannot go on; the text says why."""


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Process:
    """A started program; everything it prints goes to a log file."""

    def __init__(self, command: Sequence[str], cwd: Path, environment: Mapping[str, str], log: Path) -> None:
        """Start `command`."""
        self._log = log
        with log.open("wb") as output:
            self._popen = subprocess.Popen(
                command,
                cwd=cwd,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def check_alive(self) -> None:
        """Raise CouldNotMeasure, with the last lines of the log, when the program has ended."""
        if self._popen.poll() is not None:
            raise CouldNotMeasure(f"{self._log.stem} ended with {self._popen.returncode}:\n{tail(self._log)}")

    def memory_mb(self) -> float:
        """Return the resident memory of the program and all its children, in MB."""
        return sum(_resident_kb(pid) for pid in _tree(self._popen.pid)) / 1024

    def stop(self) -> None:
        """End the program and its children: kindly, then not."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._popen.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(STOP_SECONDS)
                return


def run(command: Sequence[str], cwd: Path, environment: Mapping[str, str], log: Path) -> float:
    """Run `command` to its end and return the seconds it took; raises CouldNotMeasure when it fails."""
    started = time.perf_counter()
    with log.open("wb") as output:
        code = subprocess.call(
            command, cwd=cwd, env=dict(environment), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    if code:
        raise CouldNotMeasure(f"`{' '.join(command[1:])}` ended with {code}:\n{tail(log)}")
    return time.perf_counter() - started


def tail(log: Path) -> str:
    """Return the last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-12:])


def _tree(root: int) -> list[int]:
    """Return `root` and all processes below it."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with contextlib.suppress(OSError):  # it ended while we looked
                # "pid (name) state parent …"; a name may hold spaces and brackets.
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    tree = [root]
    for pid in tree:
        tree += [child for child, parent in parents.items() if parent == pid]
    return tree


def _resident_kb(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0
