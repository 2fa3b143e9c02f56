"""The editors' check: the shipped content passes it, and each mistake is found with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.content_files import ContentError, read_yaml
from bot.editing import lint, voice

GOOD = """\
# a comment
- code: "1.001193"
  name: Đăng ký khai sinh
  proxy: ask
  in_person: Không ai phải đến tận nơi.
  mistakes: [Thiếu giấy chứng sinh, Tên con ghi khác nhau]
  legal_basis: [123/2015/NĐ-CP]
  source: {title: Cổng DVCQG}
  as_of: "2026-07"
  checked_by: Nhóm nội dung
  checked_at: "2026-11-27"
  review_by: "2027-05-31"
  facts:
"""
ASPECTS = "overview documents fee duration place steps online forms result eligibility".split()
FACTS = "".join(f"    {aspect}: {{text: 'Dạ, có.'}}\n" for aspect in ASPECTS)


def found(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "civil.yml").write_text(text, encoding="utf-8")
    return [str(problem) for problem in lint.lint(tmp_path) if problem.file == "civil.yml"]


def test_the_shipped_content_has_no_mistake() -> None:
    assert [str(problem) for problem in lint.lint() if problem.is_error] == []


def test_a_record_that_fits(tmp_path: Path) -> None:
    assert found(tmp_path, GOOD + FACTS) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    fee: {text: 'Dạ, có.'}", "    fee: {text: 'Dạ, có.', status: sure}", "dòng 16: 1.001193, fee: status"),
        ("    fee: {text: 'Dạ, có.'}\n", "", "dòng 2: 1.001193: chưa có khía cạnh fee"),
        ("    fee: {text: 'Dạ, có.'}", "    price: {text: 'Dạ, có.'}", "dòng 16: 1.001193: không có khía cạnh 'price'"),
        ("    fee: {text: 'Dạ, có.'}", "    fee: {text: 'Có.'}", "dòng 16: 1.001193, fee: câu trả lời bắt đầu bằng"),
        (
            "    fee: {text: 'Dạ, có.'}",
            "    fee: {text: 'Dạ, nộp ở UBND huyện.'}",
            "dòng 16: 1.001193, fee: “UBND huyện”",
        ),
        ("as_of: ", "asof: ", "dòng 2: 1.001193: không có mục asof"),
        ("  proxy: ask", "  proxy: maybe", "dòng 2: 1.001193: proxy chỉ nhận"),
        ("mistakes: [Thiếu giấy chứng sinh, Tên con ghi khác nhau]", "mistakes: [một]", "mistakes cần 2–4"),
        ("  in_person: Không ai phải đến tận nơi.\n", "", "thiếu in_person"),
        ("Đăng ký khai sinh", "Đăng ký " + "khai sinh " * 10, "tên dài quá"),
        ("  proxy: ask", "  proxy: ask\n  joined: ['9.999999']", "mã 9.999999 không có"),
        ('checked_at: "2026-11-27"', 'checked_at: "27/11/2026"', "không phải ngày"),
        ("# a comment", "# a comment\n  - [", "không đọc được"),
        ("  proxy: ask", "  proxy: ask\n  proxy: ask", "'proxy' có hai lần"),
    ],
)
def test_each_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = GOOD + FACTS
    assert old in text
    problems = found(tmp_path, text.replace(old, new, 1))
    assert any(said in problem for problem in problems), problems


def test_free_of_charge_needs_a_law(tmp_path: Path) -> None:
    free = (GOOD + FACTS).replace("    fee: {text: 'Dạ, có.'}", "    fee: {text: 'Dạ, việc này miễn phí.'}")
    assert found(tmp_path, free) == []  # the record names its law
    assert any("miễn phí" in problem for problem in found(tmp_path, free.replace("[123/2015/NĐ-CP]", "[]")))


def test_two_records_of_one_code_are_both_named(tmp_path: Path) -> None:
    problems = found(tmp_path, GOOD + FACTS + (GOOD + FACTS).removeprefix("# a comment\n"))
    assert any("1.001193: đã có ở civil.yml, dòng 2" in problem for problem in problems)


def test_a_long_sentence_is_advice_and_no_error() -> None:
    assert list(voice.advice("Dạ, " + "chữ " * 30)) and not list(voice.faults("Dạ, " + "chữ " * 30))


@pytest.mark.parametrize("text", ["Từ 01/7/2025 không còn cấp huyện.", "trước đây là UBND huyện, nay là UBND xã"])
def test_the_old_level_may_be_named_as_gone(text: str) -> None:
    assert [fault for fault in voice.faults(text) if "không còn cấp huyện." in text] == []


def test_a_file_that_is_no_text_says_so(tmp_path: Path) -> None:
    (tmp_path / "odd.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ContentError, match=r"odd\.yml, dòng 1: không đọc được"):
        read_yaml(tmp_path / "odd.yml")


def test_the_commands_speak(monkeypatch: pytest.MonkeyPatch) -> None:
    run = CliRunner()
    said = run.invoke(cli.app, ["content", "check", "--on", "2027-02-01"])
    assert said.exit_code == 0
    assert "01/03/2027  Luật Hộ tịch 03/2026/QH16" in said.output and "hết hiệu lực trong 60 ngày tới" in said.output
    assert run.invoke(cli.app, ["content", "check", "--on", "mai"]).exit_code == 1
    assert "03/09/2027" in run.invoke(cli.app, ["content", "holidays", "2027"]).output
    monkeypatch.setattr("bot.editing.lint.lint", lambda: [lint.Problem("a.yml", 3, "sai")])
    failed = run.invoke(cli.app, ["content", "lint"])
    assert failed.exit_code == 1 and "a.yml, dòng 3: sai" in failed.output
