"""The reading-level check of guides, problems and fixed answers: what is shipped passes, each fault is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.accounts import short_forms
from bot.accounts.guides import guides
from bot.accounts.guides.printed import texts
from bot.editing import account_texts, lint
from tests.accounts.guides.samples import GOOD, write

LONG = "Câu này " + "rất " * 24 + "dài."  # 27 words


def found(folder: Path, text: str = GOOD) -> list[str]:
    write(folder, text)
    return [str(problem) for problem in account_texts.faults(folder, ())]


def test_what_is_shipped_is_read_easily() -> None:
    assert [str(problem) for problem in account_texts.faults()] == []


def test_the_editors_command_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told = lint.Problem("a.yml", 1, "sai")
    monkeypatch.setattr(account_texts, "faults", lambda: iter([told]))
    assert told in lint.lint()


def test_a_guide_that_fits(tmp_path: Path) -> None:
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Một câu mở đầu.", LONG, "sample.yml, dòng 4: intro: câu dài 27 chữ, nhiều nhất 25; tách thành hai câu"),
        ("Một câu mở đầu.", LONG.replace("rất rất", "rất; rất"), "câu dài 27 chữ"),  # a semicolon ends no sentence
        ("      - Mở ứng dụng", f"      - {LONG}", "dòng 13: first, do: câu dài"),
        ("Hiện chữ “Xong”.", LONG, "dòng 16: first, see: câu dài"),
        ("Mở lại ứng dụng.", LONG, "first, if_not: câu dài"),
        ("Màn hình có nút Tiếp.", LONG, "first, screen, alt: câu dài"),
        ("{text: Chữ}", "{text: Hỏi UBTVQH}", "first, screen, items, text: chữ viết tắt “UBTVQH” chưa được giải nghĩa"),
        ("as_of: hướng dẫn 2022", "as_of: QDD 2022", "first, as_of: chữ viết tắt “QDD”"),
        ("Mở lại ứng dụng.", "Ra UBND huyện.", "first, if_not: “UBND huyện”: từ 01/7/2025 không còn cấp huyện"),
        ("Mở lại ứng dụng.", "Gõ 123456 vào ô.", "first, if_not: không ghi dãy số dài"),
        ("done: Dạ, vậy là xong.", "done: Vậy là xong.", "dòng 5: done: bắt đầu bằng “Dạ, …”"),
        ("problem: no_otp", "problem: no_such", "dòng 18: bước first, problem: không có no_such trong problems.yml"),
        ("related: []", "related: [gone]", "dòng 9: related: không có hướng dẫn nào khác tên gone"),
        ("do: [Xem lại]", "do: [a, b, c, d, e]", "dòng 36: bước second, do: 5 dòng, nhiều nhất 4; tách thành hai bước"),
        ("      alt: Một quầy.\n", "", "mục alt: thiếu"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    problems = found(tmp_path, GOOD.replace(old, new, 1))
    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize(
    "text", ["chữ " * 24 + "chữ.", "Một. " * 60, "Gọi 1900 0368.", "Mở VNeID, gõ mã OTP.", "Theo NĐ 69/2024."]
)
def test_what_may_stand(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, GOOD.replace("Mở lại ứng dụng.", f"'{text}'")) == []


def test_other_tables_are_read_too(tmp_path: Path) -> None:
    table = tmp_path / "table.yml"
    table.write_text(f"- id: locked\n  phrases: [{'a ' * 30}]\n  fix:\n    - {LONG}\n", encoding="utf-8")
    (problem,) = account_texts.faults(tmp_path / "none", (table,))
    assert str(problem).startswith("table.yml, dòng 3: locked, fix: câu dài")
    table.write_text("- [", encoding="utf-8")
    (problem,) = account_texts.faults(tmp_path / "none", (table,))
    assert "không đọc được" in str(problem)


def test_every_abbreviation_of_a_guide_is_explained_beside_it() -> None:
    for guide in guides().values():
        used = {short for text in texts(guide) for short in short_forms.found(text)}
        assert dict(short_forms.meanings(texts(guide))).keys() == used
