"""Linking what people type to procedures, over the shipped catalogue."""

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.importing import Report
from bot.procedures import catalogue, search
from bot.procedures.content import load_procedures
from bot.procedures.importer import ProcedureImporter
from bot.procedures.records import write


@pytest.fixture
def loaded(session: Session) -> Session:
    load_procedures(session)
    session.flush()
    catalogue.forget()
    return session


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("làm giấy khai sinh cho con cần giấy tờ gì", "1.001193"),
        ("lam giay khai sinh cho con can j ah", "1.001193"),
        ("e muon xin giay doc than", "1.004873"),
        ("dang ky ket hon", "1.000894"),
        ("sang tên sổ đỏ hết bao nhiêu", "1.013831"),
        ("tach thua dat", "1.012784"),
        ("dk tạm trú cho sinh viên", "1.004194"),
        ("thủ tục 1.001193 thế nào", "1.001193"),
        ("giấy phép xây dựng nhà ở", "1.013225"),
    ],
)
def test_what_people_type_is_linked(loaded: Session, text: str, code: str) -> None:
    linked = search.link(loaded, text)
    assert linked.best is not None
    assert linked.best.code == code


@pytest.mark.parametrize("text", ["thời tiết hôm nay", "lệ phí bao nhiêu", "nộp ở đâu", "", "😀", "..."])
def test_what_names_no_procedure_is_linked_to_none(loaded: Session, text: str) -> None:
    assert search.link(loaded, text) == search.Linked(None, ())


def test_a_name_that_fits_several_gives_choices(loaded: Session) -> None:
    linked = search.link(loaded, "hộ kinh doanh")
    assert linked.best is None
    assert 2 <= len(linked.choices) <= search.CHOICES


def test_the_whole_message_says_more_than_the_name_in_it(loaded: Session) -> None:
    lost = search.link(loaded, "lm lai cccd bi mat can j z").best
    assert lost is not None and lost.name == "Cấp lại thẻ căn cước"
    married = search.link(loaded, "tôi ở Di Linh, đăng ký kết hôn nộp ở đâu vậy em").best
    assert married is not None and married.code == "1.000894"


def test_scores_fall_and_stay_between_0_and_1(loaded: Session) -> None:
    scores = [match.score for match in search.rank(loaded, "cấp lại giấy khai sinh bị mất", 10)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert sum(scores) <= 1.001


def test_an_import_is_seen_even_when_the_clock_stands_still(loaded: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "REFRESH_SECONDS", 0.0)
    with clock.frozen("2026-11-22T09:00:00+07:00"):
        assert search.link(loaded, "nuôi voọc bạc").best is None
        for name in ("Nuôi voọc bạc", "Nuôi voọc bạc tại nhà"):
            record = ProcedureImporter().check({"code": "9.999999", "name": name})
            write(loaded, [record], Report())
            best = search.link(loaded, "nuôi voọc bạc tại nhà").best
            assert best is not None
            assert best.name == name
