"""Files that editors write: a damaged one is a ContentError that names file and line."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from bot import legal_events
from bot.accounts.guides import reading as guides
from bot.channels.zalo import templates
from bot.content_files import ContentError, Mapping, read_yaml
from bot.dated_facts import FactError, read_day
from bot.general_questions import questions
from bot.practice import scenarios
from bot.procedures import described
from bot.settings import CONTENT
from fuzz.strategies import any_json, damaged, damaged_bytes, few, whole_text

GUIDE = next(iter(sorted((CONTENT / "guides").glob("*.yml"))))
PLAYED = next(iter(sorted((CONTENT / "practice").glob("*.yml"))))
DESCRIBED = next(iter(described.files()))
ZBS = "pickup_confirmed:\n  template_id: 123456\n  params:\n    ten: {from: name, max: 30}\n    gio: {text: Sáng}\n"


NO_CLAUSES = described.Clauses({}, {})


def _records(path: Path) -> Any:
    return [described.record(path, row, NO_CLAUSES) for row in described.rows_of(path)]


# Each reader with a shipped file (of a list its first two rows) as the example that is damaged.
LOADERS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "guide": (guides.load, GUIDE.read_text(encoding="utf-8")),
    "general questions": (questions.questions.__wrapped__, questions.FILE.read_text(encoding="utf-8")),
    "legal events": (legal_events.events, legal_events.FILE.read_text(encoding="utf-8")),
    "played citizens": (lambda path: scenarios._scenario(path, read_yaml(path)), PLAYED.read_text(encoding="utf-8")),
    "procedures": (_records, DESCRIBED.read_text(encoding="utf-8")),
    "clauses": (described.read_clauses, "items:\n  a: [x]\nfacts:\n  b: [{text: y}]\n"),
    "zbs templates": (templates.templates.__wrapped__, ZBS),
}


def plain(value: Any) -> Any:
    """Return a value of YAML as JSON has it, long lists cut."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value[:2]] if isinstance(value, list) else value


def loaded(load: Callable[[Path], Any], content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tep.yml"
        path.write_bytes(content)
        try:
            load(path)
        except ContentError as error:
            assert str(error).startswith("tep.yml, dòng ") and error.line >= 1 and len(str(error)) < 20_000


@few()
@example(b"a: 2026-02-30")
@example(b"? [a, b]\n: c")
@example(b"a: 0x_")
@example(b"a: &a [*a]")
@example(b"!!int x")
@example(b"!!python/object:os.system ls")
@given(st.binary(max_size=60) | damaged_bytes(ZBS.encode(), LOADERS["clauses"][1].encode()))
def test_any_bytes_are_yaml_or_a_content_error(content: bytes) -> None:
    loaded(read_yaml, content)


@pytest.mark.parametrize("what", LOADERS)
def test_a_damaged_file_is_read_or_is_a_content_error(what: str) -> None:
    load, shipped = LOADERS[what]
    shape = plain(yaml.load(shipped, getattr(yaml, "CSafeLoader", yaml.SafeLoader)))

    @few(0.7)
    @given(damaged(shape))
    def check(value: Any) -> None:
        loaded(load, yaml.dump(value, allow_unicode=True, Dumper=yaml.SafeDumper).encode("utf-8", "replace"))

    check()


@few()
@given(any_json | st.dates() | st.datetimes() | whole_text)
def test_a_day_is_one_or_a_fact_error(value: Any) -> None:
    try:
        found = read_day(value, "valid_from")
    except FactError as error:
        assert str(error).startswith("valid_from")
    else:
        assert found is None or not isinstance(value, datetime)


def test_a_mapping_knows_its_lines() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tep.yml"
        path.write_text("a: 1\nb:\n  c: 2\n", encoding="utf-8")
        found = read_yaml(path)
        assert isinstance(found, Mapping) and found.lines == {"a": 1, "b": 2} and found["b"].line == 3
