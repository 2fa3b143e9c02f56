"""The other provinces: a bare answer, and where something is to go in a sentence."""

from __future__ import annotations

import pytest
import yaml

from bot.places import provinces
from bot.places.content import communes
from bot.settings import CONTENT
from bot.text import fold

HCM = "Thành phố Hồ Chí Minh"


def test_there_are_thirty_three_others() -> None:
    listed = yaml.safe_load((CONTENT / "provinces.yml").read_text(encoding="utf-8"))["provinces"]
    assert len(listed) == 33
    names = [fold(name) for of_one in listed.values() for name in of_one]
    assert not {"lam dong", "dak nong", "binh thuan"}.intersection(names)
    assert provinces.named("Tỉnh Đồng Nai") == "Tỉnh Đồng Nai"
    for province in listed:
        assert provinces.named(province) == province


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("Sài Gòn", HCM),
        ("sai gon a", HCM),
        ("gửi về saigon", HCM),
        ("tp. Hồ Chí Minh", HCM),
        ("ở bình dương nha", HCM),
        ("dạ em đang ở Đồng Nai", "Tỉnh Đồng Nai"),
        ("BMT", "Tỉnh Đắk Lắk"),
        ("Di Linh", None),
        ("đà lạt", None),
        ("12 hà nội", None),
        ("", None),
    ],
)
def test_a_bare_answer(text: str, province: str | None) -> None:
    assert provinces.named(text) == province


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("gửi kết quả về Sài Gòn giúp em", HCM),
        ("giao ket qua ve nha o binh duong", HCM),
        ("ship zô sg nha", HCM),
        ("giao vào TP.HCM", HCM),
        ("nhà ở Hà Nội 12 trần phú", "Thành phố Hà Nội"),
        ("giao về 12 Hà Huy Tập, Đà Lạt", None),
        ("12 đường Hà Nội, phường B'Lao", None),
        ("giao về nhà ở xã Di Linh", None),
    ],
)
def test_where_a_sentence_sends_something(text: str, province: str | None) -> None:
    assert provinces.destination(text) == province


def test_one_commune_of_ours_has_the_name_of_a_province() -> None:
    taken = [commune.full_name for commune in communes().values() if provinces.named(commune.name)]
    assert taken == ["xã Tuyên Quang"]  # the gazetteer is asked first
