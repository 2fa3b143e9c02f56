"""Questions of people who know no official name, asked of the shipped catalogue. Floors, not exact figures."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.nlu_report import searching
from bot.db import migrate
from bot.db.engine import Database
from bot.procedures import catalogue
from bot.procedures.content import load_procedures, own_codes
from bot.procedures.everyday import everyday
from bot.text import words

FIRST, WITHIN_THREE, WITHIN_TEN, ANSWERED_WRONG = 0.82, 0.93, 0.95, 0.08
LEAST_ASKED, LEAST_OF_A_STYLE = 300, 100
CODE = re.compile(r"\d\.\d{6}")


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(searching.QUESTIONS.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[searching.Asked]]:
    """Return what the search makes of each question that the shipped catalogue can answer."""
    database = Database(f"sqlite:///{Path(tmp_path_factory.mktemp('questions')) / 'test.db'}")
    migrate.upgrade(database)
    with database.unit_of_work() as session:
        load_procedures(session)
    catalogue.forget()
    with database.reading() as session:
        known = searching.entries(session)
        kept, left_out = searching.questions(known)
        assert left_out > 0, "some questions are about procedures that come with an import only"
        yield searching.asked(session, known, kept, lambda: None)
    database.dispose()


def test_every_question_is_whole(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert set(row) == {"ask", "code", "also", "style"}, row
        assert row["ask"].strip() == row["ask"] != "", row
        assert unicodedata.is_normalized("NFC", row["ask"]), row
        codes = [row["code"], *row["also"]]
        assert all(isinstance(code, str) and CODE.fullmatch(code) for code in codes), row
        assert len(set(codes)) == len(codes), row


def test_styles_are_what_they_say(rows: list[dict[str, Any]]) -> None:
    counts = Counter(row["style"] for row in rows)
    assert set(counts) == set(searching.STYLES)
    assert min(counts.values()) >= LEAST_OF_A_STYLE
    assert [row["ask"] for row in rows if row["style"] == "bare" and not row["ask"].isascii()] == []
    assert [row["ask"] for row in rows if row["style"] == "marks" and row["ask"].isascii()] == []


def test_no_question_stands_twice_or_is_one_of_our_names(rows: list[dict[str, Any]]) -> None:
    asked = Counter(" ".join(words(row["ask"])) for row in rows)
    assert [text for text, count in asked.items() if count > 1] == []
    ours = {" ".join(words(alias)) for row in everyday().values() for alias in row.aliases}
    assert [text for text in asked if text in ours] == []


def test_codes_are_known(rows: list[dict[str, Any]]) -> None:
    known = own_codes() | set(everyday())
    assert [row["code"] for row in rows if row["code"] not in known] == []


def test_the_right_procedure_is_found(asked: list[searching.Asked]) -> None:
    assert len(asked) >= LEAST_ASKED
    found = searching.figures(asked)
    assert found.first.value >= FIRST
    assert found.three.value >= WITHIN_THREE
    assert found.ten.value >= WITHIN_TEN


def test_hardly_a_wrong_one_is_answered_with_confidence(asked: list[searching.Asked]) -> None:
    found = searching.figures(asked)
    assert found.answered.value >= 0.5, "asking back always would be never wrong"
    assert found.wrong.value <= ANSWERED_WRONG
