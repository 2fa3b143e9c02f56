"""The day sheet: what the postman must check, in a file that Excel opens, prints, and never runs."""

from __future__ import annotations

import csv
import io
import unicodedata
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy.orm import Session

from bot.pickups.models import Pickup
from bot.pickups.sheets import rounds
from bot.pickups.sheets.day_sheet import COLUMNS, Day, as_csv
from bot.pickups.sheets.stops import stop
from bot.pickups.sheets.workbook import HIGHEST, as_workbook

from ..conftest import CODE, MONDAY, OFFICE
from .conftest import Put

PAPERS = [
    {"name": "Tờ khai", "original": 1},
    {"name": "Giấy chứng sinh", "original": 1, "copy": 2},
    {"name": "Giấy kết hôn cũ", "original": 1, "give_back": True},
    {"name": "Căn cước"},
]
EVERY_MARK = "Ẵẳằặẫ Ểễệềế Ỗổộồố Ỡởợờớ Ữửựừứ Ỹỷỵỳý Đđ Ìỉịĩí"
FORMULAS = ("=1+1", "+84", "-2", "@SUM(A1)", "=HYPERLINK('http://x')", "＝1", "\t=1+1")


def day_of(session: Session, only: str | None = None) -> Day:
    found = rounds.of_day(session, OFFICE, MONDAY, only)
    return Day("Bưu cục Di Linh", MONDAY, {name: [stop(session, one) for one in ones] for name, ones in found.items()})


def read_csv(day: Day) -> list[dict[str, str]]:
    written = as_csv(day)
    assert written.startswith(b"\xef\xbb\xbf"), "without a BOM Excel shows broken letters"
    return list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline="")))


def read_book(day: Day) -> Workbook:
    return load_workbook(io.BytesIO(as_workbook(day)))


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    titles, *rows = list(sheet.iter_rows(min_row=2, values_only=True))
    return [dict(zip(titles, row, strict=True)) for row in rows]


def test_one_row_says_all_that_is_checked_at_the_door(session: Session, put: Put) -> None:
    put(proxy_name="Trần Văn Đức", papers=PAPERS, fee=25_000, payment="before", state="requested")
    (row,) = read_csv(day_of(session))
    assert row["Buổi"] == "Buổi sáng"
    assert row["Việc"] == "Lấy hồ sơ; Chờ xác nhận"
    assert (row["Họ tên"], row["Người làm thay"]) == ("Lê Thị Ngọc Bích", "Trần Văn Đức")
    assert (row["Điện thoại"], row["Địa chỉ"]) == ("0912 345 678", "12 Hùng Vương, xã Di Linh")
    assert row["Giao gì, lấy gì"] == "Lấy hồ sơ Đăng ký khai sinh"
    assert row["Giấy tờ cần đếm"] == "Tờ khai: 1 bản chính; Giấy chứng sinh: 1 bản chính, 2 bản sao; Căn cước"
    assert row["Bản chính thu lại"] == "Giấy kết hôn cũ: 1 bản chính"
    assert row["Xem giấy tờ"] == "Giấy ủy quyền; Căn cước hoặc hộ chiếu của người làm thay"
    assert (row["Cước (đ)"], row["Lệ phí (đ)"]) == ("25000", "Hỏi cơ quan giải quyết")
    assert row["Trả cước"] == "Trả trước"
    assert row["Giờ"] == row["Chữ ký"] == row["Ghi chú"] == "", "these are written by hand"


@pytest.mark.parametrize(
    ("due", "payment_state", "told"),
    [
        (50_000, "unpaid", 50_000),
        (50_000, None, 50_000),
        (50_000, "paid", "Đã nộp"),
        (50_000, "waived", "Được miễn"),
        (50_000, "pending", "Hỏi cơ quan giải quyết"),
        (None, "unpaid", "Hỏi cơ quan giải quyết"),
        (0, "unpaid", 0),
    ],
)
def test_postage_and_administrative_fee_are_never_one_sum(
    session: Session, put: Put, put_dossier: Any, due: int | None, payment_state: str | None, told: object
) -> None:
    put_dossier(amount_due=due, payment_state=payment_state)
    put(service="deliver", dossier_code=CODE, procedure_code=None, fee=25_000)
    (row,) = rows_of(read_book(day_of(session))["Buổi sáng"])
    assert (row["Cước (đ)"], row["Lệ phí (đ)"]) == (25_000, told)
    assert 75_000 not in row.values()


