"""Documentation that lags behind fails: every setting, command, intent, kind, table and make target has its line."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from bot.cli import app
from bot.settings import ROOT, Settings
from bot.tables import metadata

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
CODE = [path for folder in ("bot", "actions") for path in sorted((ROOT / folder).rglob("*.py"))]

_LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(<?([^)\s>]+)>?\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_MACHINE_PATH = re.compile(r"(?<![\w.:/~-])(?:/(?:home|root|tmp|work|workspace|Users|mnt|private)/\w|[A-Z]:\\\w)")
_DOSSIER_ROW = re.compile(r"^\| `([A-Z]\d+\.[^`]+)` \| `(\d{4})` \| `(\w+)` \|", re.MULTILINE)


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def first_cells(text: str) -> list[str]:
    """Return every `word` of the first cells of the page's tables."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return [word for cell in rows for word in re.findall(r"`([^`]+)`", cell)]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_setting_is_documented_with_its_default() -> None:
    rows = {line.split("`")[1]: line for line in page("docs/settings.md").splitlines() if line.startswith("| `")}
    for name, field in Settings.__fields__.items():
        row = rows.get(f"MOTCUA_{name.upper()}")
        assert row, f"docs/settings.md: MOTCUA_{name.upper()} is missing"
        default = str(field.default).replace("sqlite:///", "").removeprefix(f"{ROOT}/")
        assert f"`{default}`" in row, f"docs/settings.md: the default of {name} is {default}"


def test_every_environment_variable_that_the_code_reads_is_documented_and_no_other() -> None:
    named = {name for path in CODE for name in re.findall(r"MOTCUA_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8"))}
    named |= {f"MOTCUA_{name.upper()}" for name in Settings.__fields__}
    assert set(re.findall(r"^\| `(MOTCUA_\w+)`", page("docs/settings.md"), re.MULTILINE)) == named


def commands(group: Any, path: str = "motcua") -> dict[str, Any]:
    """Return every command that does something, by its whole name."""
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        whole = f"{path} {name}"
        found |= commands(command, whole) if hasattr(command, "commands") else {whole: command}
    return found


def test_every_command_and_option_is_documented_and_no_other() -> None:
    text = page("docs/commands.md")
    known = commands(typer.main.get_command(app))
    assert set(re.findall(r"^## `(.+)`$", text, re.MULTILINE)) == set(known)
    for name, command in known.items():
        assert f".venv/bin/{name}" in text, f"docs/commands.md: {name} has no example"
        for option in (o for p in command.params for o in [*p.opts, *p.secondary_opts] if o.startswith("--")):
            assert f"`{option}`" in text or option == "--help", f"docs/commands.md: {name} {option} is missing"


def test_every_intent_and_entity_is_documented_and_no_other() -> None:
    domain = yaml.safe_load(page("domain.yml"))
    intents, _, rest = page("docs/intents.md").partition("## Which of two")
    assert sorted(first_cells(intents)) == sorted(domain["intents"])
    assert sorted(first_cells(rest.partition("## Entities")[2])) == sorted(domain["entities"])


def test_every_message_kind_that_the_code_says_is_documented() -> None:
    documented = set(first_cells(page("docs/api.md").partition("## 2.")[2].partition("## 3.")[0]))
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"):
                continue
            kind = node.args[0] if node.args else None
            if shown(path).startswith("bot/pickups/") and not isinstance(kind, ast.Constant):
                continue  # a local helper of the same name
            assert isinstance(kind, ast.Constant), f"{shown(path)}:{node.lineno}: write the kind out, so it is found"
            assert kind.value in documented, f"docs/api.md: the kind {kind.value} is missing"


def test_every_error_code_is_documented() -> None:
    documented = page("docs/api.md")
    raised = re.compile(r"""HttpError\(\s*\d{3},\s*"(\w+)"|\{"code": "(\w+)",""")
    for path in CODE:
        for match in raised.finditer(path.read_text(encoding="utf-8")):
            code = match[1] or match[2]
            assert f"`{code}`" in documented, f"docs/api.md: the error {code} ({shown(path)}) is missing"


def test_every_table_is_documented_and_no_other() -> None:
    tables = page("docs/data.md").partition("## Tables")[2].partition("## Import files")[0]
    assert sorted(first_cells(tables)) == sorted(metadata.tables)


def test_every_make_target_is_documented_and_no_other() -> None:
    targets = re.findall(r"^([a-z-]+):.*##", page("Makefile"), re.MULTILINE)
    documented = re.findall(r"^\| `make ([a-z-]+)`", page("README.md"), re.MULTILINE)
    assert sorted(documented) == sorted(targets)


def test_the_demo_dossiers_of_the_readme_are_those_that_are_shipped() -> None:
    lines = (ROOT / "bot/content/demo/dossiers.jsonl").read_text(encoding="utf-8").splitlines()
    dossiers = {row["code"]: row for row in map(json.loads, lines)}
    rows = _DOSSIER_ROW.findall(page("README.md"))
    assert len(rows) >= 4, "the README shows too few demo dossiers"
    for code, last, secret in rows:
        assert (dossiers[code]["owner_phone"][-4:], dossiers[code]["slip_secret"]) == (last, secret), code


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", _FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_no_link_or_image_is_broken(path: Path) -> None:
    for link in _LINK.findall(_FENCE.sub("", path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.is_relative_to(ROOT), f"{shown(path)}: {link} leads out of the repository"
        assert target.exists(), f"{shown(path)}: {link} leads nowhere"
        assert not anchor or anchor in anchors(target), f"{shown(path)}: {link} names no heading"


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_no_page_names_a_path_of_somebodys_machine(path: Path) -> None:
    found = _MACHINE_PATH.search(path.read_text(encoding="utf-8"))
    assert not found, f"{shown(path)}: {found and found[0]}… is a path of one machine"


def test_every_page_is_listed() -> None:
    text = page("docs/README.md")
    listed = {(DOCS / link).resolve() for link in _LINK.findall(text)}
    missing = [shown(path) for path in PAGES if path != DOCS / "README.md" and path.resolve() not in listed]
    assert not missing, f"docs/README.md does not list {missing}"


@pytest.mark.parametrize("path", sorted((DOCS / "adr").glob("*.md")), ids=shown)
def test_every_decision_has_context_decision_and_consequences(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(rf"# {path.name[:4]}\. .+\n\n\d{{4}}-\d{{2}}-\d{{2}}, \w+", text), "number, title, date, state"
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
