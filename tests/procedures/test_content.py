"""Sweeps over the shipped catalogue: what citizens read must hold together."""

import unicodedata
from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.procedures.content import catalogue, load_procedures
from bot.procedures.described import described
from bot.procedures.models import Procedure
from bot.settings import CONTENT
from bot.text import fold

FOLDER = CONTENT / "procedures"
RECORDS = list(described(FOLDER / "described"))


def test_the_whole_catalogue_is_shipped(session: Session) -> None:
    report = load_procedures(session)
    assert len(list(catalogue(FOLDER / "catalogue.jsonl"))) == 1268
    assert len(RECORDS) >= 150
    assert session.execute(select(func.count()).select_from(Procedure)).scalar_one() == report.new
    again = load_procedures(session)
    assert (again.new, again.changed) == (0, 0)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.code)
def test_a_described_procedure_is_written_in_nfc(record) -> None:  # type: ignore[no-untyped-def]
    for fact in record.facts:
        assert unicodedata.is_normalized("NFC", " ".join([fact["body"]["text"], *fact["body"]["items"]]))


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