def test_a_delivery_and_a_collection_in_one_trip_say_both(session: Session, put: Put, put_dossier: Any) -> None:
    put_dossier(amount_due=50_000, payment_state="unpaid")
    put(service="both", dossier_code=CODE)
    (row,) = rows_of(read_book(day_of(session))["Buổi sáng"])
    lines = row["Giao gì, lấy gì"].split("\n")
    assert lines == [f"– Giao kết quả hồ sơ {CODE}, Đăng ký khai sinh", "– Lấy hồ sơ Đăng ký khai sinh"]
    assert row["Cước (đ)"] == "Bưu điện báo"
    assert row["Lệ phí (đ)"] == "Kết quả: 50.000 đ. Hồ sơ mới: hỏi cơ quan giải quyết"
    assert row["Bản chính thu lại"] == "Hỏi cơ quan khi nhận kết quả đi giao"


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_like_a_formula_stays_a_text(session: Session, put: Put, text: str) -> None:
    put(recipient_name=text, proxy_name=text, address=text, phone=text[:20], papers=[{"name": text, "give_back": True}])
    day = day_of(session)
    for row in csv.reader(io.StringIO(as_csv(day).decode("utf-8-sig"), newline="")):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "＝", "\t", "\r"))]
    for row in read_book(day)["Buổi sáng"].iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "n")
            assert not str(cell.value or "").startswith(("=", "+", "-", "@", "＝")) or cell.quotePrefix
    (row_,) = rows_of(read_book(day)["Buổi sáng"])
    assert row_["Họ tên"] == text.strip(), "and is shown as it was written"


def test_every_vietnamese_mark_arrives(session: Session, put: Put) -> None:
    for name in (EVERY_MARK, unicodedata.normalize("NFD", EVERY_MARK)):
        put(recipient_name=name, address=name)
    day = day_of(session)
    names = [row["Họ tên"] for row in read_csv(day)]
    assert names == [row["Họ tên"] for row in rows_of(read_book(day)["Buổi sáng"])]
    assert {unicodedata.normalize("NFC", name) for name in names} == {EVERY_MARK}


def test_what_no_workbook_can_hold_is_left_out(session: Session, put: Put) -> None:
    put(recipient_name="A\x01B\x0bC\x1f\ufffe", address="dòng một\r\ndòng hai\u2028ba,\u200b bốn")
    day = day_of(session)
    (row,) = read_csv(day)
    assert row["Họ tên"] == "A B C" and row["Địa chỉ"] == "dòng một dòng hai ba, bốn, xã Di Linh"
    assert rows_of(read_book(day)["Buổi sáng"])[0]["Họ tên"] == "A B C"


def test_it_is_ready_to_print(session: Session, put: Put) -> None:
    put()
    put(window="afternoon")
    put(window="afternoon")
    book = read_book(day_of(session))
    assert book.sheetnames == ["Buổi sáng", "Buổi chiều"]
    for sheet, count in zip(book, (1, 2), strict=True):
        assert sheet["A1"].value == f"{sheet.title} thứ hai 23/11/2026 · Bưu cục Di Linh · {count} điểm"
        assert [cell.value for cell in sheet[2]] == [column.title for column in COLUMNS]
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$1:$2" and sheet.freeze_panes == "B3"
        assert sheet.oddFooter.right.text == "Trang &P / &N"
        for cell in sheet[3]:
            assert cell.alignment.wrap_text and cell.font.size >= 13
        assert sheet.row_dimensions[3].height >= 54, "room for a signature"


@pytest.mark.parametrize("length", [300, 3_000])
def test_a_long_address_is_whole_and_its_row_high_enough(session: Session, put: Put, length: int) -> None:
    address = ("hẻm số bảy rẽ trái qua cầu " * 200)[:length].strip()
    put(address=address, papers=[{"name": f"Giấy số {number} {address[:200]}"} for number in range(12)])
    day = day_of(session)
    sheet = read_book(day)["Buổi sáng"]
    assert rows_of(sheet)[0]["Địa chỉ"].startswith(address)
    assert sheet.row_dimensions[3].height <= HIGHEST, "Excel calls a file with a higher row damaged"
    assert 8 <= sheet["F3"].font.size < 13
    assert read_csv(day)[0]["Địa chỉ"].startswith(address)


def test_two_hundred_stops_in_one_half_day(session: Session, put: Put) -> None:
    made: list[Pickup] = [put() for _ in range(200)]
    day = day_of(session)
    wanted = sorted(pickup.booking for pickup in made)
    sheet = read_book(day)["Buổi sáng"]
    assert [row["Số lịch"] for row in rows_of(sheet)] == wanted == [row["Số lịch"] for row in read_csv(day)]
    assert "200 điểm" in sheet["A1"].value


def test_a_day_without_a_stop_says_so(session: Session, put: Put) -> None:
    day = day_of(session)
    assert read_csv(day) == []
    for sheet in read_book(day):
        assert "0 điểm" in sheet["A1"].value and sheet["A3"].value == "Không có điểm nào."


def test_a_second_visit_and_a_letter_say_what_they_are(session: Session, put: Put, put_dossier: Any) -> None:
    put(state="failed_1", next_visit_on=MONDAY)
    assert read_csv(day_of(session))[0]["Việc"] == "Lấy hồ sơ; Lần 2, từ 23/11"
    put_dossier()
    put(zone="outside", unit_code=None, destination="Đồng Nai", service="deliver", dossier_code=CODE)
    (letter,) = read_csv(day_of(session, "outside"))
    assert letter["Buổi"] == "Ngoài tỉnh" and letter["Địa chỉ"] == "12 Hùng Vương, Đồng Nai"
