"""Reading what people tell of problems: marks as far as they are typed, denials, questions, what belongs together."""

from __future__ import annotations

import pytest

from bot.accounts import problem_matching, problem_words, problems
from bot.accounts.problem_reading import read


def found(text: str) -> frozenset[str]:
    return read(text).found


@pytest.mark.parametrize(
    ("text", "name", "is_there"),
    [
        ("cho mượn vneid", "muon", True),
        ("cho muon vneid", "muon", True),
        ("tôi muốn làm vneid", "muon", False),
        ("không thấy vneid của tôi", "ho", False),  # "thấy" is no "thay"
        ("máy cũ tôi bán rồi", "ban_may", True),
        ("bạn tôi có máy cũ", "ban_may", False),
        ("thẻ sắp hết hạn", "can_cuoc", True),
        ("thế là hết hạn", "can_cuoc", False),
        ("khoá tài khoản", "khoa", True),  # wherever the tone is written
        ("mả otp", "otp", True),  # hỏi for ngã
        ("tôi là người K'Ho", "khong", False),
    ],
)
def test_marks_count_as_far_as_they_are_typed(text: str, name: str, is_there: bool) -> None:
    assert (name in found(text)) is is_there


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("không tài nào nhớ nổi mật khẩu", "quen"),
        ("mật khẩu nhớ hoài không ra", "quen"),
        ("mật khẩu tôi có nhớ đâu", "quen"),
        ("k vào đc vneid", "khong_vao"),
        ("vào vneid mãi mà không được", "khong_vao"),
        ("không đăng nhập lại được", "khong_vao"),
        ("tin nhắn chưa thấy gửi về", "khong_ve"),
        ("không nhận được mã", "khong_ve"),
        ("quét thẻ hoài hổng nhận", "khong_doc"),
        ("chưa kích hoạt", "chua_kich_hoat"),
        ("kích hoạt hoài không được", "khong_kich_hoat_duoc"),
        ("không thể kích hoạt", "khong_kich_hoat_duoc"),
        ("không có điện thoại", "khong_dien_thoai"),
        ("không đứng tên tôi", "khong_chinh_chu"),
        ("máy cũ chưa bán", "giu"),
        ("máy cũ không còn giữ", "mat_hu"),
    ],
)
def test_what_is_denied_means_something_else(text: str, name: str) -> None:
    assert name in found(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("vào được không", "khong_vao"),
        ("kích hoạt được không ạ", "khong_kich_hoat_duoc"),
        ("mức 2 duyệt chưa em", "khong_duyet"),
        ("thẻ hết hạn thì có bị khóa không", "khoa"),
        ("có điện thoại không", "khong_dien_thoai"),
        ("không sao, tôi vào được rồi", "khong_vao"),
    ],
)
def test_what_is_only_asked_has_not_happened(text: str, name: str) -> None:
    assert name not in found(text)


def test_a_question_is_noted() -> None:
    assert problem_words.ASKS in found("nhờ người khác làm được không")
    assert problem_words.ASKS not in found("nhờ người khác làm hoài không được")


def test_things_are_found_inside_longer_entries() -> None:
    assert {"doi_may", "dien_thoai"} <= found("đổi điện thoại")
    assert {"quen", "mat_khau"} <= found("quên mật khẩu") and "mat_hu" not in found("quên mật khẩu")


def test_near_means_near() -> None:
    sign = problem_matching.sign("mat_hu+may_cu")
    near = "máy cũ của tôi bị mất"
    far = f"máy cũ của tôi {'rất ' * 12}, hôm qua tôi bị mất"
    assert sign.holds(read(near)) and not sign.holds(read(far))


def test_a_hint_counts_only_where_a_problem_is_spoken_of() -> None:
    assert problems.told("tôi đổi số điện thoại rồi, bưu tá gọi số mới nha") is None
    assert problems.told("thẻ căn cước hết hạn làm lại ở đâu") is None  # a procedure
    told = problems.told("thẻ căn cước hết hạn, vneid nhắc hoài")
    assert told is not None and told.id == "card_expired"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("sim đứng tên chồng", "sim_not_own"),
        ("bà ngoại xài điện thoại cục gạch", "no_phone"),
        ("trừ tiền rồi mà hồ sơ vẫn báo chưa thanh toán", "payment_not_shown"),
        ("quên mật khẩu", "forgot_password"),
    ],
)
def test_some_signs_need_no_account_beside_them(text: str, problem: str) -> None:
    told = problems.told(text)
    assert told is not None and told.id == problem


def test_only_who_names_the_account_is_guessed_about() -> None:
    assert problems.likely("vneid nfc sao") is not None
    assert problems.likely("nfc sao") is None


def test_one_line_stands_for_several_entries() -> None:
    table = problem_words.read_table(
        {"short": {}, "about": [], "things": [], "light": [], "weak": [], "strong": [], "denied": {},
         "words": {"a": ["nhập|gõ cái| sai|quá_nhiều!"]}}
    )  # fmt: skip
    assert set(table.entries) == {
        f"{verb}{thing} {end}" for verb in ("nhap", "go") for thing in ("", " cai") for end in ("sai", "qua nhieu")
    }
    assert all(entry.exact for entries in table.entries.values() for entry in entries)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"words": {"a": [1]}}, "is no text"),
        ({"words": {"a": ["Mất"]}}, "small letters"),
        ({"words": {"a": ["a b c d e f g h"]}}, "no short text"),
        ({"about": ["gone"]}, "no words called gone"),
        ({"denied": {"gone": "b"}}, "no words called gone"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(change: dict[str, object], said: str) -> None:
    raw: dict[str, object] = {
        "short": {},
        "about": [],
        "things": [],
        "light": [],
        "weak": [],
        "strong": [],
        "denied": {},
        "words": {},
    }
    with pytest.raises(problem_words.WordsError, match=said):
        problem_words.read_table({**raw, **change})


def test_a_long_message_costs_little() -> None:
    assert read("không biết " * 2_000).found
