"""What is done to a paper, and to whom: read in names and in people's words."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.procedures import deeds
from bot.settings import CONTENT

ROWS = yaml.safe_load((CONTENT / "deeds.yml").read_text(encoding="utf-8"))


def said(marks: int) -> set[str]:
    return {name for i, name in enumerate(ROWS) if marks >> i & 1}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Cấp lại giấy phép lái xe", {"reissue"}),
        ("Gia hạn giấy phép khai thác nước", {"renew"}),
        ("Đăng ký kết hôn có yếu tố nước ngoài", {"foreign", "begin"}),
        ("Chấm dứt hoạt động hộ kinh doanh", {"stop", "household"}),
        ("Chuyển trường đối với học sinh tiểu học", {"primary"}),
    ],
)
def test_deeds_of_a_name(name: str, expected: set[str]) -> None:
    assert expected <= said(deeds.of_name(name))


@pytest.mark.parametrize(
    ("text", "expected", "never"),
    [
        ("bị mất bằng lái xe", "reissue", "renew"),
        ("mat bang lai xe", "reissue", "renew"),
        ("giấy phép gần hết hạn rồi", "renew", "stop"),
        ("lấy chồng Hàn Quốc", "foreign", "primary"),
        ("con lên lớp 6", "lower_secondary", "primary"),
        ("dẹp tiệm tạp hóa", "stop", "reissue"),
        ("chuyển trường cấp ba", "upper_secondary", "preschool"),
    ],
)
def test_deeds_of_a_question(text: str, expected: str, never: str) -> None:
    found = said(deeds.of_question(text))
    assert expected in found
    assert never not in found


@pytest.mark.parametrize("text", ["", "😀", "ở đây", "1.001193"])
def test_what_tells_of_nothing_has_no_deed(text: str) -> None:
    assert deeds.of_question(text) == deeds.of_name(text) == 0


def test_specific_deeds_are_those_of_the_content() -> None:
    assert said(deeds.specific()) == {name for name, row in ROWS.items() if row["specific"]}


@pytest.mark.parametrize("kind", ROWS)
def test_every_phrase_of_the_content_is_found(kind: str) -> None:
    """A phrase that the normaliser rewrites would never match if it were not rewritten as well."""
    lost = [phrase for phrase in ROWS[kind]["people"] if kind not in said(deeds.of_question(f"em hỏi {phrase} ạ"))]
    lost += [phrase for phrase in ROWS[kind]["names"] if kind not in said(deeds.of_name(f"Việc {phrase} nhà"))]
    assert lost == []


@given(st.text(max_size=200))
def test_any_text_has_deeds_of_the_content_only(text: str) -> None:
    assert 0 <= deeds.of_question(text) < 1 << len(ROWS)
    assert 0 <= deeds.of_name(text) < 1 << len(ROWS)
