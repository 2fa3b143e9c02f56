"""Linking what people type to procedures, over the shipped catalogue."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot import clock
from bot.db.engine import Database
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


@pytest.fixture(scope="module")
def shipped(catalogue_database: Database) -> Iterator[Session]:
    """The shipped catalogue for questions that write nothing."""
    with catalogue_database.reading() as session:
        yield session


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


def add(session: Session, *procedures: tuple[str, str]) -> None:
    """Import procedures (code, name), and see to it that the next question knows them."""
    write(session, [ProcedureImporter().check({"code": code, "name": name}) for code, name in procedures], Report())
    session.flush()
    catalogue.forget()


def test_an_empty_catalogue_links_nothing(session: Session) -> None:
    catalogue.forget()
    assert search.rank(session, "làm giấy khai sinh") == []
    assert search.link(session, "làm giấy khai sinh") == search.Linked(None, ())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.001193", "1.001193"),
        ("thủ tục số 1.001193.000.00.00.H36", "1.001193"),
        ("(1.000894) cần gì", "1.000894"),
        ("khai sinh hay là 1.000894", "1.000894"),
    ],
)
def test_a_code_says_all(shipped: Session, text: str, code: str) -> None:
    best = search.link(shipped, text).best
    assert best is not None
    assert (best.code, best.score) == (code, 1.0)


@pytest.mark.parametrize("text", ["11.001193", "1.0011935", "5.1.001193"])
def test_a_part_of_a_longer_number_is_no_code(shipped: Session, text: str) -> None:
    assert search.link(shipped, text).best is None


def test_an_unknown_code_leaves_the_words(shipped: Session) -> None:
    best = search.link(shipped, "9.999999 đăng ký kết hôn").best
    assert best is not None
    assert best.code == "1.000894"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("chứng nhận độc thân để cưới", "1.004873"),
        ("bé mới chào đời làm giấy cho con", "1.001193"),
        ("tờ hôn thú", "1.000894"),
        ("người nhà mới mất phải báo tử", "1.000656"),
    ],
)
def test_other_words_than_the_name_come_within_three(shipped: Session, text: str, code: str) -> None:
    assert code in [match.code for match in search.rank(shipped, text, 3)]


@pytest.mark.parametrize("text", ["đất", "sổ đỏ", "giấy phép", "xe"])
def test_a_thing_without_a_deed_is_asked_back(shipped: Session, text: str) -> None:
    linked = search.link(shipped, text)
    assert linked.best is None
    assert search.SEVERAL <= len(linked.choices) <= search.CHOICES
    assert all(match.holds_all for match in linked.choices)


@pytest.mark.parametrize("text", ["hộ kinh doanh", "căn cước", "sổ đỏ", "bằng lái", "đất"])
def test_choices_differ_and_what_is_likely_comes_first(shipped: Session, text: str) -> None:
    choices = search.link(shipped, text).choices
    assert len({match.name for match in choices}) == len(choices) > 1
    worth = [match.score >= search.WORTH_A_BUTTON for match in choices]
    assert worth == sorted(worth, reverse=True), [(match.name, match.score) for match in choices]


def test_one_name_under_two_codes_counts_as_one(loaded: Session) -> None:
    add(loaded, ("9.999991", "Nuôi voọc bạc trong vườn"), ("9.999992", "Nuôi voọc bạc trong vườn."))
    ranked = [match for match in search.rank(loaded, "nuôi voọc bạc trong vườn") if "voọc" in match.name]
    assert [match.code for match in ranked] == ["9.999991", "9.999992"]
    assert all(match.score < search.SURE for match in ranked)
    best = search.link(loaded, "nuôi voọc bạc trong vườn").best
    assert best is not None
    assert best.code == "9.999991"
    assert search.SURE <= best.score <= 1
    assert best.score == pytest.approx(sum(match.score for match in ranked), abs=1e-3)


def test_two_names_that_fit_alike_are_asked_back(loaded: Session) -> None:
    add(loaded, ("9.999991", "Nuôi voọc bạc ven suối"), ("9.999992", "Nuôi voọc bạc ven rừng"))
    linked = search.link(loaded, "nuôi voọc bạc")
    assert linked.best is None
    assert {match.code for match in linked.choices} == {"9.999991", "9.999992"}


def test_a_word_typed_with_marks_is_preferred(loaded: Session) -> None:
    add(loaded, ("9.999991", "Nuôi voọc mào đỏ"), ("9.999992", "Nuôi voọc mảo đó"))
    bare = {match.code: match.score for match in search.rank(loaded, "nuoi vooc mao do")}
    assert bare["9.999991"] == bare["9.999992"]
    assert search.rank(loaded, "nuôi voọc mào đỏ")[0].code == "9.999991"
    assert search.rank(loaded, "nuôi voọc mảo đó")[0].code == "9.999992"


def test_no_more_are_ranked_than_asked_for(shipped: Session) -> None:
    assert [match.code for match in search.rank(shipped, "cấp giấy phép xây dựng", 3)] == [
        match.code for match in search.rank(shipped, "cấp giấy phép xây dựng")[:3]
    ]
    assert len(search.rank(shipped, "cấp giấy phép xây dựng")) == search.RANKED


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from("cấp lại đổi giấy khai sinh đất nhà xe 😀 1.001193 mất em".split()), max_size=12).map(
        " ".join
    )
)
def test_whatever_is_asked_is_answered_or_asked_back_or_not_found(shipped: Session, text: str) -> None:
    ranked = search.rank(shipped, text, 100)
    assert sum(match.score for match in ranked) <= 1 + 1e-4 * len(ranked)  # scores are rounded
    linked = search.link(shipped, text)
    assert linked.best is None or linked.choices == ()
    assert len(linked.choices) <= search.CHOICES
    assert linked.best is None or search.ONLY_ONE <= linked.best.score <= 1


@pytest.mark.parametrize(
    "piece", ["khai sinh ", "😀", "a", "ấ", "cấp lại ", "1", "\u200b", "кто ", "x\u0301", "H36.12-240510-0001 "]
)
def test_the_longest_message_raises_nothing(shipped: Session, piece: str) -> None:
    text = (piece * 4_000)[:4_000]
    assert all(0 <= match.score <= 1 for match in search.rank(shipped, text))
    assert len(search.link(shipped, text).choices) <= search.CHOICES
