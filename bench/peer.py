"""Makes the stock project ready: a copy under var/bench, its records, its trained model, kept by their hash."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from importlib.metadata import version
from pathlib import Path

from bench.processes import run
from bench.servers import RASA, environment

SOURCE = Path(__file__).resolve().parent / "stock_rasa"


def project_folder(var: Path) -> Path:
    """Return where the copy for the present state of bench/stock_rasa lies, or will lie."""
    digest = hashlib.sha256(version("rasa").encode())
    for file in _files():
        digest.update(str(file.relative_to(SOURCE)).encode() + b"\0" + file.read_bytes())
    return var / f"stock-{digest.hexdigest()[:16]}"


def is_trained(project: Path) -> bool:
    """Return whether `project` has its model."""
    return (project / "models" / "stock.tar.gz").is_file()


def train(project: Path, logs: Path) -> None:
    """Copy the project and train it with `rasa train`; raises CouldNotMeasure when that fails."""
    shutil.rmtree(project, ignore_errors=True)
    for file in _files():
        copy = project / file.relative_to(SOURCE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    with sqlite3.connect(project / "records.db") as records:
        records.executescript((project / "records.sql").read_text(encoding="utf-8"))
    records.close()
    run((*RASA, "train", "--fixed-model-name", "stock"), project, environment(), logs / "peer-train.log")


def _files() -> list[Path]:
    return sorted(file for file in SOURCE.rglob("*") if file.suffix in (".yml", ".py", ".sql"))
