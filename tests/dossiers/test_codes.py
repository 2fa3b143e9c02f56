"""Codes: every vector of the domain facts, free text as people write it, and the look-alikes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import clock
from bot.dossiers import codes
from bot.dossiers.codes import LookAlike


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.frozen("2026-11-22T09:00:00+07:00"):
        yield


ACCEPTED = {
    "000.00.12.H62-201105-0004": "000.00.12.H62-201105-0004",
    "000.00.01.H36-240510-0001": "000.00.01.H36-240510-0001",
    "H36.12-240510-0001": "H36.12-240510-0001",
    "H15.50.05.13-261008-0975": "H15.50.05.13-261008-0975",
    "G22.99-251225-020175": "G22.99-251225-020175",
    "G22.99.08-260921-896048": "G22.99.08-260921-896048",
    "H36.50-260415-100001": "H36.50-260415-100001",
    " h36.12 – 240510 – 0001 ": "H36.12-240510-0001",
    "H36.12-240510-0001.": "H36.12-240510-0001",
}
REJECTED = {
    "G22.99.3-241219795252": LookAlike.PAYMENT,
    "1.012796.H36": LookAlike.PROCEDURE,
    "2.000206": LookAlike.PROCEDURE,
    "H36.12-241332-0001": LookAlike.BAD_DATE,
    "H36.12-270101-0001": LookAlike.BAD_DATE,
    "H36.12-170101-0001": LookAlike.BAD_DATE,
    "H36-24-0001": LookAlike.INCOMPLETE,
    "EB125966888VN": LookAlike.POSTAL,
    "0912345678": LookAlike.PHONE,
    "068099001234": LookAlike.IDENTITY,
    "MC-1234567": LookAlike.BOOKING,
    "mc 123 4567": LookAlike.BOOKING,
}


@pytest.mark.parametrize(("text", "code"), ACCEPTED.items())
def test_accepts(text: str, code: str) -> None:
    assert codes.normalise(text) == code
    assert [found.code for found in codes.find(text)] == [code]
    assert codes.look_alike(text) is None


@pytest.mark.parametrize(("text", "kind"), REJECTED.items())
def test_rejects_and_names_the_look_alike(text: str, kind: LookAlike) -> None:
    assert codes.normalise(text) is None
    assert codes.find(text) == []
    assert codes.look_alike(text) is kind
    assert codes.look_alike(f"Dạ mã của em là {text} đó anh") is kind


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hs H36.12-240510-0001, 4 số cuối 1234", "H36.12-240510-0001"),
        ("tra giùm em h36.12 240510 0001 với", "H36.12-240510-0001"),
        ("H36 . 12 - 240510 - 0001 tới đâu rồi", "H36.12-240510-0001"),
        ("h36 chấm 12 gạch 240510 gạch ngang 0001", "H36.12-240510-0001"),
        ("mã:H36.12\u2013240510\u22120001?", "H36.12-240510-0001"),
        ("Ｈ３６.12-240510-0001", "H36.12-240510-0001"),
        ("ngày 12 tháng 5 tôi nộp H36-240510-0001", "H36-240510-0001"),
        ("hsH36.12-240510-0001", "H36.12-240510-0001"),
        ("cô đọc: h36 12 240510 0001", "H36.12-240510-0001"),
        ("h15 chấm 50 chấm 05 chấm 13 gạch 261008 gạch 0001", "H15.50.05.13-261008-0001"),
        ("H36.12.240510.0001", "H36.12-240510-0001"),
        ("h36.12/240510/0001", "H36.12-240510-0001"),
    ],
)
def test_finds_codes_in_speech(text: str, code: str) -> None:
    found = codes.find(text)
    assert [item.code for item in found] == [code]
    assert text[found[0].start : found[0].end].strip()[0] in "HhＨ"
    assert text[found[0].end - 4 : found[0].end] == "0001"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("H36252410150012", "H36.25-241015-0012"),
        ("xem giùm h15500513261008097 5", None),
        ("ma ho so h361524100600123 toi dau roi", "H36.15-241006-00123"),
        ("hsH362411200001", "H36-241120-0001"),
        ("H1550-261008-0975", "H15.50-261008-0975"),
        ("h3612 261008 0975", "H36.12-261008-0975"),
        ("G22993241219795252", None),  # a payment without its sign
        ("a123456789012", None),
    ],
)
def test_a_code_without_its_signs(text: str, code: str | None) -> None:
    found = codes.find(text)
    assert [item.code for item in found] == ([code] if code else [])
    if code:
        assert not any(char.isdigit() for char in codes.without_codes(text))
        assert codes.look_alike(text) is None


def test_a_code_glued_to_the_words_around_it_and_full_of_hidden_characters() -> None:
    text = unicodedata.normalize("NFD", "mã") + "H36.12\u2010240510\u200b-00\ufeff01ạ nha"
    (found,) = codes.find(text)
    assert found.code == "H36.12-240510-0001"
    assert text[found.start : found.end] == "H36.12\u2010240510\u200b-00\ufeff01"


def test_finds_two_codes_with_their_places() -> None:
    text = "coi giúp tôi 2 bộ H36.19-261102-0057 và H36.19-261102-0058"
    found = codes.find(text)
    assert [text[item.start : item.end] for item in found] == ["H36.19-261102-0057", "H36.19-261102-0058"]


@pytest.mark.parametrize(
    "text", ["", "hồ sơ của tôi tới đâu rồi", "ngày 24/11/2026 lúc 8 giờ", "4 số cuối 1234", "H36", "👍"]
)
def test_plain_talk_holds_no_code(text: str) -> None:
    assert codes.find(text) == []
    assert codes.look_alike(text) is None


def test_a_longer_number_is_not_cut_to_a_code() -> None:
    assert codes.find("H36.12-240510-000112345") == []
    assert codes.find("XH36.12-240510-0001") == []


def test_today_is_possible_and_tomorrow_is_not() -> None:
    assert codes.normalise("H36.12-261122-0001")
    assert codes.normalise("H36.12-261123-0001") is None
    assert codes.normalise("h36.12-261123-0001", future=True) == "H36.12-261123-0001"
    assert codes.normalise("h36.12-261323-0001", future=True) is None


def test_codes_are_blanked_before_other_digits_are_read() -> None:
    assert codes.without_codes("H36.12-240510-0001 số cuối 1234").split() == ["số", "cuối", "1234"]
    assert "0001" not in codes.without_codes("H36.12-241332-0001")


@given(st.text(max_size=200))
def test_never_fails_and_offsets_hold(text: str) -> None:
    with clock.frozen("2026-11-22T09:00:00+07:00"):
        assert len(codes.without_codes(text)) == len(text)
        codes.look_alike(text)
        for found in codes.find(text):
            assert codes.normalise(found.code) == found.code
            assert 0 <= found.start < found.end <= len(text)


def test_a_code_longer_than_any_system_has_is_none() -> None:
    long = "000.000.000.000.H36.000.000.000.000-261101-00000001"
    assert codes.find(long) == [] and codes.normalise(long) is None
