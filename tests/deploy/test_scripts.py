"""The scripts of deploy/: readable, helpful, and they refuse what they should."""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from pathlib import Path

import pytest

from .files import DEPLOY, SCRIPTS, run_tool, shown

BACKUP = DEPLOY / "bin" / "motcua-backup"
INSTALL = DEPLOY / "airgap" / "install.sh"


def run(*words: object, **variables: object) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ) | {name: str(value) for name, value in variables.items()}
    return subprocess.run(
        [str(word) for word in words], env=environment, capture_output=True, text=True, timeout=30, check=False
    )


def test_all_scripts_are_known() -> None:
    names = ["deploy/airgap/collect.sh", "deploy/airgap/install.sh", "deploy/bin/motcua-backup"]
    assert [shown(path) for path in SCRIPTS] == names


@pytest.mark.parametrize("path", SCRIPTS, ids=shown)
def test_a_script_is_careful_and_helps(path: Path) -> None:
    assert os.access(path, os.X_OK)
    assert "\nset -euo pipefail\n" in path.read_text(encoding="utf-8")
    assert run("bash", "-n", path).returncode == 0
    helped = run(path, "--help")
    assert helped.returncode == 0 and "usage:" in helped.stdout and "set -" not in helped.stdout
    refused = run(path, "--nonsense")
    assert refused.returncode != 0 and "--help" in refused.stderr


@pytest.mark.parametrize("path", SCRIPTS, ids=shown)
def test_shellcheck_agrees(path: Path) -> None:
    done = run_tool("shellcheck", str(path))
    assert done.returncode == 0, done.stdout


@pytest.fixture
def motcua(tmp_path: Path) -> Path:
    """Stands in for the command: `backup --to FILE` writes what FAKE says."""
    path = tmp_path / "motcua"
    path.write_text('#!/bin/sh\n[ "$1 $2" = "backup --to" ] || exit 9\nprintf %s "$FAKE" >"$3"\nexit "${CODE:-0}"\n')
    path.chmod(0o755)
    return path


def test_a_backup_is_written_and_old_ones_go(tmp_path: Path, motcua: Path) -> None:
    folder, figures = tmp_path / "backups", tmp_path / "figures"
    folder.mkdir()
    figures.mkdir()
    kept, old, other = folder / "motcua-a.backup", folder / "motcua-b.backup", folder / "notes.txt"
    for path, days in ((kept, 2), (old, 9), (other, 99)):
        path.write_text("x")
        os.utime(path, (time.time() - days * 86400 - 60,) * 2)
    places = {"BACKUP_DIR": folder, "BACKUP_METRICS_DIR": figures, "BACKUP_COMMAND": motcua}
    done = run(BACKUP, **places, BACKUP_KEEP_DAYS=7, FAKE="data")
    assert done.returncode == 0, done.stderr
    [new] = [path for path in folder.iterdir() if path not in (kept, other)]
    assert new.read_text() == "data" and new.stat().st_mode & 0o777 == 0o600
    assert kept.exists() and other.exists() and not old.exists()
    [figure] = figures.iterdir()
    lines = [line.split() for line in figure.read_text().splitlines() if not line.startswith("#")]
    values = {name: float(value) for name, value in lines}
    assert abs(values["motcua_backup_last_success_timestamp_seconds"] - time.time()) < 60
    assert figure.stat().st_mode & 0o444 == 0o444  # node_exporter is another user


@pytest.mark.parametrize(("text", "code"), [("", 0), ("half", 1)])
def test_a_backup_that_fails_leaves_nothing_and_deletes_nothing(
    tmp_path: Path, motcua: Path, text: str, code: int
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    old = folder / "motcua-a.backup"
    old.write_text("x")
    os.utime(old, (0, 0))
    done = run(BACKUP, BACKUP_DIR=folder, BACKUP_METRICS_DIR=tmp_path, BACKUP_COMMAND=motcua, FAKE=text, CODE=code)
    assert done.returncode != 0
    assert list(folder.iterdir()) == [old] and not list(tmp_path.glob("*.prom"))


@pytest.mark.parametrize("days", ["0", "-1", "x", "1.5"])
def test_a_backup_refuses_days_that_are_none(tmp_path: Path, motcua: Path, days: str) -> None:
    done = run(BACKUP, BACKUP_DIR=tmp_path, BACKUP_COMMAND=motcua, BACKUP_KEEP_DAYS=days, FAKE="data")
    assert done.returncode == 2 and "BACKUP_KEEP_DAYS" in done.stderr


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A folder as collect.sh leaves it, without what takes long."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "VERSION").write_text("20261128-abc1234\n")
    (folder / "install.sh").write_bytes(INSTALL.read_bytes())
    (folder / "install.sh").chmod(0o755)
    names = ["VERSION", "install.sh"]
    sums = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  ./{name}\n" for name in names]
    (folder / "SHA256SUMS").write_text("".join(sums))
    return folder


def install(bundle: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run it with a Python that does not exist: whatever passes the checks ends there, before anything is written."""
    return run(bundle / "install.sh", "--to", bundle.parent / "opt" / "motcua", "--python", "no-such-python", *words)


def test_install_takes_a_whole_folder(bundle: Path) -> None:
    number = hashlib.sha256((bundle / "SHA256SUMS").read_bytes()).hexdigest()
    done = install(bundle, "--expect", number)
    assert done.returncode == 1 and "no-such-python is not Python 3.10" in done.stderr


def test_install_refuses_a_changed_file(bundle: Path) -> None:
    (bundle / "VERSION").write_text("20261128-abc1235\n")
    assert "changed or damaged" in install(bundle).stderr


def test_install_refuses_a_file_too_many(bundle: Path) -> None:
    (bundle / "wheels").mkdir()
    (bundle / "wheels" / "rasa-9.9-py3-none-any.whl").write_text("x")
    assert "not listed in SHA256SUMS" in install(bundle).stderr


def test_install_refuses_another_folder_than_the_one_expected(bundle: Path) -> None:
    assert "not the one expected" in install(bundle, "--expect", "0" * 64).stderr
    assert not (bundle.parent / "opt").exists()
