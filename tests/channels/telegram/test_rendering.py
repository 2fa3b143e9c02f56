"""What a message of ours becomes on Telegram."""

from __future__ import annotations

import pytest

from bot.channels.splitting import utf16
from bot.channels.telegram.limits import LONGEST_CAPTION, LONGEST_TEXT
from bot.channels.telegram.rendering import ASK_BELOW, CHOOSE, Choice, File, Part, Picture, Text, render
from bot.conversation.outbox.delivery import Refused

from .conftest import line

IMAGE = {"url": "https://motcua.example/huong-dan/a/1.png?v=2", "alt": "Nút “Đăng nhập” ở góc phải."}
FILES = [{"url": "https://motcua.example/thu-tuc/1.0/giay-to.pdf?case=a", "title": "Bản in (PDF)"}]


def titles(parts: list[Part]) -> list[list[str]]:
    last = parts[-1]
    assert isinstance(last, Text)
    return [[choice.title for choice in row] for row in last.rows]


def test_a_text_is_one_part() -> None:
    assert render(line("Dạ, xong rồi ạ.")) == [Text("Dạ, xong rồi ạ.")]


def test_the_same_line_gives_the_same_parts() -> None:
    said = line("Câu này dài. " * 700, "Tiếp", image=IMAGE, files=FILES)
    assert render(said) == render(said)


def test_a_long_text_comes_in_parts_and_the_buttons_under_the_last() -> None:
    parts = render(line("Câu này có 🙂 và chữ ằ. " * 400, "Tiếp"))
    assert len(parts) > 2
    texts = [part for part in parts if isinstance(part, Text)]
    assert all(utf16(part.text) <= LONGEST_TEXT for part in texts)
    assert all(part.text.endswith(".") for part in texts)
    assert [bool(part.rows) for part in texts] == [False] * (len(texts) - 1) + [True]


def test_short_buttons_share_a_row_long_ones_do_not() -> None:
    short = ("Tiếp", "Quay lại", "Gặp nhân viên")
    assert titles(render(line("x", *short))) == [["Tiếp", "Quay lại"], ["Gặp nhân viên"]]
    long = "Đăng ký khai sinh cho con có yếu tố nước ngoài"
    assert titles(render(line("x", "Tiếp", long))) == [["Tiếp"], [long]]
    assert render(line("x", "Tiếp"))[0] == Text("x", ((Choice("Tiếp", "btn:7.3.0"),),))


def test_pictures_and_files_come_before_the_text_that_has_the_buttons() -> None:
    parts = render(line("Bước 1", "Tiếp", image=IMAGE, files=FILES))
    assert parts == [
        Picture(IMAGE["url"], IMAGE["alt"]),
        File(FILES[0]["url"], "giay-to.pdf", "Bản in (PDF)"),
        Text("Bước 1", ((Choice("Tiếp", "btn:7.3.0"),),)),
    ]


def test_a_caption_is_cut_to_what_telegram_shows() -> None:
    (part, _) = render(line("x", image={**IMAGE, "alt": "Câu dài. " * 300}))
    assert isinstance(part, Picture)
    assert 0 < utf16(part.caption) <= LONGEST_CAPTION


def test_a_request_has_its_keyboard_under_the_text() -> None:
    assert render(line("Anh/chị cho em số điện thoại ạ?", request="contact")) == [
        Text("Anh/chị cho em số điện thoại ạ?", ask="contact")
    ]


def test_a_request_beside_buttons_gets_a_message_of_its_own() -> None:
    parts = render(line("Ở đâu ạ?", "Thôi", request="location"))
    assert parts == [
        Text("Ở đâu ạ?", ((Choice("Thôi", "btn:7.3.0"),),)),
        Text(ASK_BELOW["location"], ask="location"),
    ]


def test_a_request_that_is_not_known_is_a_plain_text() -> None:
    assert render(line("x", request="passport")) == [Text("x")]


def test_buttons_or_a_request_without_a_text_get_one() -> None:
    assert [part.text for part in render(line("", "Có")) if isinstance(part, Text)] == [CHOOSE]
    assert render(line(" ", request="contact")) == [Text(ASK_BELOW["contact"], ask="contact")]
    assert render(line("", image=IMAGE)) == [Picture(IMAGE["url"], IMAGE["alt"])]
    assert render(line("")) == []


@pytest.mark.parametrize(("payload", "fits"), [("x" * 64, True), ("x" * 65, False), ("ằ" * 32, False), ("", False)])
def test_a_payload_of_more_than_64_bytes_is_refused(payload: str, fits: bool) -> None:
    said = line("x")
    said.buttons.append({"title": "Có", "payload": payload})
    if fits:
        render(said)
    else:
        with pytest.raises(Refused, match="button"):
            render(said)
