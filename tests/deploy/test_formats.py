"""Every file of deploy/ can be read by those that read such files, and says nothing of where it was written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from bot.settings import ROOT

from .files import DEPLOY, FILES, shown

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_MACHINE = re.compile(r"(?<![\w.:/~-])/(?:home|root|work|workspace|Users|mnt)/\w")
_INDEX = re.compile(r"pypi|pythonhosted|--index-url|--extra-index|docker\.io|ghcr\.|quay\.|registry\.k8s", re.I)
PAGES = [path for path in FILES if path.suffix == ".md"]


def test_no_folder_is_missing() -> None:
    wanted = {"airgap", "bin", "compose", "docker", "grafana", "kubernetes", "nginx", "prometheus", "systemd"}
    assert {path.name for path in DEPLOY.iterdir() if path.is_dir()} == wanted
    text = (DEPLOY / "README.md").read_text(encoding="utf-8")
    assert all(f"[{name}]({name})" in text for name in wanted)


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix in (".yml", ".yaml")], ids=shown)
def test_yaml_is_yaml(path: Path) -> None:
    assert all(isinstance(made, dict) for made in yaml.safe_load_all(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix == ".json"], ids=shown)
def test_json_is_json(path: Path) -> None:
    assert isinstance(json.loads(path.read_text(encoding="utf-8")), dict)


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_no_link_is_broken(path: Path) -> None:
    for link in _LINK.findall(_FENCE.sub("", path.read_text(encoding="utf-8"))):
        target = (path.parent / link.partition("#")[0]).resolve()
        assert target.is_relative_to(ROOT) and target.exists(), f"{shown(path)}: {link} leads nowhere"


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_no_index_and_no_path_of_one_machine_is_named(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not _INDEX.search(text), f"{shown(path)} names a package or image index"
    assert not _MACHINE.search(text), f"{shown(path)} names a path of one machine"


def test_no_secret_is_filled_in() -> None:
    """What an example leaves open is empty, or says that it is a place to fill in."""
    secret = re.compile(r"^#?(\w*(?:SECRET|TOKEN|PASSWORD)\w*)=(.+)$", re.MULTILINE)
    for path in FILES:
        if path.name.endswith(".example"):
            assert not secret.findall(path.read_text(encoding="utf-8")), shown(path)
