"""Moves inside a guide, as people type them."""

from __future__ import annotations

import pytest

from bot.accounts import moves
from bot.accounts.moves import LAST


@pytest.mark.parametrize(
    ("text", "kind", "to"),
    [
        ("bước 5", "jump", 5),
        ("cho tôi xem bước số 7", "jump", 7),
        ("qua buoc thu ba di", "jump", 3),
        ("b5", "jump", 5),
        ("bc 2 nha", "jump", 2),
        ("bước sáu", "jump", 6),
        ("bước cuối", "jump", LAST),
        ("về bước đầu tiên", "jump", 1),
        ("bước một làm sao", "jump", 1),
        ("tạm dừng", "pause", None),
        ("mai làm tiếp nha em", "pause", None),
        ("thôi để mai", "pause", None),
        ("giờ bận rồi, lát làm tiếp", "pause", None),
        ("toi nay lam tiep", "pause", None),
        ("đang ở bước mấy rồi", "where", None),
        ("con may buoc nua vay", "where", None),
        ("còn nhiêu bước nữa", "where", None),
        ("sắp xong chưa", "where", None),
        ("tiếp tục hướng dẫn", "go_on", None),
        ("quay lai huong dan di", "go_on", None),
        ("tiếp tục hd", "go_on", None),
        ("mã hướng dẫn của tôi là gì", "code", None),
        ("cho xin mã làm tiếp", "code", None),
        ("tiếp", "next", None),
        ("bước sau", "next", None),
        ("xong rồi", "next", None),
        ("ok tiếp đi em", "next", None),
        ("quay lại", "back", None),
        ("lùi lại một bước", "back", None),
        ("bước trước", "back", None),
        ("nhắc lại giùm", "repeat", None),
        ("xem lại bước này", "repeat", None),
        ("chưa xong", "wait", None),
        ("khoan đã", "wait", None),
        ("chờ em chút", "wait", None),
        ("chưa thấy gì hết", "wait", None),
        ("không được", "stuck", None),
        ("bị vướng rồi", "stuck", None),
        ("k biết làm sao", "stuck", None),
        ("no bao loi", "stuck", None),
    ],
)
def test_moves(text: str, kind: str, to: int | None) -> None:
    assert moves.read(text) == moves.Move(kind, to)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hồ sơ của tôi ở bước 3 là sao",
        "đăng ký kết hôn cần giấy tờ gì",
        "không nhận được OTP",
        "bưu tá bao giờ tới",
        "vậy sau làm gì",
        "mã hồ sơ H36.12-261105-0001",
        "tôi muốn hỏi là khi đi làm ở công an xã thì có phải mang theo sổ hộ khẩu cũ hay bước 5 không",
    ],
)
def test_what_is_no_move(text: str) -> None:
    assert moves.read(text) is None


def test_going_on_is_heard_without_a_guide_under_way() -> None:
    assert moves.goes_on("em muốn tiếp tục hướng dẫn hôm trước")
    assert not moves.goes_on("tiếp") and not moves.goes_on("hướng dẫn đăng ký kết hôn")
