"""The command: `python -m bench.nlu_report`."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

ROOT = Path(__file__).resolve().parents[2]


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.nlu_report",
        description="Measure what is understood (intents, entities, procedure search, speed) on the held-out sentences "
        "and write tables and pictures. About eight minutes; two with --quick.",
        epilog="Example: python -m bench.nlu_report --procedures procedures_full.jsonl --quick",
    )
    parser.add_argument("--procedures", type=Path, metavar="FILE", help="search in this export too, not only in ours")
    parser.add_argument("--quick", action="store_true", help="train nothing: no ablations")
    parser.add_argument("--out", type=Path, default=ROOT / "reports", metavar="DIR", help="default: reports")
    parsed = parser.parse_args(given)
    if parsed.procedures and not parsed.procedures.is_file():
        parser.error(f"no such file: {parsed.procedures}")
    return parsed


def main() -> int:
    """Measure and write; 0 when the report is written, whatever the figures."""
    options = arguments()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    warnings.showwarning = lambda *_, **__: None  # Rasa puts the filters back that hide its own
    logging.disable(logging.WARNING)
    screen = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen, transient=True) as progress:
        task = progress.add_task("importing Rasa", total=None)
        from bench.nlu_report import document, pictures
        from bench.nlu_report.measures import measure

        def step(name: str | None, total: int | None) -> None:
            if name is None:
                progress.advance(task)
            else:
                progress.reset(task, description=name, total=total)

        measured = measure(options.procedures, options.quick, step)
        step("drawing", None)
        make_folder(options.out)
        drawn = pictures.draw(measured, options.out)
        document.write(measured, options.out, drawn)
    screen.print(f"Written: {options.out / document.NAME} and {len(drawn)} pictures beside it.", highlight=False)
    return 0


def make_folder(folder: Path) -> None:
    """Make the folder; git ignores what a run writes into a new one."""
    if not folder.exists():
        folder.mkdir(parents=True)
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
