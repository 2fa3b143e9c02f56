"""Settings and commands that deploy/ names exist; units and pods do not fight with each other about them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from bot.settings import ROLES, Settings

from .files import (
    FILES,
    SETTINGS,
    UNITS,
    check_command,
    check_roles,
    compose,
    objects,
    pods,
    read,
    settings_named,
    shown,
    unit,
)

# Of Docker Compose alone: which image, which port of this machine.
COMPOSE_ONLY = {"MOTCUA_IMAGE", "MOTCUA_WEB_PORT"}
ENTRY = ["/usr/bin/tini", "--"]
BACKUP = "motcua-backup"


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    assert settings_named(path.read_text(encoding="utf-8")) <= SETTINGS | COMPOSE_ONLY


@pytest.mark.parametrize("path", [path for path in FILES if path.name.endswith("env.example")], ids=shown)
def test_what_an_example_sets_fits(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.lstrip("#").partition("=")
        if equals and name in SETTINGS and " " not in value:
            monkeypatch.setenv(name, value)
    Settings()


def test_units_have_their_port_and_roles_alone() -> None:
    """A file of settings wins over a unit's own: a port there would be everybody's."""
    shared = read("systemd/motcua.env.example") + read("kubernetes/config.yaml")
    assert not re.search(r"^#?\s*MOTCUA_(PORT|ROLES)\b", shared, re.MULTILINE)
    ports = [re.findall(r"MOTCUA_PORT=(\d+)", path.read_text(encoding="utf-8")) for path in UNITS]
    numbers = [number for found in ports for number in found]
    assert len(numbers) == len(set(numbers)) == 2


def _started() -> dict[str, list[str]]:
    """Return every command line that something in deploy/ starts, without the entry point of the image."""
    found = {path.name: shlex.split(unit(path)["ExecStart"][0]) for path in UNITS}
    for name, service in compose()["services"].items():
        if name in ("db", "prometheus", "blackbox"):
            continue
        entry = service.get("entrypoint")
        found[f"compose {name}"] = entry[2:] if entry else ["motcua", *service["command"]]
    for name, pod in pods().items():
        [container] = pod["containers"]
        entry = container.get("command")
        found[name] = entry[2:] if entry else ["motcua", *container["args"]]
    return found


@pytest.mark.parametrize(("name", "words"), _started().items(), ids=list(_started()))
def test_what_is_started_is_a_command(name: str, words: list[str]) -> None:
    program = Path(words[0]).name
    if program == BACKUP:
        assert len(words) == 1
        return
    assert program == "motcua"
    check_command(words[1:])
    check_roles(words[1:])


def test_the_roles_of_all_processes_together_are_all_roles() -> None:
    for kind in ("motcua-", "compose ", "Deployment "):
        served = [words for name, words in _started().items() if name.startswith(kind) and "--roles" in words]
        roles = [role for words in served for role in words[words.index("--roles") + 1].split(",")]
        assert sorted(roles) == sorted(ROLES), kind


def test_the_backup_script_uses_a_command_that_exists() -> None:
    [words] = re.findall(r'^"\$command" (.+)$', read("bin/motcua-backup"), re.MULTILINE)
    check_command(shlex.split(words))


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".md"], ids=shown)
def test_commands_in_the_pages_exist(path: Path) -> None:
    for line in re.findall(r"\.venv/bin/motcua ([a-z][^`\n|&>]*)", path.read_text(encoding="utf-8")):
        check_command(shlex.split(line.partition(" #")[0]))


def test_what_pods_refer_to_is_made() -> None:
    made = {(one["kind"], one["metadata"]["name"]) for one in objects()}
    for name, pod in pods().items():
        for container in pod["containers"]:
            for source in container["envFrom"]:
                if "configMapRef" in source:
                    assert ("ConfigMap", source["configMapRef"]["name"]) in made, name
        for volume in pod["volumes"]:
            if "persistentVolumeClaim" in volume:
                assert ("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]) in made, name
    assert "create secret generic motcua " in read("kubernetes/secret.env.example")
    listed = set(re.findall(r"^  - (\S+\.yaml)$", read("kubernetes/kustomization.yaml"), re.MULTILINE))
    assert listed == {path.name for path in FILES if path.parent.name == "kubernetes" and path.suffix == ".yaml"} - {
        "kustomization.yaml"
    }
