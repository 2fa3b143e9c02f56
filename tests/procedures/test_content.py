"""Sweeps over the shipped catalogue: what citizens read must hold together."""

import unicodedata
from collections import Counter
from pathlib import Path

import pytest
import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.procedures.content import ContentError, catalogue, described, load_procedures
from bot.procedures.models import Procedure
from bot.settings import CONTENT
from bot.text import fold

FOLDER = CONTENT / "procedures"
RECORDS = list(described(FOLDER / "described"))


def test_the_whole_catalogue_is_shipped(session: Session) -> None:
    report = load_procedures(session)
    assert len(list(catalogue(FOLDER / "catalogue.jsonl"))) == 1268
    assert len(RECORDS) == 76
    assert session.execute(select(func.count()).select_from(Procedure)).scalar_one() == report.new
    again = load_procedures(session)
    assert (again.new, again.changed) == (0, 0)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.code)
def test_a_described_procedure_reads_like_a_clerk(record) -> None:  # type: ignore[no-untyped-def]
    aspects = {fact["aspect"] for fact in record.facts}
    assert {"overview", "documents", "fee", "duration", "place"} <= aspects
    assert record.aliases, "people need everyday names to find it"
    for fact in record.facts:
        text = " ".join([fact["body"]["text"], *fact["body"]["items"]])
        assert unicodedata.is_normalized("NFC", text)
        assert fact["body"]["text"].startswith("Dạ, ")
        assert "cấp huyện" not in text.lower() and "ubnd huyện" not in text.lower()


def test_no_alias_is_a_bare_syllable() -> None:
    """One syllable stands in half of all questions; an abbreviation ("lltp") does not."""
    syllables = [
        alias
        for record in RECORDS
        for alias in record.aliases
        if len(fold(alias).split()) < 2 and set(fold(alias)) & set("aeiouy")
    ]
    assert syllables == []


def test_an_alias_rarely_belongs_to_two_procedures() -> None:
    """Some truly mean either ("mất giấy khai sinh"): then the assistant asks back."""
    owners = Counter(fold(alias) for record in RECORDS for alias in record.aliases)
    assert sum(1 for count in owners.values() if count > 1) <= 10


def test_content_that_does_not_fit_names_file_and_record(tmp_path: Path) -> None:
    row = {"code": "1.000001", "name": "x", "facts": {"price": {"text": "Dạ."}}}
    (tmp_path / "odd.yml").write_text(yaml.safe_dump([row]), encoding="utf-8")
    with pytest.raises(ContentError, match=r"odd\.yml, thủ tục 1\.000001"):
        list(described(tmp_path))
