"""The operator's documents name only what there is: commands and options, settings, files, runbooks, ASVS lines."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import typer
import yaml

from bot.cli import app
from bot.settings import ROOT, Settings
from bot.tables import metadata

from .test_docs import DOCS, anchors, commands, page

PAGES = ("operating.md", "day-one.md", "runbooks.md", "privacy.md", "threat-model.md", "asvs.md")

# Where a command stands: at the start of a line or of a code span, or behind what calls it.
_CALL = re.compile(r"(?:^|`|sudo |\.venv/bin/|worker |-- |\$\()motcua ([a-z][a-z -]*[^`|;)\n]*)", re.MULTILINE)
_FILE = re.compile(r"`((?:bot|actions|tests|deploy|scripts)/[\w./-]+|requirements[\w-]*\.lock)`")
_LINE = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
_STATES = ("held", "n/a", "operator", "open")
# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; those of level 3 come behind them.
_ASVS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
    "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip


def called(text: str) -> list[tuple[str, list[str]]]:
    """Return every call of a page: its words, and the options behind them."""
    calls = []
    for rest in _CALL.findall(text):
        words, *options = re.split(r" (?=--)", rest.strip().split("#")[0])
        calls.append((words, [re.split(r"[ =]", option)[0] for option in options]))
    return calls


@pytest.mark.parametrize("name", PAGES)
def test_every_command_is_there_with_its_options(name: str) -> None:
    known = commands(typer.main.get_command(app))
    for words, options in called(page(f"docs/{name}")):
        parts = words.split()
        whole = [f"motcua {' '.join(parts[:size])}" for size in range(len(parts), 0, -1)]
        command = next((path for path in whole if path in known), None)
        group = any(path.startswith(f"{whole[-1]} ") for path in known) and options == ["--help"]
        assert command or group, f"docs/{name}: there is no command motcua {words}"
        there = {option for p in known[command].params for option in [*p.opts, *p.secondary_opts]} if command else set()
        missing = set(options) - there - {"--help"}
        assert not missing, f"docs/{name}: motcua {words} has no {sorted(missing)}"


@pytest.mark.parametrize("name", PAGES)
def test_every_setting_and_file_is_there(name: str) -> None:
    text = page(f"docs/{name}")
    settings = {f"MOTCUA_{field.upper()}" for field in Settings.__fields__}
    assert set(re.findall(r"\bMOTCUA_[A-Z_]*[A-Z]\b", text)) <= settings
    missing = sorted(path for path in set(_FILE.findall(text)) if not (ROOT / path).exists())
    assert not missing, f"docs/{name}: {missing} is not there"


def test_a_call_is_found_wherever_it_stands() -> None:
    text = "`motcua zalo login`, sudo motcua import offices o.csv\n.venv/bin/motcua serve --roles web #\nmotcua tickets"
    assert [words for words, _ in called(text)] == ["zalo login", "import offices o.csv", "serve", "tickets"]
    assert called("createdb --owner motcua other\n-d motcua -c x\n`motcua …`") == []


def test_every_alert_leads_to_its_runbook() -> None:
    rules = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))
    there = anchors(DOCS / "runbooks.md")
    for rule in (rule for group in rules["groups"] for rule in group["rules"] if "alert" in rule):
        file, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert file == "docs/runbooks.md" and anchor in there, rule["alert"]


def test_every_table_with_personal_data_is_in_the_register() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .* \| (.*) \|$", page("docs/data.md"), re.MULTILINE)
    personal = {table for table, kind in rows if table in metadata.tables and not kind.startswith("no")}
    register = page("docs/privacy.md").partition("## The register")[2].partition("## Consent")[0]
    assert personal and not personal - set(re.findall(r"`(\w+)`", register))


def test_every_requirement_of_asvs_has_one_line_and_the_counts_are_right() -> None:
    text = page("docs/asvs.md")
    lines = _LINE.findall(text)
    assert [line[0] for line in lines] == [f"{part}.{n}" for part, many in _ASVS.items() for n in range(1, many + 1)]
    counted: Counter[tuple[str, str]] = Counter()
    for number, level, _, where, test, state in lines:
        word = state.partition(":")[0]
        assert word in _STATES, f"docs/asvs.md: {number} is {state}"
        assert word != "held" or where != "—", f"docs/asvs.md: {number} is held nowhere"
        assert word != "held" or test, f"docs/asvs.md: {number} says nothing of a test"
        counted[level, word] += 1
    for level in ("1", "2"):
        row = " | ".join(str(counted[level, word]) for word in _STATES)
        total = sum(counted[level, word] for word in _STATES)
        assert f"| level {level} | {row} | {total} |" in text, f"docs/asvs.md: level {level} is {row} of {total}"
