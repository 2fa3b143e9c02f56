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

from bench.command import add_procedures, progress

ROOT = Path(__file__).resolve().parents[2]


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.nlu_report",
        description="Measure what is understood (intents, entities, procedure search, speed) on the held-out sentences "
        "and write tables and pictures. About eight minutes; two with --quick.",
        epilog="Example: python -m bench.nlu_report --procedures procedures_full.jsonl --quick",
    )
    add_procedures(parser, "search in this export too, not only in ours")
    parser.add_argument("--quick", action="store_true", help="train nothing: no ablations")
    parser.add_argument("--out", type=Path, default=ROOT / "reports", metavar="DIR", help="default: reports")
    return parser.parse_args(given)


def main() -> int:
    """Measure and write; 0 when the report is written, whatever the figures."""
    options = arguments()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    warnings.showwarning = lambda *_, **__: None  # Rasa puts the filters back that hide its own
    logging.disable(logging.WARNING)
    screen = Console(stderr=True)
    with progress(screen) as bar:
        task = bar.add_task("importing Rasa", total=None)
        from bench.nlu_report import document, pictures
        from bench.nlu_report.measures import measure

        def step(name: str | None, total: int | None) -> None:
            if name is None:
                bar.advance(task)
            else:
                bar.reset(task, description=name, total=total)

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
