"""A guide file is checked when it is read; each fault is told with file, line, step, field and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.accounts import guides
from tests.accounts.guides.samples import GOOD, write


def test_a_guide_that_fits(tmp_path: Path) -> None:
    guide = guides.load(write(tmp_path))
    first, second = guide.steps
    assert (guide.goal, guide.minutes, guide.bring, guide.starts) == ("sample", 5, ("Thẻ căn cước",), ("lam thu",))
    assert first.do == ("Mở ứng dụng", "Bấm “Tiếp”") and first.warn and first.problem == "no_otp"
    kinds = [(item.kind, item.text, item.press, item.filled, item.on) for item in first.screen.items]
    assert kinds[1:4] == [
        ("field", "Số định danh", False, True, False),
        ("button", "Tiếp", True, False, False),
        ("check", "Tôi đã hiểu", False, False, True),  # YAML reads `on` as true
    ]
    assert second.screen.items[0].entries == ("Một", "Hai") and second.screen.app == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("goal: sample", "goal: other", "dòng 2: mục goal: phải giống tên tệp: sample"),
        ("title: làm thử", "title:", "dòng 3: mục title: thiếu, hoặc không phải chữ"),
        ("intro: Một câu mở đầu.\n", "", "dòng 2: mục intro: thiếu"),
        ("done: Dạ, vậy là xong.", "done: [a]", "dòng 5: mục done: thiếu, hoặc không phải chữ"),
        ("minutes: 5", "minutes: lâu", "dòng 6: mục minutes: phải là số phút"),
        ("minutes: 5", "minutes: true", "dòng 6: mục minutes: phải là số phút"),
        ("bring: [Thẻ căn cước]\n", "", "mục bring: thiếu; ghi những thứ cần có"),
        ("bring: [Thẻ căn cước]", "bring: Thẻ", "dòng 7: mục bring: phải là danh sách"),
        ("starts: [lam thu]", "starts: [1]", "dòng 8: mục starts: phải là danh sách"),
        ("related: []", "relatd: []", "dòng 9: mục relatd: không có mục này; các mục dùng được: goal"),
        ("- id: first", "- id: First!", "dòng 11: bước 1 (First!), mục id: “First!”: chỉ dùng chữ thường"),
        ("- id: second", "- id: first", "dòng 34: bước 2 (first), mục id: first đã có ở bước trước"),
        ("    title: Bước đầu\n", "", "dòng 11: bước 1 (first), mục title: thiếu"),
        ("    see: Thấy chữ.", "    see: 5", "dòng 37: bước 2 (second), mục see: thiếu, hoặc không phải chữ"),
        ("    if_not: Mở lại ứng dụng.", "    if_no: x", "dòng 17: bước 1 (first), mục if_no: không có mục này"),
        ("    do: [Xem lại]", "    do: []", "dòng 36: bước 2 (second), mục do: thiếu hoặc trống"),
        ("    do: [Xem lại]", "    do: Xem lại", "dòng 36: bước 2 (second), mục do: phải là danh sách"),
        (
            "    tag: A",
            "    tag: Z",
            "dòng 21: bước 1 (first), mục tag: “Z” không dùng được; chọn một trong: A, B, C, X",
        ),
        (
            '    as_of: "2026"',
            "    as_of: 2026",
            "bước 2 (second), mục as_of: thiếu, hoặc không phải chữ; ghi một câu (số",
        ),
        ("warn: true", "warn: có", "dòng 19: bước 1 (first), mục warn: chỉ nhận true hoặc false"),
        ("problem: no_otp", "problem: No OTP", "dòng 18: bước 1 (first), mục problem:"),
        ("starts: [buoc dau]", "starts: buoc dau", "dòng 20: bước 1 (first), mục starts:"),
        ("      kind: phone", "      kind: watch", "dòng 24: bước 1 (first), screen, mục kind: “watch”"),
        ("      alt: Một quầy.\n", "", "bước 2 (second), screen, mục alt: thiếu"),
        ("      title: Tiêu đề", "      colour: red", "dòng 26: bước 1 (first), screen, mục colour: không có mục này"),
        ("{text: Chữ}", "{text: Chữ, picture: x}", "dòng 28: bước 1 (first), screen, dòng hình 1, mục picture:"),
        ("{text: Chữ}", "{words: Chữ}", "bước 1 (first), screen, dòng hình 1: cần đúng một trong: text, field"),
        ("{text: Chữ}", "{text: Chữ, link: x}", "cần đúng một trong"),
        ("{text: Chữ}", "{text: Chữ, filled: true}", "mục filled: không có mục này"),
        ("{text: Chữ}", "Chữ", "screen, dòng hình 1: phải là các dòng “tên: nội dung”"),
        ("{button: Tiếp, press: true}", "{button: Tiếp, press: 1}", "mục press: chỉ nhận true hoặc false"),
        ("{button: Tiếp, press: true}", "{button: true}", "dòng hình 3, mục button: thiếu, hoặc không phải chữ"),
        ("SMS: mã OTP …", "SMS: mã OTP 123456", "mục message: không ghi mã hay số thật"),
        ("{list: [Một, Hai]}", "{list: []}", "dòng hình 1, mục list: thiếu hoặc trống"),
        ("        - {text: Chữ}\n", "        - {text: Chữ}\n" * 4, "mục items: phải có từ 1 đến 7 dòng"),
        ("# a comment", "- a", "không đọc được"),
        ("goal: sample\n", "goal: sample\ngoal: sample\n", "mục 'goal' có hai lần"),
    ],
)
def test_each_fault_is_told_with_its_line_and_what_to_do(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(guides.GuideError) as raised:
        guides.load(write(tmp_path, GOOD.replace(old, new, 1)))
    assert str(raised.value).startswith("sample.yml, dòng ") and said in str(raised.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n- b", "phải là các dòng"),
        ("a: [", "không đọc được"),
        ("just text", "phải là các dòng"),
        (GOOD[: GOOD.index("  - id: first")], "mục steps: thiếu hoặc trống"),
        (GOOD[: GOOD.index("  - id: first")] + "  - x\n", "bước 1: phải là các dòng"),
        (GOOD[: GOOD.index("    screen:\n      kind: place")], "bước 2 (second), mục screen: thiếu"),
    ],
)
def test_a_file_that_is_no_guide(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(guides.GuideError, match=re.escape(said)):
        guides.load(write(tmp_path, text))


def test_a_guide_offers_only_guides_that_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, GOOD.replace("related: []", "related: [gone, sample, other]"))
    write(tmp_path, GOOD.replace("goal: sample", "goal: other"), "other")
    found = guides.read(tmp_path)
    monkeypatch.setattr(guides, "guides", lambda: found)
    assert [guide.goal for guide in guides.related(found["sample"])] == ["other"]


def test_the_version_changes_with_what_is_read_and_only_then(tmp_path: Path) -> None:
    def version(text: str) -> str:
        return guides.load(write(tmp_path, text)).version

    first = version(GOOD)
    assert re.fullmatch(r"[0-9a-f]{12}", first)
    assert version("# another comment\n" + GOOD.replace("starts: [lam thu]", "starts: [thu lam]")) == first
    assert version(GOOD.replace("starts: [buoc dau]", "starts: [dau]")) == first
    for old, new in (("Thấy chữ.", "Thấy dấu."), ("kind: phone", "kind: computer"), ("minutes: 5", "minutes: 6")):
        assert version(GOOD.replace(old, new)) != first


def test_a_step_is_found_by_its_name(tmp_path: Path) -> None:
    guide = guides.load(write(tmp_path))
    assert [guide.find(name) for name in ("first", "second", "gone", None)] == [1, 2, None, None]
