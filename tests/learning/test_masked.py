"""Nothing of a person survives the mask: planted numbers, codes, names and secrets in every way people write them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.learning.masked import ADDRESS, BOOKING, DOSSIER, PERSON, PHONE, PLACEHOLDERS, mask

PHONES = [
    "0912345678",
    "0912 345 678",
    "0912.345.678",
    "+84 912 345 678",
    "84912345678",
    "０９１２３４５６７８",
    "091-234-5678",
]
IDENTITIES = ["068091001234", "068 091 001 234", "068.091.001.234", "cmnd 250123456"]
CODES = ["H36.12-241105-0001", "H36122411050001", "h36.12 - 241105 - 0001", "MC-4638391", "mc 4638391"]
SECRETS = ["mã otp 482913", "otp la 48 29 13", "mật khẩu Abc@12345", "4 số cuối 5678", "mã bí mật 48AB91X", "cvv 482"]
WRAPS = ["{}", "sđt em {} nha", "cho em hoi ho so {} toi dau r", "({})", "số là {}, gọi giúp", "a\n{}\nb"]


@pytest.mark.parametrize("wrap", WRAPS)
@pytest.mark.parametrize("planted", PHONES + IDENTITIES + CODES)
def test_no_planted_number_survives(planted: str, wrap: str) -> None:
    masked = mask(wrap.format(planted))
    assert not re.search(r"\d(?:\D{0,2}\d){3}", masked), masked


@pytest.mark.parametrize("planted", SECRETS)
def test_no_planted_secret_survives(planted: str) -> None:
    masked = mask(f"em gửi {planted} nè")
    assert not re.search(r"\d(?:\D{0,2}\d){2}|Abc|48AB|•", masked), masked


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("tôi là Đinh Công Suối muốn làm sổ", "Suối"),
        ("Nguyễn Thị Bích Ngọc làm khai sinh", "Bích"),
        ("ten em la nguyen thi hoa a", "hoa"),
        ("họ tên: Ka Brơi", "Brơi"),
        ("cap so cho vo thi lanh", "lanh"),
        ("giấy của chu thị bưởi", "bưởi"),
        ("K'Brơi Ha hỏi đất", "Brơi"),
        ("ho so cua tran van tam", "tam"),
        ("gửi về số 12 Trần Phú nha", "Trần Phú"),
        ("nhà em 15/3 hẻm Hoa Hồng", "Hoa Hồng"),
        ("mail hoa.le@example.vn", "hoa.le"),
        ("vô https://vi-du.vn/ho-so?so=1 xem", "vi-du"),
        ("sinh ngày 12/03/1985", "1985"),
    ],
)
def test_names_addresses_and_links_are_gone(text: str, gone: str) -> None:
    assert gone not in mask(text)


def test_what_the_engine_found_is_masked_whatever_its_form() -> None:
    text = "giao cho chị tư bán cà phê ở gần cây đa"
    person, address = text.index("tư"), text.index("gần")
    masked = mask(text, [["person", person, person + 2, "crf"], ["address", address, len(text), "crf"]])
    assert masked == f"giao cho chị {PERSON} bán cà phê ở {ADDRESS}"


@pytest.mark.parametrize(
    ("text", "place"),
    [("gọi 0912345678", PHONE), ("hs H36.12-241105-0001", DOSSIER), ("lịch MC-4638391", BOOKING)],
)
def test_each_kind_has_its_placeholder(text: str, place: str) -> None:
    assert place in mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "làm giấy khai sinh cần gì",
        "Văn phòng đăng ký đất đai ở đâu",
        "thủ tục 1.001193 năm 2026",
        "lam lai so do bi mat",
        "Cho em hỏi xã Di Linh",
        "tên đường mới là gì",
        "đỗ văn bằng hai có được không",
        "ba khong biet chu thi dien giay sao",
        "đi cùng con cháu thì càng tiện",
    ],
)
def test_what_tells_of_nobody_stays(text: str) -> None:
    assert mask(text) == text


@settings(max_examples=150, deadline=None)
@given(
    before=st.text("abc đáờ ., -", max_size=12),
    phone=st.from_regex(r"0[35789][0-9]{8}", fullmatch=True),
    after=st.text("xyz ôư .,!", max_size=12),
)
def test_a_mobile_number_between_any_words_is_gone(before: str, phone: str, after: str) -> None:
    masked = mask(f"{before} {phone} {after}")
    assert phone not in re.sub(r"\D", "", masked)


def test_a_mask_can_be_masked_again() -> None:
    once = mask("tôi là Đinh Công Suối, 0912345678, hs H36.12-241105-0001, 12/03/1985")
    assert mask(once) == once
    assert all(place in once for place in (PERSON, PHONE, DOSSIER))
    assert all("[" in place for place in PLACEHOLDERS)
