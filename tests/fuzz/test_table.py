"""The table of parsers is whole: each name is there, each file tests by properties, and no parser is left out."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

import fuzz

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    (name, test)
    for names, test in re.findall(r"^\| (.+?) +\| (\S+\.py) +\|$", fuzz.__doc__ or "", re.MULTILINE)
    for name in names.split(", ")
]
# What turns text or bytes of somebody else into values; whoever calls one of these has a row, or a reason here.
_PARSES = re.compile(
    r"json\.loads?\(|json\.decode\(|Decoder\(|msgspec\.convert\(|decode\(await|parse_qsl\(|csv\.reader\(|iterparse\("
    r"|read_yaml\(|request\.cookies|query_params|fromisoformat\("
)
_REASONS = {
    "our own words, written by the same program": (
        "bot/channels/zalo/grants.py", "bot/conversation/engine/*.py", "bot/conversation/replies.py",
        "bot/conversation/notices/*.py", "bot/pickups/answers/*.py", "bot/pickups/form/*.py", "bot/places/opening.py",
        "bot/dossiers/intake/staging.py", "bot/nlu/linear_model.py", "actions/*.py", "bot/learning/*.py",
        "bot/db/sealed.py",
    ),
    "shipped content; tests/editing and the tests of each capability load it": (
        "bot/places/content.py", "bot/places/offices.py", "bot/procedures/content.py", "bot/editing/*.py",
        "bot/accounts/short_forms.py", "bot/tickets/phrases.py", "bot/links.py",
    ),
    "arguments of commands, which typer shows to whoever typed them": ("bot/cli*.py", "bot/upkeep/*.py"),
    "short texts of an address, checked by the page that takes them; tests/pages, tests/desk/test_sweep.py": (
        "bot/pages/*.py", "bot/desk/*.py",
    ),
}  # fmt: skip


def test_there_is_a_table() -> None:
    assert len(ROWS) > 60 and len(set(ROWS)) == len(ROWS)


@pytest.mark.parametrize("name", sorted({name for name, _ in ROWS}))
def test_every_parser_of_the_table_exists(name: str) -> None:
    module, _, rest = name.partition(":")
    found = importlib.import_module(module)
    for part in rest.split("."):
        found = getattr(found, part)
    assert callable(found)


@pytest.mark.parametrize("test", sorted({test for _, test in ROWS}))
def test_every_test_of_the_table_tests_by_properties(test: str) -> None:
    written = (ROOT / "tests" / test).read_text(encoding="utf-8")
    assert "@given(" in written or "schemathesis" in written


def test_whoever_parses_has_a_row_or_a_reason() -> None:
    listed = {f"{name.partition(':')[0].replace('.', '/')}.py" for name, _ in ROWS}
    excused = [pattern for patterns in _REASONS.values() for pattern in patterns]
    missing = [
        where
        for folder in ("bot", "actions")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if _PARSES.search(path.read_text(encoding="utf-8"))
        and (where := path.relative_to(ROOT).as_posix()) not in listed
        and where.replace(".py", "/__init__.py") not in listed
        and not any(path.relative_to(ROOT).match(pattern) for pattern in excused)
    ]
    assert missing == []
