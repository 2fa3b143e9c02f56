"""Train the Rasa model when what it is made of has changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from bot.settings import ROOT, settings

# What a model is made of. The components' code counts too: another tokenizer needs another model.
SOURCES = (
    "config.yml",
    "domain.yml",
    "nlu_data",
    "bot/nlu",
    "bot/accounts/problem_denials.py",
    "bot/accounts/problem_matching.py",
    "bot/accounts/problem_reading.py",
    "bot/accounts/problem_words.py",
    "bot/dossiers/codes.py",
    "bot/moments",
    "bot/normalise.py",
    "bot/pickups/numbers.py",
    "bot/places",
    "bot/procedures/everyday.py",
    "bot/spelling.py",
    "bot/text.py",
    "bot/visible.py",
    "bot/content/abbreviations.yml",
    "bot/content/aliases",
    "bot/content/name_words.yml",
    "bot/content/place_words.yml",
    "bot/content/problem_words.yml",
    "bot/content/procedures/catalogue.jsonl",
    "bot/content/units.json",
)


def fingerprint(learned: Path | None = None) -> str:
    """Return the hash of everything that the model depends on; `learned`: a file in place of that of the settings."""
    digest = hashlib.sha256()
    for source in SOURCES:
        path = ROOT / source
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and file.suffix in (".yml", ".py", ".json", ".jsonl"):
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    learned = learned or settings().learned
    if learned.is_file():
        digest.update(b"learned\0" + learned.read_bytes())
    return digest.hexdigest()


def is_current(model: Path) -> bool:
    """Return whether `model` was trained from what lies here now."""
    mark = model.with_suffix(".sha256")
    return model.is_file() and mark.is_file() and mark.read_text().strip() == fingerprint()


def train(model: Path, force: bool, out: Console) -> None:
    """Train into `model`, through a temporary file: a broken training leaves the old model in place.

    Raises SystemExit when the training fails.
    """
    if not force and is_current(model):
        out.print("Mô hình còn mới, không phải huấn luyện lại.")
        return
    started = time.monotonic()
    mark = fingerprint()
    with tempfile.TemporaryDirectory(prefix="motcua-train-") as folder:
        put_in_place(train_aside(Path(folder), out), model, mark)
    out.print(f"Đã huấn luyện mô hình trong {time.monotonic() - started:.0f} giây.")


def train_aside(folder: Path, out: Console, learned: Path | None = None) -> Path:
    """Train into a folder and return the model there; `learned`: accepted sentences other than those in use.

    Raises SystemExit when the training fails.
    """
    environment = dict(os.environ)
    if learned is not None:
        environment["MOTCUA_LEARNED"] = str(learned)
    with out.status("Đang huấn luyện mô hình (khoảng một phút)…"):
        done = subprocess.run(  # noqa: S603 (our own interpreter, fixed arguments)
            [
                sys.executable,
                "-m",
                "rasa",
                "train",
                "--skip-validation",  # a test validates; it takes half of the time
                "--force",  # Rasa's cache knows the data, not our code that reads them
                "--quiet",
                "--fixed-model-name",
                "motcua",
                "--out",
                str(folder),
            ],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    trained = folder / "motcua.tar.gz"
    if done.returncode or not trained.is_file():
        out.print(done.stdout[-4000:] + done.stderr[-4000:], markup=False)
        raise SystemExit("Lỗi: huấn luyện không thành công; xem dòng cuối ở trên.")
    return trained


def put_in_place(trained: Path, model: Path, mark: str) -> None:
    """Put a trained model where `serve` finds it; `mark` is the fingerprint of what it was made of."""
    model.parent.mkdir(parents=True, exist_ok=True)
    part = model.with_suffix(".part")
    shutil.copyfile(trained, part)
    part.replace(model)
    model.with_suffix(".sha256").write_text(mark + "\n")
