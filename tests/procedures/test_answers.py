"""Answers out of the catalogue: dated facts, folding, sources, honest gaps."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.importing import Report
from bot.messages import LONGEST_TEXT
from bot.procedures import answers, catalogue
from bot.procedures.models import ASPECTS
from bot.procedures.records import ProcedureRecord, write


def store(session: Session, *facts: dict[str, object], **columns: object) -> None:
    record = ProcedureRecord(
        code="1.000001",
        origin="content",
        fingerprint="x",
        columns={"name": "Đăng ký nuôi ong", "as_of": "2026-07", "legal_basis": ["01/2026/NĐ-CP"], **columns},
        facts=tuple(facts),  # type: ignore[arg-type]
    )
    write(session, [record], Report())
    session.flush()
    catalogue.forget()


def fact(aspect: str, text: str, **more: object) -> dict[str, object]:
    items = more.pop("items", [])
    return {"aspect": aspect, "body": {"text": text, "items": items}, **more}


def test_a_fee_switches_by_itself_on_its_day(session: Session) -> None:
    store(
        session,
        fact("overview", "Dạ, nuôi ong."),
        fact("fee", "Dạ, được miễn.", valid_from=date(2026, 8, 15), valid_to=date(2027, 2, 28)),
        fact("fee", "Dạ, 10.000 đồng.", valid_from=date(2027, 3, 1)),
    )
    said = {}
    for day in ("2026-08-14", "2026-08-15", "2027-02-28", "2027-03-01"):
        with clock.frozen(f"{day}T12:00:00+07:00"):
            message = answers.explain(session, "1.000001", "fee")
            assert message is not None
            said[day] = message.text
    assert "chưa có mức lệ phí" in said["2026-08-14"]
    assert "được miễn" in said["2026-08-15"] and "được miễn" in said["2027-02-28"]
    assert "10.000 đồng" in said["2027-03-01"]


def test_the_day_turns_at_midnight_in_vietnam(session: Session) -> None:
    store(session, fact("fee", "Dạ, mới.", valid_from=date(2027, 3, 1)), fact("overview", "Dạ, nuôi ong."))
    with clock.frozen("2027-02-28T17:30:00+00:00"):  # 00:30 on March 1st in Vietnam
        message = answers.explain(session, "1.000001", "fee")
    assert message is not None and "mới" in message.text


def test_a_long_list_folds_and_goes_on(session: Session) -> None:
    store(session, fact("documents", "Dạ, gồm:", items=[f"giấy {n}" for n in range(1, 24)]))
    shown: list[str] = []
    offset, rounds = 0, 0
    while True:
        message = answers.explain(session, "1.000001", "documents", offset)
        assert message is not None
        lines = [line for line in message.text.split("\n") if line.startswith("- ")]
        shown += lines
        offset += len(lines)
        rounds += 1
        more = [button for button in message.buttons if button.title == "Xem tiếp"]
        if not more:
            break
        assert f'"offset": {offset}' in more[0].meaning
    assert rounds == 3
    assert shown == [f"- giấy {n}" for n in range(1, 24)]


def test_every_answer_shows_source_basis_and_date(session: Session) -> None:
    store(session, fact("place", "Dạ, ở đâu cũng được."), source_title="Cổng DVCQG")
    message = answers.explain(session, "1.000001", "place")
    assert message is not None
    assert "Nguồn: Cổng DVCQG; căn cứ 01/2026/NĐ-CP; cập nhật 07/2026." in message.text
    assert message.custom() == {
        "kind": "procedure",
        "code": "1.000001",
        "name": "Đăng ký nuôi ong",
        "aspect": "place",
        "as_of": "2026-07",
        "legal_basis": ["01/2026/NĐ-CP"],
    }


def test_an_unverified_fact_says_so(session: Session) -> None:
    store(session, fact("duration", "Dạ, ba ngày.", status="unverified"))
    message = answers.explain(session, "1.000001", "duration")
    assert message is not None and "chưa kiểm chứng" in message.text


@pytest.mark.parametrize("aspect", ASPECTS)
def test_what_is_not_known_is_said_and_a_person_offered(session: Session, aspect: str) -> None:
    store(session, fact("overview" if aspect != "overview" else "fee", "Dạ."))
    message = answers.explain(session, "1.000001", aspect)
    assert message is not None
    assert "chưa có" in message.text
    assert any(button.meaning == "/talk_to_human" for button in message.buttons)


def test_a_procedure_known_by_name_only(session: Session) -> None:
    store(session, field="Chăn nuôi", levels=["province"], online_level="partial")
    message = answers.explain(session, "1.000001", "fee")
    assert message is not None
    assert "lĩnh vực Chăn nuôi" in message.text and "cấp tỉnh" in message.text
    assert "gặp nhân viên" in message.text


def test_an_unknown_code_has_no_answer(session: Session) -> None:
    assert answers.explain(session, "9.000000", "fee") is None


def test_what_holds_no_more_is_not_shown_and_said_to_have_ended(session: Session) -> None:
    store(session, fact("overview", "Dạ."), fact("fee", "Dạ, 5.000 đồng.", valid_to=date(2026, 6, 30)))
    with clock.frozen("2026-11-27T09:00:00+07:00"):
        message = answers.explain(session, "1.000001", "fee")
    assert message is not None and "5.000" not in message.text
    assert "hết hiệu lực ngày 30/06/2026, em chưa có quy định mới" in message.text
    assert message.buttons[-1].meaning == "/talk_to_human"


def test_an_export_that_speaks_of_districts_is_told_with_what_holds_now(session: Session) -> None:
    row = {"code": "1.000002", "origin": "import", "fingerprint": "x", "columns": {"name": "Đăng ký nuôi ong"}}
    told = fact("steps", "Dạ, các bước như sau:", items=["Nộp ở UBND cấp huyện"])
    write(session, [ProcedureRecord(**row, facts=(told,))], Report())  # type: ignore[arg-type]
    session.flush()
    catalogue.forget()
    message = answers.explain(session, "1.000002", "steps")
    assert message is not None and "từ 01/7/2025 không còn cấp này" in message.text


def test_long_items_fold_by_their_length_too(session: Session) -> None:
    store(session, fact("steps", "Dạ, gồm:", items=["bước " + "rất dài " * 45 for _ in range(8)]))
    message = answers.explain(session, "1.000001", "steps")
    assert message is not None and len(message.text) <= LONGEST_TEXT
    assert message.buttons[0].title == "Xem tiếp"
