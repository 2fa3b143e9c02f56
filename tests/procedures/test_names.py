"""Official names in sentence case: no procedure shouts at anybody."""

from __future__ import annotations

import pytest

from bot.procedures.content import catalogue
from bot.procedures.importer import ProcedureImporter
from bot.procedures.names import sentence_case
from bot.settings import CONTENT


@pytest.mark.parametrize(
    ("official", "read"),
    [
        ("CẤP GIẤY PHÉP NUÔI CÁ (CẤP XÃ)", "Cấp giấy phép nuôi cá (cấp xã)"),
        ("LỄ HỘI TẠI VIỆT NAM DO UBND TỈNH CẤP", "Lễ hội tại Việt Nam do UBND tỉnh cấp"),
        ("THEO NGHỊ ĐỊNH SỐ 95/2023/NĐ-CP", "Theo Nghị định số 95/2023/NĐ-CP"),
        ("MỞ QUỸ TỪ THIỆN. (Cấp Huyện)", "Mở quỹ từ thiện. (cấp huyện)"),
        ("Cấp phép của UBND tỉnh theo CITES", "Cấp phép của UBND tỉnh theo CITES"),
        ("", ""),
    ],
)
def test_capitals_are_for_beginnings_and_names(official: str, read: str) -> None:
    assert sentence_case(official) == read


def test_no_shipped_name_shouts() -> None:
    names = [record.columns["name"] for record in catalogue(CONTENT / "procedures" / "catalogue.jsonl")]
    assert [name for name in names if sum(map(str.isupper, name)) > len(name) / 2] == []


def test_an_imported_name_does_not_shout() -> None:
    assert ProcedureImporter().check({"code": "9.999999", "name": "NUÔI VOỌC BẠC"}).columns["name"] == "Nuôi voọc bạc"
