"""What was accepted at the desk is taught beside the shipped sentences, to the intent model only."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu import learned
from bot.nlu.importer import ProjectImporter
from bot.nlu.needs import UNMARKED
from bot.settings import ROOT, settings

FILE = """version: "3.1"
nlu:
- intent: ask_procedure_place
  examples: |
    - [sổ hồng](procedure) chung cư xin ở mô trên cao nguyên
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "nlu.yml"
    monkeypatch.setenv("MOTCUA_LEARNED", str(path))
    settings.cache_clear()
    monkeypatch.setattr("bot.nlu.importer._read", {})
    return path


@pytest.fixture(autouse=True)
def _settings_of_others():  # type: ignore[no-untyped-def]
    yield
    settings.cache_clear()


def sentences() -> list[str]:
    files = [str(path) for path in sorted((ROOT / "nlu_data" / "nlu").glob("*.yml"))]
    importer = ProjectImporter(config_file=str(ROOT / "config.yml"), training_data_paths=files)
    return [example.get("text") for example in importer.get_nlu_data().training_examples]


def test_without_a_file_the_shipped_sentences_are_all(file: Path) -> None:
    assert learned.sentences() == []


def test_accepted_sentences_are_taught_and_none_is_lost(file: Path) -> None:
    shipped = sentences()
    file.write_text(FILE, encoding="utf-8")
    with_learned = sentences()
    assert len(with_learned) == len(shipped) + 1
    assert "sổ hồng chung cư xin ở mô trên cao nguyên" in with_learned


def test_the_extractor_of_names_does_not_learn_from_them(file: Path) -> None:
    file.write_text(FILE, encoding="utf-8")
    (example,) = learned.sentences()
    assert example.get(UNMARKED)
    assert [entity["entity"] for entity in example.get("entities")] == ["procedure"]
