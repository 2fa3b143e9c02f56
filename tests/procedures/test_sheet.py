"""The checklist to keep: asked for, offered, and one page whatever the record holds."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from bot import clock, printing
from bot.db.engine import Database
from bot.procedures import sheet
from bot.procedures.described import described
from bot.procedures.known import find

CODES = [record.code for record in described()]


@pytest.fixture(scope="module")
def loaded(catalogue_database: Database) -> Iterator[Session]:
    """The shipped catalogue."""
    with catalogue_database.reading() as session, clock.frozen("2026-11-27T09:00:00+07:00"):
        yield session


@pytest.mark.parametrize("code", CODES)
def test_every_checklist_fits_on_one_page(loaded: Session, code: str) -> None:
    known = find(loaded, code)
    assert known is not None
    for case in [None, *(option.id for option in sheet.cases_of(known))]:
        drawn = sheet.drawn(known, "png", case)
        assert drawn.startswith(b"\x89PNG") and 20_000 < len(drawn) < 600_000


def test_a_page_to_print(loaded: Session) -> None:
    known = find(loaded, "1.001193")
    assert known is not None
    drawn = sheet.drawn(known, "pdf")
    assert drawn.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", drawn)) == 1


def test_an_heir_finds_the_papers_of_heirs(loaded: Session) -> None:
    known = find(loaded, "1.013831")
    assert known is not None
    of_heirs = sheet._data(known, "heir")
    heirs = known.fact("documents", "heir")
    assert heirs is not None
    assert of_heirs["case"] == "Thừa kế" and len(of_heirs["papers"]) == len(heirs.body["items"])
    assert of_heirs["papers"] != sheet._data(known, "sale")["papers"]
    assert sheet.offered(known, "heir").fields["files"][0]["url"].endswith("giay-to.png?case=heir")


def test_it_is_offered_as_picture_and_print(loaded: Session) -> None:
    known = find(loaded, "1.001193")
    assert known is not None
    message = sheet.offered(known)
    assert message.kind == "procedure" and message.fields["aspect"] == "documents"
    assert [file["media_type"] for file in message.fields["files"]] == ["image/png", "application/pdf"]
    assert all(file["url"] in message.text for file in message.fields["files"])


def test_a_procedure_known_by_name_has_none_and_says_so(loaded: Session) -> None:
    known = find(loaded, "1.000028") or find(loaded, "1.000031")
    assert known is not None
    bare = find(loaded, "1.000031")
    assert bare is not None and not bare.is_described
    message = sheet.offered(bare)
    assert "chưa có danh sách giấy tờ" in message.text and "files" not in message.fields
    with pytest.raises(KeyError):
        sheet.drawn(bare, "png")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("gửi em bản in danh sách giấy tờ", True),
        ("cho xin file pdf", True),
        ("luu lai hinh anh giay to can mang", True),
        ("in ra giúp tôi", True),
        ("chụp ảnh giấy tờ để nộp online sao", False),
        ("nộp file pdf được không", False),
        ("ảnh thẻ mấy tấm", False),
        ("khai sinh cần giấy tờ gì", False),
    ],
)
def test_asking_for_it(text: str, wanted: bool) -> None:
    assert sheet.wanted(text) is wanted


@pytest.mark.parametrize(
    ("paper", "only_some"),
    [
        ("Trẻ bị bỏ rơi: biên bản của cơ quan có thẩm quyền", True),
        ("Cha hoặc mẹ là người nước ngoài: văn bản thỏa thuận chọn quốc tịch cho con", True),
        ("Giấy kết hôn của cha mẹ: chỉ cần khi máy không tra được", True),
        ("Giấy ủy quyền, nếu nhờ người khác nộp", True),
        ("Có nhiều thửa đất ở thì thêm tờ khai tổng hợp, bản chính", True),
        ("Hạng A1, A không phải nộp giấy khám sức khỏe", True),
        ("Tờ khai đăng ký khai sinh (có sẵn ở quầy hoặc khai trên mạng)", False),
        ("Tờ khai CT01 (nộp trên mạng thì khai điện tử)", False),
        ("Giấy chứng sinh; nếu bệnh viện đã gửi bản điện tử có ký số thì khỏi nộp giấy", False),
        ("Giấy tờ của xe: nguồn gốc, mua bán, chứng từ lệ phí trước bạ", False),
        ("Của bé: 2 ảnh toàn thân, nhìn thẳng", False),
        ("Thẻ cũ, nếu có", False),
        ("Biên bản họp gia đình (nếu có)", False),
    ],
)
def test_what_only_some_bring_has_no_box(paper: str, only_some: bool) -> None:
    assert sheet.only_some_bring(paper) is only_some


def test_exceptions_stand_apart(loaded: Session) -> None:
    known = find(loaded, "1.001193")
    assert known is not None
    data = sheet._data(known, None)
    assert set(data["only_if"]) < set(data["papers"]) and any("bỏ rơi" in paper for paper in data["only_if"])
    assert "Tờ khai đăng ký khai sinh (có sẵn ở quầy hoặc khai trên mạng)" not in data["only_if"]


def test_everything_in_print_has_one_look() -> None:
    """Letters and colours are named in one file; no template has its own."""
    for template in ("checklist.typ", "pickup_slip.typ", "guide.typ"):
        text = (printing.TEMPLATES / template).read_text(encoding="utf-8")
        assert '"look.typ"' in text and "masthead(" in text and "rgb(" not in text and "Libertinus" not in text


def test_too_much_for_one_page_is_refused() -> None:
    papers = ["một giấy tờ có cái tên khá là dài dòng và rất khó nhớ"] * 300
    data = {
        "office": "",
        "title": "",
        "case": None,
        "papers": papers,
        "parts": [],
        "qr": printing.qr_svg("x"),
        "foot": "",
    }
    with pytest.raises(printing.TooLong):
        printing.page("checklist.typ", data, "png")
