"""The shipped list of communes agrees with NQ 1671: counts, spellings, every old unit has its target."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from bot.places.contacts import contacts
from bot.places.content import communes, full_name
from bot.places.names import district_key, index


def test_124_communes_of_three_kinds() -> None:
    kinds = Counter(commune.kind for commune in communes().values())
    assert kinds == {"xã": 103, "phường": 20, "đặc khu": 1}


def test_329_old_units_of_which_two_are_split() -> None:
    targets: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for commune in communes().values():
        for former in commune.former:
            targets[former.name, former.kind, former.district].add(commune.name)
    assert len(targets) == 329
    split = {key[0]: names for key, names in targets.items() if len(names) > 1}
    assert split == {"Hòa Thắng": {"Hòa Thắng", "Hồng Thái"}, "Phong Phú": {"Phan Rí Cửa", "Tuy Phong"}}


@pytest.mark.parametrize(
    "name", ["phường Phú Thủy", "phường B'Lao", "xã D'Ran", "xã Đam Rông 2", "xã Hàm Liêm", "đặc khu Phú Quý"]
)
def test_spelling(name: str) -> None:
    assert name in {commune.full_name for commune in communes().values()}


def test_names_stand_without_their_unit_word() -> None:
    for commune in communes().values():
        for name in [commune.name, *(former.name for former in commune.former)]:
            assert not name.lower().startswith(("xã ", "phường ", "thị trấn ", "đặc khu ")), name


def test_only_the_island_is_remote() -> None:
    assert [commune.name for commune in communes().values() if commune.remote] == ["Phú Quý"]


@pytest.mark.parametrize(
    ("district", "count"),
    [
        ("Phan Thiết", 7),
        ("Đạ Huoai", 9),
        ("Hàm Thuận Bắc", 8),
        ("Bắc Bình", 7),
        ("Di Linh", 7),
        ("Đức Trọng", 7),
        ("Hàm Thuận Nam", 6),
        ("Tuy Phong", 4),
        ("Tánh Linh", 5),
        ("Krông Nô", 5),
        ("Đơn Dương", 4),
        ("Đức Linh", 4),
        ("Hàm Tân", 4),
        ("Đắk Mil", 4),
        ("Đắk Song", 4),
        ("La Gi", 3),
        ("Lạc Dương", 3),
        ("Cư Jút", 3),
        ("Tuy Đức", 3),
        ("Đà Lạt", 5),
        ("Bảo Lộc", 4),
        ("Gia Nghĩa", 3),
        ("Cát Tiên", 3),
        ("Đạ Tẻh", 3),
        ("Phú Quý", 1),
    ],
)
def test_former_districts_have_as_many_communes_as_the_list_says(district: str, count: int) -> None:
    readings = [reading for reading in index()[district_key(district)].readings if reading.is_district]
    assert [len(reading.codes) for reading in readings] == [count]


def test_unknown_code_has_no_name() -> None:
    with pytest.raises(KeyError):
        full_name("99999")


def test_unchecked_lines_say_so() -> None:
    assert all("chưa kiểm chứng" in contact.say() for contact in contacts().values() if not contact.verified)
    assert "1900 0368" in contacts()["vneid"].say()
