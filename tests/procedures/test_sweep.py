"""Every answer of every described procedure, on every day that matters: readable on every channel, sourced, in date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.db.engine import Database
from bot.messages import LONGEST_BUTTON, LONGEST_TEXT, MOST_BUTTONS, Message
from bot.procedures import answers
from bot.procedures.cases import UNSURE
from bot.procedures.described import described
from bot.procedures.known import find
from bot.procedures.models import ASPECTS
from bot.text import clean

RECORDS = {record.code: record for record in described()}
# Before and after each day on which content switches.
DAYS = ("2026-08-04", "2026-08-14", "2026-11-27", "2027-02-28", "2027-03-01")
_DISTRICT = re.compile(r"\b(?:cấp|UBND|Công an) (?:huyện|quận)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def loaded(catalogue_database: Database) -> Iterator[Session]:
    """The shipped catalogue."""
    with catalogue_database.reading() as session:
        yield session


def whole(session: Session, code: str, aspect: str, case: str | None) -> list[Message]:
    """Return an answer with everything that was folded."""
    told, offset = [], 0
    while True:
        message = answers.explain(session, code, aspect, offset, case)
        assert message is not None
        told.append(message)
        if not message.buttons or message.buttons[0].title != "Xem tiếp":
            return told
        assert len(told) < 10, "a list ends"
        offset = int(re.search(r'"offset": (\d+)', message.buttons[0].meaning)[1])  # type: ignore[index]


def check(message: Message, day: date) -> None:
    assert len(message.text) <= LONGEST_TEXT and clean(message.text) == message.text
    assert len(message.buttons) <= MOST_BUTTONS
    assert all(0 < len(button.title) <= LONGEST_BUTTON for button in message.buttons)
    assert not _DISTRICT.search(message.text), message.text
    if message.kind == "procedure_choices":
        assert 2 <= len(message.fields["options"]) <= 4
        return
    last = message.text.split("\n")[-1]
    assert last.startswith("Nguồn: "), "every answer says where it comes from"
    assert re.search(r"(?:cập nhật \d\d/\d{4}|kiểm tra \d\d/\d\d/\d{4})", last), "and how old it is"
    assert any(line.startswith("Dạ, ") for line in message.text.split("\n")[:3])
    if day > date(2027, 2, 28):
        assert "hết 28/02/2027" not in message.text, "a waiver that is over is not told"
    if day < date(2026, 8, 15):
        assert "hết 28/02/2027" not in message.text, "nor one that has not begun"


def test_there_are_enough_of_them() -> None:
    assert len(RECORDS) >= 150


@pytest.mark.parametrize("code", RECORDS)
def test_twelve_aspects_on_every_day(loaded: Session, code: str) -> None:
    for day in DAYS:
        with clock.frozen(f"{day}T12:00:00+07:00"):
            known = find(loaded, code)
            assert known is not None and known.is_described
            for aspect in ASPECTS:
                assert known.has(aspect), f"{code} {aspect} on {day}"
                cases = [option.id for option in known.open_cases(aspect) if not option.procedure]
                for case in [None, *cases, *([UNSURE] if cases else [])]:
                    for message in whole(loaded, code, aspect, case):
                        check(message, date.fromisoformat(day))


@pytest.mark.parametrize("code", [code for code, record in RECORDS.items() if record.columns.get("cases")])
def test_every_case_leads_to_an_answer(loaded: Session, code: str) -> None:
    known = find(loaded, code)
    assert known is not None
    asked = [aspect for aspect in ASPECTS if known.open_cases(aspect)]
    others = [option.procedure for option in known.open_cases(asked[0]) if option.procedure] if asked else []
    assert asked, "a question that changes no answer is not asked"
    for aspect in asked:
        texts = {
            answers.explain(loaded, code, aspect, case=option.id).text  # type: ignore[union-attr]
            for option in known.open_cases(aspect)
            if not option.procedure
        }
        assert len(texts) + len(others) >= 2, "the cases differ"
    assert all(find(loaded, other) is not None for other in others)
