"""Communes in free text: as people write them, and not where they only look like one."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.places.content import communes, full_name
from bot.places.gazetteer import Match, best, candidates, find


def names(match: Match) -> list[str]:
    return [full_name(code) for code in match.codes]


@pytest.mark.parametrize(
    ("text", "span", "name"),
    [
        ("em ở xã Di Linh ạ", "xã Di Linh", "xã Di Linh"),
        ("ubnd xa duc trong o dau", "xa duc trong", "xã Đức Trọng"),
        ("phường 4 Đà Lạt giờ là phường gì", "phường 4 Đà Lạt", "phường Xuân Hương - Đà Lạt"),
        ("nhà ở p9 đà lạt", "p9 đà lạt", "phường Lâm Viên - Đà Lạt"),
        ("P.1 Bảo Lộc", "P.1 Bảo Lộc", "phường 1 Bảo Lộc"),
        ("phường số 10 Đà Lạt", "phường số 10 Đà Lạt", "phường Xuân Hương - Đà Lạt"),
        ("TT. Đắk Mil", "TT. Đắk Mil", "xã Đức Lập"),
        ("x. Quảng Tín", "x. Quảng Tín", "xã Quảng Tín"),
        ("phuong blao", "phuong blao", "phường B'Lao"),
        ("phường B’Lao", "phường B’Lao", "phường B'Lao"),
        ("d ran", "d ran", "xã D'Ran"),
        ("N'Thôn Hạ", "N'Thôn Hạ", "xã Tân Hội"),
        ("xa N‘Thol Hạ", "xa N‘Thol Hạ", "xã Tân Hội"),
        ("đăk wil", "đăk wil", "xã Đắk Wil"),
        ("phú thuỷ", "phú thuỷ", "phường Phú Thủy"),
        ("xã Hoà Ninh", "xã Hoà Ninh", "xã Hòa Ninh"),
        ("xã Đam Rông 2", "xã Đam Rông 2", "xã Đam Rông 2"),
        ("đặc khu phú quí", "đặc khu phú quí", "đặc khu Phú Quý"),
        ("mađagui", "mađagui", "xã Đạ Huoai"),
        ("xã Triệu Hải", "xã Triệu Hải", "xã Đạ Tẻh 2"),
        ("phường Bình Thuận", "phường Bình Thuận", "phường Bình Thuận"),
        ("phường la gi", "phường la gi", "phường La Gi"),
        ("PHƯỜNG MŨI NÉ", "PHƯỜNG MŨI NÉ", "phường Mũi Né"),
        ("liên nghĩa", "liên nghĩa", "xã Đức Trọng"),
        ("lien hiep duc trong", "lien hiep", "xã Hiệp Thạnh"),
    ],
)
def test_one_commune(text: str, span: str, name: str) -> None:
    match = best(text)[0]
    assert (match.text, names(match)) == (span, [name])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Phường 1", {"phường Xuân Hương - Đà Lạt", "phường 1 Bảo Lộc"}),
        ("Phường 2", {"phường Xuân Hương - Đà Lạt", "phường 2 Bảo Lộc"}),
        ("Tân Hà", {"xã Tân Hà Lâm Hà", "xã Hàm Tân", "xã Trà Tân"}),
        ("xã Tân Thành", {"xã Tân Hội", "xã Tân Thành", "xã Krông Nô"}),
        ("xa tan thanh", {"xã Tân Hội", "xã Tân Thành", "xã Krông Nô", "xã Phúc Thọ Lâm Hà"}),
        ("xã Tân Thanh", {"xã Phúc Thọ Lâm Hà"}),
        ("Bình Thạnh", {"xã Đinh Văn Lâm Hà", "xã Liên Hương"}),
        ("Bình Tân", {"phường La Gi", "xã Sông Lũy"}),
        ("Tân Nghĩa", {"xã Bảo Thuận", "xã Hàm Tân"}),
        ("thị trấn Lạc Dương", {"phường Lang Biang - Đà Lạt"}),
        ("xã Lạc Dương", {"xã Lạc Dương"}),
        ("thị trấn Đắk Mil", {"xã Đức Lập"}),
        ("xã Đắk Mil", {"xã Đắk Mil"}),
        ("xã Hoài Đức", {"xã Tân Hà Lâm Hà", "xã Hoài Đức"}),
        ("xã Hoài Đức cũ", {"xã Tân Hà Lâm Hà"}),
        ("xã Hoài Đức mới", {"xã Hoài Đức"}),
        ("xã Hòa Thắng", {"xã Hòa Thắng", "xã Hồng Thái"}),
        ("xã Phong Phú", {"xã Phan Rí Cửa", "xã Tuy Phong"}),
        ("huyện Cát Tiên", {"xã Cát Tiên", "xã Cát Tiên 2", "xã Cát Tiên 3"}),
        ("xã Cát Tiên", {"xã Cát Tiên"}),
    ],
)
def test_ambiguous_names(text: str, expected: set[str]) -> None:
    assert set(names(best(text)[0])) == expected


def test_a_bare_district_name_may_mean_all_its_communes_and_the_one_of_today_comes_first() -> None:
    match = best("Di Linh")[0]
    assert len(match.codes) == 7
    assert names(match)[0] == "xã Di Linh"
    assert not match.old and not match.district


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tân Hà bên Đức Linh", "xã Trà Tân"),
        ("xã Tân Thành, huyện Krông Nô", "xã Krông Nô"),
        ("xã Bình Thạnh ở Tuy Phong", "xã Liên Hương"),
        ("Phường 1, TP. Bảo Lộc", "phường 1 Bảo Lộc"),
        ("phường 2 thành phố đà lạt", "phường Xuân Hương - Đà Lạt"),
    ],
)
def test_a_district_in_the_text_explains_the_name(text: str, name: str) -> None:
    assert [names(match) for match in best(text)] == [[name]]


def test_old_is_said_of_names_that_are_gone() -> None:
    assert best("phường 4 Đà Lạt")[0].old
    assert not best("phường Mũi Né")[0].old
    assert best("TP Đà Lạt")[0].district


@pytest.mark.parametrize(
    "text",
    [
        "thủ tục này là gì",
        "phuong tien thanh toan la gi",
        "nop tien thanh toan o dau",
        "da lay ket qua chua",
        "em dong tien roi",
        "cán bộ bảo làm lại",
        "bao lam lai ho so",
        "nguoi nhan co duoc khong",
        "nam dong bao hiem",
        "Nguyễn Đức Minh",
        "ong Dinh Van Hung",
        "đường Lê Hồng Phong",
        "tỉnh Bình Thuận",
        "quê ở Quảng Ngãi",
        "đoàn kết",
        "phường 13",
        "hội liên hiệp phụ nữ",
        "anh 4x6",
        "x4tp",
        "h di lam",
        "bà già bảy mươi",
        "",
    ],
)
def test_common_words_are_no_communes(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(("text", "count"), [("la gi", 3), ("bao lam", 6), ("phu quy", 1), ("lam ha", 6)])
def test_everyday_words_count_when_we_asked_for_the_commune(text: str, count: int) -> None:
    assert find(text) == []
    assert len(candidates(text)) == count


def test_when_asked_a_longer_sentence_is_read_with_the_usual_care() -> None:
    assert candidates("the phuong tien thanh toan nay la gi") == ()


def test_every_full_name_finds_its_commune() -> None:
    for code, commune in communes().items():
        for text in (commune.full_name, f"tôi ở {commune.full_name.upper()}, hẻm 3"):
            assert code in best(text)[0].codes, text


def test_every_old_name_with_its_district_finds_its_communes() -> None:
    for code, commune in communes().items():
        for former in commune.former:
            text = f"{former.kind} {former.name}, {former.district}"
            assert code in best(text)[0].codes, text


def test_offsets_of_decomposed_text_count_what_was_sent() -> None:
    text = unicodedata.normalize("NFD", "nhà em ở xã Đạ Tẻh 3, thôn 2")
    match = find(text)[0]
    assert unicodedata.normalize("NFC", text[match.start : match.end]) == "xã Đạ Tẻh 3"


WORDS = [
    "xã",
    "p",
    "phường",
    "1",
    "2",
    "Đà Lạt",
    "la gi",
    "B'Lao",
    "huyện",
    "tan ha",
    "đức linh",
    "cũ",
    ",",
    "TT.",
    "ở",
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join)))
def test_matches_slice_the_text_in_order_without_overlap(text: str) -> None:
    end = 0
    for match in find(text):
        assert text[match.start : match.end] == match.text
        assert end <= match.start < match.end
        assert match.codes and set(match.codes) <= communes().keys()
        assert len(set(match.codes)) == len(match.codes)
        end = match.end


def test_a_message_four_times_as_long_costs_no_more_than_its_length() -> None:
    """Reading places grows with the text and not with its square: a ratio, for no machine is quiet."""

    def seconds(repeats: int) -> float:
        times = []
        for _ in range(3):
            start = time.perf_counter()
            best("di linh tan ha " * repeats)
            times.append(time.perf_counter() - start)
        return min(times)

    assert seconds(264) < 8 * seconds(66)
