"""Cases: one question, and every way to answer it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.importing import Report
from bot.procedures import answers, cases, catalogue
from bot.procedures.known import find
from bot.procedures.records import ProcedureRecord, write

CASES: dict[str, Any] = {
    "question": "Dạ, bé sinh được bao lâu rồi ạ?",
    "options": [
        {"id": "on_time", "title": "Chưa quá 60 ngày", "words": ["moi sinh", "chua qua 60 ngay"]},
        {"id": "late", "title": "Quá 60 ngày", "words": ["qua 60 ngay", "tre han"]},
        {"id": "foreign", "title": "Cha hoặc mẹ nước ngoài", "words": ["nguoi nuoc ngoai"], "procedure": "2.000002"},
    ],
}


@pytest.fixture
def birth(session: Session) -> Session:
    def fact(aspect: str, text: str, case: str | None = None, **more: Any) -> dict[str, Any]:
        return {"aspect": aspect, "case_id": case, "body": {"text": text, "items": []}, **more}

    record = ProcedureRecord(
        code="1.000001",
        origin="content",
        fingerprint="x",
        columns={"name": "Đăng ký khai sinh", "as_of": "2026-07", "cases": CASES},
        facts=(
            fact("overview", "Dạ, khai sinh."),
            fact("fee", "Dạ, đúng hạn không mất tiền.", "on_time"),
            fact("fee", "Dạ, quá hạn do tỉnh quyết định.", "late", valid_to=date(2027, 2, 28)),
            fact("fee", "Dạ, quá hạn theo luật mới.", "late", valid_from=date(2027, 3, 1)),
        ),
    )
    write(session, [record], Report())
    session.flush()
    catalogue.forget()
    return session


def explain(session: Session, aspect: str, case: str | None = None) -> Any:
    with clock.frozen("2026-11-27T09:00:00+07:00"):
        return answers.explain(session, "1.000001", aspect, case=case)


def test_the_question_is_asked_only_where_the_answer_differs(birth: Session) -> None:
    assert explain(birth, "overview").kind == "procedure"
    asked = explain(birth, "fee")
    assert asked.kind == "procedure_choices"
    assert asked.text.split("\n") == [
        "Đăng ký khai sinh", CASES["question"], "1. Chưa quá 60 ngày", "2. Quá 60 ngày", "3. Cha hoặc mẹ nước ngoài",
    ]  # fmt: skip
    assert [button.title for button in asked.buttons][-1] == "Chưa rõ"
    assert asked.buttons[1].meaning == '/ask_procedure_fee{"procedure": "1.000001", "case": "late"}'
    assert asked.buttons[2].meaning == '/ask_procedure_fee{"procedure": "2.000002"}'


def test_a_chosen_case_is_answered_and_named(birth: Session) -> None:
    said = explain(birth, "fee", "late")
    assert said.kind == "procedure" and said.fields["case"] == "late"
    assert said.text.startswith("Đăng ký khai sinh (quá 60 ngày)\nDạ, quá hạn do tỉnh quyết định.")


def test_a_case_switches_on_its_day_too(birth: Session) -> None:
    with clock.frozen("2027-03-01T00:00:00+07:00"):
        said = answers.explain(birth, "1.000001", "fee", case="late")
    assert said is not None and "theo luật mới" in said.text


def test_whoever_is_not_sure_hears_every_case(birth: Session) -> None:
    said = explain(birth, "fee", cases.UNSURE)
    assert "- Chưa quá 60 ngày: đúng hạn không mất tiền." in said.text
    assert "- Quá 60 ngày: quá hạn do tỉnh quyết định." in said.text
    assert "thủ tục khác" in said.text and said.kind == "procedure"
    assert said.buttons[-1].meaning == "/talk_to_human"


def test_an_unknown_case_is_asked_about(birth: Session) -> None:
    assert explain(birth, "fee", "nonsense").kind == "procedure_choices"


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("bé mới sinh hôm qua", "on_time"),
        ("tre han roi em oi", "late"),
        ("Quá 60 ngày", "late"),
        ("chồng em là người nước ngoài", "foreign"),
        ("lệ phí bao nhiêu", None),
        ("", None),
    ],
)
def test_own_words_choose(birth: Session, text: str, option: str | None) -> None:
    known = find(birth, "1.000001")
    assert known is not None
    said = cases.said(known.procedure.cases, text)
    assert (said and said.id) == option


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"options": CASES["options"][:1]}, "từ 2 đến 4"),
        ({"question": "Bé bao nhiêu ngày?"}, "Dạ"),
        ({"options": [{"id": "a", "title": "A"}, {"id": "a", "title": "B"}]}, "trùng id"),
        ({"options": [{"id": "unsure", "title": "A"}, {"id": "b", "title": "B"}]}, "đổi id"),
        ({"options": [{"id": "a", "title": "A" * 50}, {"id": "b", "title": "B"}]}, "rút title"),
        ({"options": [{"id": "a"}, {"id": "b", "title": "B"}]}, "id, title"),
        ({"more": 1}, "question và options"),
    ],
)
def test_cases_that_do_not_fit_are_refused(change: dict[str, Any], told: str) -> None:
    with pytest.raises(cases.CaseError, match=told):
        cases.checked_cases(CASES | change)
