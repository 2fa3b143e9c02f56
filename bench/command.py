"""What the commands of `bench` share: the option that names an export, and the look of their progress."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


def add_procedures(parser: argparse.ArgumentParser, does: str) -> None:
    """Add `--procedures FILE`; `does` says what the command does with it."""
    parser.add_argument("--procedures", type=_file, metavar="FILE", help=does)


def progress(screen: Console) -> Progress:
    """Return a bar that goes away when the work is done."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=screen, transient=True)


def _file(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"no such file: {name}")
    return path
