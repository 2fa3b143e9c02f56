"""What the tests of deploy/ read: its files, parsed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from bot.cli import app
from bot.settings import ROOT, Settings

DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
SCRIPTS = [path for path in FILES if path.read_bytes().startswith(b"#!/usr/bin/env bash\n")]
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
MANIFESTS = [path for path in sorted((DEPLOY / "kubernetes").glob("*.yaml")) if path.name != "kustomization.yaml"]
SETTINGS = {f"MOTCUA_{name.upper()}" for name in Settings.__fields__}


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read(path: Path | str) -> str:
    return (DEPLOY / path).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def compose() -> dict[str, Any]:
    return yaml.safe_load(read("compose/compose.yml"))


@lru_cache(maxsize=1)
def objects() -> list[dict[str, Any]]:
    """Return everything that the Kubernetes manifests make."""
    return [made for path in MANIFESTS for made in yaml.safe_load_all(path.read_text(encoding="utf-8"))]


def pods() -> dict[str, dict[str, Any]]:
    """Return the pods' specifications by what makes them."""
    found = {}
    for made in objects():
        spec = made.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            found[f"{made['kind']} {made['metadata']['name']}"] = spec["template"]["spec"]
    return found


def unit(path: Path) -> dict[str, list[str]]:
    """Return the directives of a unit; each may stand there more than once."""
    found: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith(("#", ";")):
            found.setdefault(name, []).append(value)
    return found


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(read("prometheus/alerts.yml"))["groups"] for rule in group["rules"]]


def board() -> dict[str, Any]:
    return json.loads(read("grafana/motcua.json"))


def check_command(words: list[str]) -> None:
    """Fail unless `motcua WORDS` is a command with options that exist."""
    command = typer.main.get_command(app)
    left = list(words)
    while hasattr(command, "commands"):
        assert left, f"motcua {' '.join(words)}: not a whole command"
        assert left[0] in command.commands, f"motcua {' '.join(words)}: there is no such command"
        command = command.commands[left.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    for option in (word for word in left if word.startswith("-")):
        assert option in known, f"motcua {' '.join(words)}: there is no such option"


def check_roles(words: list[str]) -> None:
    if "--roles" in words:
        Settings(roles=words[words.index("--roles") + 1])


def run_tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a checking tool, where this machine has it."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not on this machine")
    return subprocess.run([found, *arguments], capture_output=True, text=True, timeout=180, check=False)


def settings_named(text: str) -> set[str]:
    return set(re.findall(r"\bMOTCUA_[A-Z_]+\b", text))
