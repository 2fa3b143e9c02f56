"""The command: `python -m bench`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console

from bench import report
from bench.command import add_procedures, progress
from bench.measure import (
    STEPS_IMPORT,
    STEPS_OURS,
    STEPS_PEER,
    Figures,
    measure_import,
    measure_ours,
    measure_peer,
)
from bench.processes import CouldNotMeasure
from bench.servers import ROOT

VAR = ROOT / "var" / "bench"
MODEL = ROOT / "models" / "motcua.tar.gz"


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure Một Cửa beside a stock Rasa 3.6, in one run on this machine (about five minutes). "
        "Prints a table of ratios and what must be reached, and writes both to var/bench/last.json.",
        epilog="Example: python -m bench --procedures procedures_full.jsonl",
    )
    add_procedures(parser, "also measure the import of this export")
    parser.add_argument("--seconds", type=_seconds, default=12.0, help="length of one load phase (default 12)")
    parser.add_argument("--ours-only", action="store_true", help="leave the stock peer out: no ratios")
    return parser.parse_args(given)


def measure(options: argparse.Namespace, screen: Console) -> tuple[Figures, Figures | None, float | None]:
    """Measure both systems, one after the other, with a progress bar on `screen`."""
    total = STEPS_OURS + (0 if options.ours_only else STEPS_PEER) + (STEPS_IMPORT if options.procedures else 0)
    with progress(screen) as bar:
        task = bar.add_task("", total=total)

        def step(name: str) -> None:
            begun = bar.tasks[0].fields.get("begun", 0)
            bar.update(task, description=name, completed=begun, begun=begun + 1)

        def say(line: str) -> None:
            bar.console.print(line, highlight=False)

        ours = measure_ours(VAR, options.seconds, say, step)
        peer = None if options.ours_only else measure_peer(VAR, options.seconds, say, step)
        seconds = measure_import(options.procedures, VAR, step) if options.procedures else None
    return ours, peer, seconds


def machine() -> dict[str, Any]:
    """Describe the machine and the moment."""
    names = [line for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")]
    return {
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "cpus": len(os.sched_getaffinity(0)),
        "cpu": names[0].partition(":")[2].strip() if names else platform.machine(),
        "load_average": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "rasa": version("rasa"),
    }


def main() -> int:
    """Run the bench; 0 when everything could be measured, whatever the figures, else 1."""
    options = arguments()
    screen = Console(stderr=True)
    if not MODEL.is_file():
        screen.print("There is no trained model yet; run: make train", style="red")
        return 1
    VAR.mkdir(parents=True, exist_ok=True)
    where = machine()
    # Ended from outside, the servers must still be stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        ours, peer, import_seconds = measure(options, screen)
    except CouldNotMeasure as error:
        screen.print(f"Could not measure: {error}", style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        return 130
    table = report.rows(ours, peer, import_seconds)
    goals = report.targets(ours, peer, import_seconds)
    report.show(Console(), table, goals, where)
    last = VAR / "last.json"
    data = report.as_json(ours, peer, table, goals, where)
    last.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    screen.print(f"Written to {last.relative_to(ROOT)}; logs of the servers beside it.", highlight=False)
    return 0


def _seconds(text: str) -> float:
    value = float(text)
    if not 1 <= value <= 60:
        raise argparse.ArgumentTypeError("between 1 and 60")
    return value


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


if __name__ == "__main__":
    sys.exit(main())
